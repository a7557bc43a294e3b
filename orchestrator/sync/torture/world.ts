/** The messages of the torture: what each source tells of message k, and how the database must end. All derived from k. */
import type { OpRecord, StagedRow } from '@whatsapp-mcp/contract';

export const START = 1_700_000_000_000;

const CHATS = 200;
const chatOf = (k: number): number => k % CHATS;
const pn = (chat: number): string => `1555${String(chat).padStart(5, '0')}@s.whatsapp.net`;
const lid = (chat: number): string => `9${String(chat).padStart(5, '0')}@lid`;

/** One in five is known by the LID only, for ever. */
const resolves = (chat: number): boolean => chat % 5 !== 4;
const idOf = (k: number): string => `K${k}`;
const textOf = (k: number): string => `message ${k}`;
const timeOf = (k: number): number => START + k * 1_000;

const isLive = (k: number): boolean => k % 3 === 0;
const isEdited = (k: number): boolean => k % 10 === 0;
const isRevoked = (k: number): boolean => k % 17 === 0;
const isReactedTo = (k: number): boolean => k % 7 === 0;
const ownMessage = (k: number): boolean => k % 4 === 1;

function message(k: number, chat: string): Partial<StagedRow> {
  return { message: { chat, id: idOf(k), from_me: ownMessage(k), timestamp: timeOf(k), kind: 'text', text: textOf(k) } };
}

const form = (chat: number, byNumber: boolean): string => (byNumber && resolves(chat) ? pn(chat) : lid(chat));

/** What the phone's history tells, in its order: forms vary, and each mapping comes when most messages have come. */
export function historyRow(k: number, total: number): Partial<StagedRow> & Pick<StagedRow, 'sync_type' | 'received_at'> {
  const base = { sync_type: 'RECENT' as const, received_at: START };
  const late = Math.floor(total * 0.6);
  if (k >= total) return { ...base, mapping: { lid: lid(k - total), pn: pn(k - total), source: 'history' } };
  const mapped = k - late;
  if (mapped >= 0 && mapped < CHATS && mapped % 2 === 0 && resolves(mapped)) return { ...base, ...message(k, form(chatOf(k), true)), contact: { jid: pn(mapped), lid: lid(mapped), full_name: `Person ${mapped}` } };
  return { ...base, ...message(k, form(chatOf(k), k % 2 === 0)) };
}

/** Rows after the messages: the mappings that did not come between them. */
export const historyRows = (total: number): number => total + CHATS;

/** What arrives in real time around message k: the message itself, and what is done to it. */
export function liveRows(k: number): (Partial<StagedRow> & Pick<StagedRow, 'sync_type' | 'received_at'>)[] {
  const base = { sync_type: 'LIVE' as const, received_at: timeOf(k) };
  const chat = chatOf(k);
  const ops: OpRecord[] = [];
  const op = (type: OpRecord['type'], more: Partial<OpRecord>): void => {
    ops.push({ type, op_id: `${type} ${k}`, chat: form(chat, k % 2 === 1), target_id: idOf(k), from_me: ownMessage(k), timestamp: timeOf(k) + 1, ...more });
  };
  if (isEdited(k)) op('edit', { text: `${textOf(k)}, edited` });
  if (isRevoked(k)) op('revoke', {});
  if (isReactedTo(k)) op('reaction', { from_me: false, actor: form(chat, k % 2 === 0), text: '👍' });
  return [...(isLive(k) ? [{ ...base, ...message(k, form(chat, k % 2 === 1)) }] : []), ...(ops.length > 0 ? [{ ...base, ops }] : [])];
}

export interface Expected {
  readonly chat_jid: string;
  readonly content: string;
  readonly is_from_me: number;
  readonly revoked: number;
  readonly reactions: number;
}

export function expected(k: number): Expected {
  return {
    chat_jid: resolves(chatOf(k)) ? pn(chatOf(k)) : lid(chatOf(k)),
    content: isEdited(k) ? `${textOf(k)}, edited` : textOf(k),
    is_from_me: Number(ownMessage(k)),
    revoked: Number(isRevoked(k)),
    reactions: Number(isReactedTo(k)),
  };
}

export const isMapping = (k: number, total: number): boolean => k >= total && !resolves(k - total);
