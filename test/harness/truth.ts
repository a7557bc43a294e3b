/** Compares messages.db with what the phone of the simulated world holds. */
import type { World } from 'wa-sim';
import type { System } from './system.ts';

/** One message as plain fields, the same from both sides. */
export interface Row {
  readonly chat: string;
  readonly id: string;
  readonly from_me: number;
  readonly sender: string | null;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly revoked: number;
  /** What was written, where the kind of message is text; of other kinds only that they are there. */
  readonly text: string | null;
}

export interface Difference {
  readonly expected: number;
  readonly found: number;
  /** Up to ten of each, as text. */
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly different: readonly string[];
}

const SHOWN = 10;

const keyOf = ({ chat, id }: Row): string => `${chat} ${id}`;

/**
 * What the phone holds, from `since` (epoch seconds) on. Lines that nobody wrote ("Ana added Ben") are events and not
 * messages.
 */
export function expectedRows(world: World, since = 0): Row[] {
  const rows: Row[] = [];
  for (const message of world.truth()) {
    if (message.kind === 'system' || isNewsletter(message.chat) || message.timestamp < since) continue;
    rows.push({
      chat: message.chat,
      id: message.id,
      from_me: message.fromMe ? 1 : 0,
      sender: message.sender,
      timestamp: message.timestamp * 1000,
      revoked: message.revoked ? 1 : 0,
      text: message.kind === 'text' && !message.revoked ? message.text : null,
    });
  }
  return rows;
}

/** Channels are not part of what a phone hands to a linked device. */
const isNewsletter = (jid: string): boolean => jid.endsWith('@newsletter');

export function storedRows(system: System): Row[] {
  return system.query<Row>(
    `SELECT chat_jid AS chat, id, is_from_me AS from_me, sender, timestamp, revoked,
       CASE WHEN kind = 'text' AND revoked = 0 THEN content END AS text
     FROM messages WHERE chat_jid NOT LIKE '%@newsletter'`,
  );
}

/** What is wrong in messages.db; empty lists where nothing is. */
export function compare(expected: readonly Row[], found: readonly Row[]): Difference {
  const wanted = new Map(expected.map((row) => [keyOf(row), row]));
  const got = new Map(found.map((row) => [keyOf(row), row]));
  const missing = expected.filter((row) => !got.has(keyOf(row)));
  const unexpected = found.filter((row) => !wanted.has(keyOf(row)));
  const different = expected.flatMap((row) => {
    const stored = got.get(keyOf(row));
    return stored === undefined || JSON.stringify(ordered(stored)) === JSON.stringify(ordered(row)) ? [] : [{ row, stored }];
  });
  return {
    expected: expected.length,
    found: found.length,
    missing: shown(missing),
    unexpected: shown(unexpected),
    different: shown(different),
  };
}

const ordered = ({ chat, id, from_me, sender, timestamp, revoked, text }: Row): unknown[] => [chat, id, from_me, sender, timestamp, revoked, text];

function shown(rows: readonly unknown[]): string[] {
  const lines = rows.slice(0, SHOWN).map((row) => JSON.stringify(row));
  return rows.length > SHOWN ? [...lines, `and ${rows.length - SHOWN} more`] : lines;
}
