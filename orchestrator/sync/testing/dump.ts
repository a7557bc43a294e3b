/** What a database says, without what depends on the order in which it was told: local ids, counters, the log of merges. */
import type { Database } from 'better-sqlite3';

const columnsOf = (database: Database, table: string): string[] =>
  database.prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)').all(table).map(({ name }) => name);

const canonical = (column: string): string => `coalesce((SELECT jid FROM jid_aliases WHERE alias = ${column}), ${column}) AS ${column}`;

/** Told as they were, canonical only when read. */
const readThroughAliases = new Set(['reply_to_sender', 'revoked_by']);

function select(database: Database, table: string, leftOut: readonly string[]): string {
  const columns = columnsOf(database, table).filter((name) => !leftOut.includes(name));
  return columns.map((name) => (readThroughAliases.has(name) ? canonical(name) : name)).join(', ');
}

const tables: Readonly<Record<string, readonly string[]>> = {
  messages: ['mid', 'id_ns', 'first_seen_at'],
  message_ops: ['op', 'due', 'first_seen_at'],
  chats: ['last_message_mid', 'updated_seq'],
  contacts: [],
  contact_facts: [],
  jid_map: ['source'],
  jid_aliases: [],
  chat_events: ['event'],
  groups: [],
  group_participants: [],
  history_chunks: ['merged_at'],
};

const noMids: Readonly<Record<string, readonly string[]>> = { reactions: ['mid'], poll_votes: ['mid'], receipts: ['mid'], message_edits: ['mid', 'edit_id'] };

const readWhole = (table: string, leftOut: readonly string[], database: Database): string => `SELECT ${select(database, table, leftOut)} FROM ${table}`;

/** Children name their message by what everybody knows of it. */
const readChild = (table: string, leftOut: readonly string[], database: Database): string =>
  `SELECT m.chat_jid AS chat, m.id AS message, m.is_from_me AS own, child.* FROM messages m JOIN (SELECT mid AS of_mid, ${select(database, table, leftOut)} FROM ${table}) child ON child.of_mid = m.mid`;

/** Sorted rows by table; two databases that were told the same in any order dump the same. */
export function dump(database: Database): Record<string, string[]> {
  const rows = (sql: string): string[] =>
    database
      .prepare<[], Record<string, unknown>>(sql)
      .all()
      .map(({ of_mid: _, ...row }) => JSON.stringify(row))
      .sort();
  const whole = Object.entries(tables).map(([table, leftOut]) => [table, rows(readWhole(table, leftOut, database))] as const);
  const children = Object.entries(noMids).map(([table, leftOut]) => [table, rows(readChild(table, leftOut, database))] as const);
  return Object.fromEntries([...whole, ...children]);
}
