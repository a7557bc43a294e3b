/** What every query of the read side works with: one connection, and the chats that may be seen. */
import type { Database } from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

export interface Reads {
  readonly orm: BetterSQLite3Database;
  /** Canonical JIDs of the chats that may be read; undefined: all. Every query enforces it in SQL. */
  readonly visible: ReadonlySet<string> | undefined;
}

const orms = new WeakMap<Database, BetterSQLite3Database>();

/** Reads over a connection to messages.db; cheap, so it is made for each call with the policy of that moment. */
export function readsOf(database: Database, visible: ReadonlySet<string> | undefined): Reads {
  const orm = orms.get(database) ?? drizzle({ client: database });
  orms.set(database, orm);
  return { orm, visible };
}

/** `column IN (…)` with one parameter whatever the length of the list. */
export function oneOf(column: SQLWrapper, values: Iterable<string | number>): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify([...values])}))`;
}

/** Keeps a query to the chats that may be seen; undefined where all may. */
export function onlyVisible(reads: Reads, chat: SQLWrapper): SQL | undefined {
  return reads.visible && oneOf(chat, reads.visible);
}

export function canSee(reads: Reads, chat: string): boolean {
  return reads.visible === undefined || reads.visible.has(chat);
}
