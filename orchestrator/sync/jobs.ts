/** The history runs of one process: chats side by side, a heartbeat, an end that is written down whatever happens. */
import { Failure } from '@whatsapp-mcp/contract';
import PQueue from 'p-queue';
import { walkChat } from './chat-walk.ts';
import type { Walked, WalkParts } from './chat-walk.ts';
import type { Limits } from './paging.ts';
import { conclude, summarize } from './run-report.ts';
import type { RunReport } from './run-report.ts';
import type { RunChat, RunKind, RunState, SyncRuns } from './sync-runs.ts';

export type HistoryEvent =
  | { readonly type: 'chat'; readonly syncId: string; readonly chat: string; readonly state: RunChat['state']; readonly received: number; readonly reason?: string }
  | { readonly type: 'run'; readonly report: RunReport };

export interface Started {
  readonly syncId: string;
  /** Resolves when the run has ended, however; rejects with defects only. */
  readonly done: Promise<RunReport>;
}

export interface Job {
  readonly kind: RunKind;
  readonly limits: Limits;
  readonly chats: readonly string[];
  readonly onEvent: ((event: HistoryEvent) => void) | undefined;
}

export interface JobParts {
  readonly runs: SyncRuns;
  readonly walk: WalkParts;
  readonly hex: (bytes: number) => string;
  readonly owner: string;
  /** This process ends: runs stop where they are, to be gone on with. */
  readonly closing: AbortSignal;
}

/** A phone that was asked for many chats at once answers hardly any. */
const CHATS_IN_FLIGHT = 10;
/** So many chats without any answer, and the phone is not there at all. */
const SILENT_CHATS = 3;
const HEARTBEAT_MS = 30_000;

export class Jobs {
  readonly #parts: JobParts;
  readonly #running = new Map<string, { readonly stop: AbortController; readonly done: Promise<RunReport> }>();

  constructor(parts: JobParts) {
    this.#parts = parts;
  }

  start(job: Job): Started {
    const { runs, walk, hex } = this.#parts;
    const syncId = hex(8);
    const owner = this.#newOwner();
    runs.create({ syncId, kind: job.kind, limits: job.limits, chats: job.chats, owner, now: walk.now() });
    return this.#launch(syncId, owner, job);
  }

  resume(syncId: string, onEvent?: (event: HistoryEvent) => void): Started {
    const { runs, walk } = this.#parts;
    const run = runs.get(syncId);
    if (run === undefined) throw new Failure('not_found', `There is no run "${syncId.slice(0, 100)}" to go on with.`);
    const owner = this.#newOwner();
    if (!runs.take(syncId, owner, walk.now())) throw new Failure('locked', `This run is at work in ${run.owner}. get_sync_status shows how far it is.`);
    const limits = { until: run.until_ts ?? undefined, maxMessages: run.max_messages ?? undefined };
    const chats = runs.chats(syncId).filter(({ state }) => state !== 'complete' && state !== 'no_access' && state !== 'enough');
    return this.#launch(syncId, owner, { kind: run.kind, limits, chats: chats.map(({ chat_jid }) => chat_jid), onEvent });
  }

  stop(syncId: string): void {
    this.#running.get(syncId)?.stop.abort();
  }

  async idle(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
  }

  /** Differs for each run of each process: an owner that was replaced finds that out at its next write. */
  #newOwner(): string {
    return `${this.#parts.owner} ${this.#parts.hex(4)}`;
  }

  #launch(syncId: string, owner: string, job: Job): Started {
    const stop = new AbortController();
    const done = new JobRun(this.#parts, job, { syncId, owner, stop }).run();
    this.#running.set(syncId, { stop, done });
    const forget = (): void => void this.#running.delete(syncId);
    done.then(forget, forget);
    return { syncId, done };
  }
}

interface Handle {
  readonly syncId: string;
  readonly owner: string;
  readonly stop: AbortController;
}

class JobRun {
  readonly #parts: JobParts;
  readonly #job: Job;
  readonly #handle: Handle;
  readonly #signal: AbortSignal;
  #answered = false;
  #silent = 0;
  #failure: Failure | undefined;

  constructor(parts: JobParts, job: Job, handle: Handle) {
    this.#parts = parts;
    this.#job = job;
    this.#handle = handle;
    this.#signal = AbortSignal.any([handle.stop.signal, parts.closing]);
  }

  async run(): Promise<RunReport> {
    const { runs, walk } = this.#parts;
    const { syncId, owner, stop } = this.#handle;
    const heartbeat = setInterval(() => {
      if (!runs.beat(syncId, owner, walk.now())) stop.abort();
    }, HEARTBEAT_MS);
    try {
      await this.#walkAll();
    } catch (error) {
      runs.finish(syncId, owner, { state: 'failed', error: 'A defect ended this run; the log has the details.', now: walk.now() });
      throw error;
    } finally {
      clearInterval(heartbeat);
    }
    runs.finish(syncId, owner, { ...this.#conclusion(), now: walk.now() });
    const report = this.#report();
    this.#job.onEvent?.({ type: 'run', report });
    return report;
  }

  async #walkAll(): Promise<void> {
    const { runs, walk } = this.#parts;
    const received = new Map(runs.chats(this.#handle.syncId).map((chat) => [chat.chat_jid, chat.received]));
    const queue = new PQueue({ concurrency: CHATS_IN_FLIGHT, interval: 1_000, intervalCap: walk.timing.startsASecond });
    const walks = this.#job.chats.map((chat) => queue.add(() => this.#walk(chat, received.get(chat) ?? 0)));
    await Promise.all(walks);
  }

  async #walk(chat: string, before: number): Promise<void> {
    if (this.#signal.aborted) return;
    if (!this.#answered && this.#silent >= SILENT_CHATS) {
      this.#note({ chat_jid: chat, state: 'phone_offline', received: before }, 'The phone answers for no chat.');
      return;
    }
    try {
      const onPage = (received: number): boolean => {
        this.#answered = true;
        return this.#note({ chat_jid: chat, state: 'idle', received });
      };
      const walked = await walkChat(this.#parts.walk, { chat, limits: this.#job.limits, received: before, signal: this.#signal, onPage });
      this.#settle(chat, walked);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'cancelled') return;
      if (error.code === 'phone_offline') this.#settle(chat, { state: 'phone_offline', received: before, reason: error.message });
      else this.#fail(error);
    }
  }

  #settle(chat: string, { state, received, reason }: Walked): void {
    if (state === 'phone_offline') this.#silent += 1;
    this.#note({ chat_jid: chat, state, received }, reason);
  }

  /** No bridge can ask: going through all other chats would only say so again. */
  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#handle.stop.abort();
  }

  /** False: the run is not ours any more, so everything of it stops. */
  #note(chat: RunChat, reason?: string): boolean {
    const { runs, walk } = this.#parts;
    const { syncId, owner, stop } = this.#handle;
    const ours = runs.note({ syncId, owner, now: walk.now() }, chat);
    if (!ours) stop.abort();
    this.#job.onEvent?.({ type: 'chat', syncId, chat: chat.chat_jid, state: chat.state, received: chat.received, ...(reason !== undefined && { reason }) });
    return ours;
  }

  #conclusion(): { readonly state: RunState; readonly error: string | null } {
    if (this.#failure !== undefined) return { state: 'incomplete', error: `${this.#failure.message} resume_sync goes on from the checkpoint.` };
    if (this.#parts.closing.aborted) return { state: 'paused', error: 'The program that ran it ended. resume_sync goes on from the checkpoint.' };
    return conclude(this.#parts.runs.chats(this.#handle.syncId));
  }

  #report(): RunReport {
    const { runs } = this.#parts;
    const run = runs.get(this.#handle.syncId);
    if (run === undefined) throw new Error(`run ${this.#handle.syncId} vanished from sync_run`);
    return summarize(run, runs.chats(run.sync_id));
  }
}
