/** The rows of one chunk of history, in the order in which they are best merged: mappings, chats, people, messages. */
import { decodePastParticipants } from '../convert/history.ts';
import { canonicalJid, canonicalUser, STATUS_JID } from '../convert/jid.ts';
import type { RowDraft } from './staging.ts';
import type { HistoryParts } from './wire.ts';

export interface ChunkRows {
  readonly rows: readonly RowDraft[];
  readonly messages: number;
  readonly chats: number;
}

export function rowsOf(parts: HistoryParts): ChunkRows {
  const direct = parts.conversations.filter(({ chat }) => canonicalUser(chat) !== undefined);
  const people = parts.pastParticipants.flatMap((bytes) => {
    const past = decodePastParticipants(bytes);
    return past.people.map((person): RowDraft => ({ kind: 'past_participant', chat: canonicalJid(past.group), proto: person }));
  });
  const rows: RowDraft[] = [
    ...parts.mappings.map((proto): RowDraft => ({ kind: 'mapping', proto })),
    ...parts.conversations.map(({ chat, bytes }): RowDraft => ({ kind: 'conversation', chat, proto: bytes })),
    ...direct.map(({ chat, bytes }): RowDraft => ({ kind: 'conversation_contact', chat, proto: bytes })),
    ...parts.pushNames.map((proto): RowDraft => ({ kind: 'push_name', proto })),
    ...people,
    ...parts.messages.map(({ chat, bytes }): RowDraft => ({ kind: 'message', chat, proto: bytes })),
    ...parts.statuses.map((proto): RowDraft => ({ kind: 'message', chat: STATUS_JID, proto })),
  ];
  return { rows, messages: parts.messages.length + parts.statuses.length, chats: parts.conversations.length };
}
