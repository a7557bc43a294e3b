/** What messages.db knows of a chat that decides how to ask the phone for more of it. */
import type { Database } from 'better-sqlite3';
import type { Anchor } from './paging.ts';

export interface ChatFacts {
  readonly anchor: Anchor | undefined;
  readonly endOfHistory: number | undefined;
  /** JIDs under which the phone may know the chat, likeliest first. */
  readonly forms: readonly string[];
}

/** An answer to a request, once it is in messages.db. */
export interface StoredAnswer {
  readonly messages: number;
}

export interface ChatFactReader {
  facts(chat: string): ChatFacts;
  /** Chats whose history can be asked for, the most recently used first. */
  chats(): string[];
  answer(requestId: string): StoredAnswer | undefined;
}

export function createChatFacts(database: Database): ChatFactReader {
  // The phone never answers for an anchor that a linked device sent (ids of such begin with 3EB0).
  const anchor = database.prepare<[string], { id: string; timestamp: number; is_from_me: number }>(
    `SELECT id, timestamp, is_from_me FROM messages
     WHERE chat_jid = ? AND timestamp > 0 AND timestamp_raw IS NULL AND id NOT LIKE '3EB0%' AND id_ns = '' ORDER BY timestamp, id LIMIT 1`,
  );
  const chat = database.prepare<[string, string], { jid: string; pn_jid: string | null; lid_jid: string | null; end_of_history: number | null }>(
    'SELECT jid, pn_jid, lid_jid, end_of_history FROM chats WHERE jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = ?), ?)',
  );
  const answered = database.prepare<[string], { request_jid: string | null }>('SELECT request_jid FROM sync_chat_state WHERE chat_jid = ?');
  const chats = database.prepare<[], { jid: string }>("SELECT jid FROM chats WHERE kind IN ('user', 'group') ORDER BY last_message_time DESC, jid");
  const answer = database.prepare<[string], StoredAnswer & { chunks: number }>('SELECT coalesce(sum(messages), 0) AS messages, count(*) AS chunks FROM history_chunks WHERE request_id = ?');
  return {
    facts: (jid) => {
      const row = chat.get(jid, jid);
      const canonical = row?.jid ?? jid;
      const oldest = anchor.get(canonical);
      const known = answered.get(canonical)?.request_jid;
      const forms = [known, row?.pn_jid, row?.lid_jid, canonical].filter((form) => typeof form === 'string');
      return {
        anchor: oldest && { id: oldest.id, timestamp: oldest.timestamp, from_me: oldest.is_from_me === 1 },
        endOfHistory: row?.end_of_history ?? undefined,
        forms: [...new Set(forms)],
      };
    },
    chats: () => chats.all().map(({ jid }) => jid),
    answer: (requestId) => {
      const found = answer.get(requestId);
      return found === undefined || found.chunks === 0 ? undefined : { messages: found.messages };
    },
  };
}
