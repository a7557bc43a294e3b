/** Walks one chat back in time: asks the phone for a page, waits until it is in messages.db, asks for the next. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bridge, Input, Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { ExponentialBackoff } from 'cockatiel';
import type { IBackoff } from 'cockatiel';
import type { AskBridge } from './bridge-source.ts';
import type { ChatFactReader } from './chat-facts.ts';
import { judge, plan } from './paging.ts';
import type { Answer, Limits, Next, Position, WalkEnd } from './paging.ts';
import type { SyncRuns } from './sync-runs.ts';

export interface Timing {
  /** How long the phone may take for an answer, ms. */
  readonly answerMs: number;
  /** How often to look without having been told, ms: an event may be missed. */
  readonly lookMs: number;
  /** Requests for the same page before the chat is left as it is. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Chats begun in a second: a burst of requests is mostly left unanswered. */
  readonly startsASecond: number;
}

/** Phones answer within seconds when they are awake; others' programs wait a minute. */
export const usualTiming: Timing = { answerMs: 60_000, lookMs: 2_000, attempts: 4, firstPauseMs: 5_000, longestPauseMs: 60_000, startsASecond: 5 };

export interface WalkParts {
  readonly ask: AskBridge;
  readonly facts: ChatFactReader;
  readonly runs: SyncRuns;
  readonly answers: Answers;
  readonly now: () => number;
  readonly timing: Timing;
}

/** Where answers show up, whichever bridge they came through. */
export interface Answers {
  /** Resolves with true when the answer is in messages.db, with false after `ms`. Rejects when the signal aborts. */
  wait(requestId: string, ms: number, signal: AbortSignal): Promise<boolean>;
  /** What the event of the answer said, where there was one. */
  told(requestId: string): { readonly messages: number; readonly endOfHistory: number | undefined } | undefined;
}

export interface Walk {
  readonly chat: string;
  readonly limits: Limits;
  /** Messages that earlier pages of this run brought. */
  readonly received: number;
  readonly signal: AbortSignal;
  /** After each page. False: the run is no longer ours. */
  readonly onPage: (received: number) => boolean;
}

export interface Walked {
  readonly state: WalkEnd;
  readonly received: number;
  readonly reason?: string;
}

/** Throws Failure where no bridge can ask (its code says why), and `cancelled`. */
export async function walkChat(parts: WalkParts, walk: Walk): Promise<Walked> {
  const { chat, limits } = walk;
  let received = walk.received;
  let next: Next = plan(positionOf(parts, chat, received), limits);
  while (next.do === 'ask') {
    const { answer, verdict } = await askPatiently(parts, { ...walk, received }, next);
    received += answer.kind === 'page' ? answer.messages : 0;
    next = verdict;
    if (answer.kind === 'page' && !walk.onPage(received)) throw new Failure('cancelled', 'This run was cancelled, or another process went on with it.');
  }
  const state = next.do === 'stop' ? next.state : 'stalled';
  const reason = next.do === 'stop' ? next.reason : undefined;
  parts.runs.change(chat, { state: state === 'enough' ? 'idle' : state, last_error: reason ?? null, request_id: null, deadline: null, next_attempt_at: null }, parts.now());
  return { state, received, ...(reason !== undefined && { reason }) };
}

function positionOf(parts: WalkParts, chat: string, received: number): Position {
  const { anchor, endOfHistory } = parts.facts.facts(chat);
  return { anchor, endOfHistory, received };
}

interface Asked {
  readonly answer: Answer;
  /** Never `retry`. */
  readonly verdict: Next;
}

type AskStep = Extract<Next, { do: 'ask' }>;

/** Asks for one page until there is progress, or enough attempts were made. */
async function askPatiently(parts: WalkParts, walk: Walk, step: AskStep): Promise<Asked> {
  const { timing, runs, now } = parts;
  let backoff: IBackoff<unknown> = new ExponentialBackoff({ initialDelay: timing.firstPauseMs, maxDelay: timing.longestPauseMs }).next();
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askOnce(parts, walk, { ...step, attempt });
    const verdict = judge(step.anchor, answer, walk.limits);
    if (verdict.do !== 'retry') return { answer, verdict };
    if (attempt >= timing.attempts) {
      return { answer, verdict: { do: 'stop', state: answer.kind === 'silence' ? 'phone_offline' : 'stalled', reason: verdict.reason } };
    }
    runs.change(walk.chat, { attempts: attempt, next_attempt_at: Math.ceil(now() + backoff.duration), last_error: verdict.reason }, now());
    await patience(backoff.duration, walk.signal);
    backoff = backoff.next(undefined);
  }
}

async function askOnce(parts: WalkParts, { chat, received, signal }: Walk, step: AskStep & { readonly attempt: number }): Promise<Answer> {
  const { facts, runs, answers, now, timing } = parts;
  const { forms } = facts.facts(chat);
  // The phone may know a person by number or by LID: each attempt tries the other one.
  const jid = forms[(step.attempt - 1) % forms.length] ?? chat;
  const { anchor, count } = step;
  runs.change(chat, { state: 'requested', anchor, requested_at: now(), deadline: now() + timing.answerMs, attempts: step.attempt, next_attempt_at: null }, now());
  const { request_id: requestId } = await request(parts.ask, { chat: jid, anchor: { ...anchor }, count }, signal);
  runs.change(chat, { request_id: requestId }, now());
  if (!(await answers.wait(requestId, timing.answerMs, signal))) return { kind: 'silence' };
  const messages = facts.answer(requestId)?.messages ?? answers.told(requestId)?.messages ?? 0;
  const endOfHistory = answers.told(requestId)?.endOfHistory ?? facts.facts(chat).endOfHistory;
  const pages = (runs.chatCheckpoint(chat)?.pages ?? 0) + 1;
  const total = (runs.chatCheckpoint(chat)?.received ?? 0) + messages;
  runs.change(chat, { request_jid: jid, pages, received: total, end_type: endOfHistory ?? null }, now());
  const { anchor: oldest } = facts.facts(chat);
  return { kind: 'page', messages, endOfHistory, position: { anchor: oldest, received: received + messages, endOfHistory } };
}

const REQUEST_DEADLINE_MS = 20_000;
/** Baileys first: history is what it is best at. */
const order: readonly Bridge[] = ['baileys', 'whatsmeow'];

async function request(ask: AskBridge, input: Input<'history.request'>, signal: AbortSignal): Promise<Output<'history.request'>> {
  let first: unknown;
  for (const bridge of order) {
    try {
      return await ask(bridge, 'history.request', input, { signal, deadlineMs: REQUEST_DEADLINE_MS });
    } catch (error) {
      if (!(error instanceof Failure) || signal.aborted) throw error;
      first ??= error;
    }
  }
  throw first;
}

async function patience(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (signal.aborted) throw new Failure('cancelled', 'The retrieval was cancelled; its checkpoint stays.');
    throw error;
  }
}
