/** One send from the recipient as written to an answer that is true: id first, then log, then hand-off, then what the store saw. */
import { createHash } from 'node:crypto';
import { Failure, failures } from '@whatsapp-mcp/contract';
import type { Input, Output } from '@whatsapp-mcp/contract';
import { AttemptFailure } from '../../routing/attempt.ts';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { nameOf, readsFor, resolveRecipient } from '../recipient.ts';
import { chats } from '../store/schema.ts';
import { localTime } from '../store/local-time.ts';
import { eq } from 'drizzle-orm';
import { claim, settle } from './send-log.ts';
import type { LoggedSend } from './send-log.ts';

export type SendOperation = 'message.send_text' | 'message.send_media' | 'message.send_location' | 'message.send_contact' | 'message.send_poll' | 'message.forward';

/** What every send hands over besides its content. */
export interface Envelope {
  readonly to: string;
  readonly id: string;
  readonly ephemeral_seconds?: number;
}

export interface Sending<Name extends SendOperation> {
  readonly operation: Name;
  readonly recipient: string;
  readonly idempotencyKey: string | undefined;
  /** The tool's own arguments: the same key with others is a mistake of the caller. */
  readonly request: JsonObject;
  /** Makes the input; runs before anything is written down, so that a bad argument costs no key. */
  readonly content: (envelope: Envelope) => Input<Name> | Promise<Input<Name>>;
}

/** How long an unknown outcome waits for the message to show up in the store. */
const RECONCILE_MS = 8_000;

export async function send<Name extends SendOperation>(context: Context, sending: Sending<Name>): Promise<JsonObject> {
  const to = await resolveRecipient(context, sending.recipient);
  refuseUnwritable(to);
  const id = context.ids.message();
  const input = await sending.content({ to, id, ...ephemeralOf(context, to) });
  const key = sending.idempotencyKey ?? id;
  const held = claim(context.store.write, { key, requestHash: hashOf(sending.request), chat: to, messageId: id }, context.clock.now());
  if (held !== undefined) return answerAgain(context, held, sending.request);
  return handOver(context, { operation: sending.operation, input, key, to, id });
}

function refuseUnwritable(to: string): void {
  if (!to.endsWith('@broadcast')) return;
  throw new Failure('unsupported_by_backend', `${to} is a broadcast list or the status feed, to which linked devices cannot write reliably. Send to each person instead.`);
}

function ephemeralOf(context: Context, to: string): { ephemeral_seconds?: number } {
  const seconds = readsFor(context).orm.select({ seconds: chats.ephemeralSeconds }).from(chats).where(eq(chats.jid, to)).get()?.seconds ?? 0;
  return seconds > 0 ? { ephemeral_seconds: seconds } : {};
}

function hashOf(request: JsonObject): string {
  const entries = Object.entries(request).filter(([name, value]) => name !== 'idempotency_key' && value !== undefined);
  return createHash('sha256').update(JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))).digest('hex');
}

interface HandOver<Name extends SendOperation> {
  readonly operation: Name;
  readonly input: Input<Name>;
  readonly key: string;
  readonly to: string;
  readonly id: string;
}

async function handOver<Name extends SendOperation>(context: Context, { operation, input, key, to, id }: HandOver<Name>): Promise<JsonObject> {
  try {
    const sent = (await context.ask(operation, input)) as Output<'message.send_text'>;
    const answer = sentAnswer(context, { chat: to, id, timestamp: sent.timestamp, stored: sent.stored });
    settle(context.store.write, key, { outcome: 'sent', result: answer }, context.clock.now());
    return answer;
  } catch (error) {
    const bridge = error instanceof AttemptFailure ? error.bridge : undefined;
    if (!mayHaveSent(error)) {
      settle(context.store.write, key, { outcome: 'failed', bridge }, context.clock.now());
      throw error;
    }
    settle(context.store.write, key, { outcome: 'unknown', bridge }, context.clock.now());
    return reconcile(context, { key, to, id, error });
  }
}

/** A defect of ours after the hand-off leaves the outcome as open as a lost answer. */
function mayHaveSent(error: unknown): boolean {
  if (!(error instanceof Failure)) return true;
  return error.code === 'outcome_unknown' || (error instanceof AttemptFailure && error.code === 'internal' && !failures[error.code].nothingSent);
}

interface Unknown {
  readonly key: string;
  readonly to: string;
  readonly id: string;
  readonly error: unknown;
}

/** The store proves a send that nobody confirmed: bridges write their own sends down, and phones echo them. */
async function reconcile(context: Context, { key, to, id, error }: Unknown): Promise<JsonObject> {
  await context.events.until(() => storedTime(context, to, id) !== undefined, { ms: Math.min(RECONCILE_MS, context.remainingMs()), signal: context.signal });
  const timestamp = storedTime(context, to, id);
  if (timestamp === undefined) throw error;
  const answer = sentAnswer(context, { chat: to, id, timestamp, stored: true });
  settle(context.store.write, key, { outcome: 'sent', result: answer }, context.clock.now());
  return answer;
}

/** Only once the server has it: a row that still waits to be sent proves nothing. WebMessageInfo.Status 2 is SERVER_ACK. */
function storedTime(context: Context, chat: string, id: string): number | undefined {
  const sql = 'SELECT timestamp FROM messages WHERE chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat) AND id = @id AND coalesce(status, 2) >= 2';
  return context.store.read.prepare<{ chat: string; id: string }, number>(sql).pluck().get({ chat, id });
}

async function answerAgain(context: Context, held: LoggedSend, request: JsonObject): Promise<JsonObject> {
  if (held.request_hash !== hashOf(request)) {
    throw new Failure('invalid_argument', 'idempotency_key: this key stands for another send of the last 24 hours. Use a new key for a new message.');
  }
  if (held.result !== null) return { ...(JSON.parse(held.result) as JsonObject), repeated: true };
  const unknown = new Failure('outcome_unknown', `The first send with this idempotency_key has no known outcome yet; its message id is ${held.message_id}. Nothing was sent now.`);
  const answer = await reconcile(context, { key: held.key, to: held.chat_jid, id: held.message_id, error: unknown });
  return { ...answer, repeated: true };
}

interface Sent {
  readonly chat: string;
  readonly id: string;
  readonly timestamp: number;
  readonly stored: boolean;
}

function sentAnswer(context: Context, { chat, id, timestamp, stored }: Sent): JsonObject {
  return {
    success: true,
    message_id: id,
    chat_jid: chat,
    chat_name: nameOf(context, chat),
    sent_at: localTime(context.timeZone).format(timestamp),
    ...(!stored && { warning: 'It was sent, but is not in messages.db yet. Do not send it again.' }),
  };
}
