/**
 * Where a listing goes on: opaque to the model, checked when it comes back. A cursor names its listing and the
 * arguments it was made for, because with others its position means nothing.
 */
import { createHash } from 'node:crypto';
import { Failure } from '@whatsapp-mcp/contract';
import { z } from 'zod';

const VERSION = 1;

/** Position after the last row that was given: sort key first, tie-breaker last. */
export type Position = readonly (number | string)[];

const Written = z.tuple([z.literal(VERSION), z.string().max(80), z.array(z.union([z.number(), z.string().max(4000)])).min(1).max(4)]);

/** Longest cursor that is read, characters. */
export const LONGEST_CURSOR = 6000;

/** Names a listing with its arguments, for `writeCursor` and `readCursor`. Undefined and absent are the same. */
export function listing(name: string, args: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `${name}:${createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 12)}`;
}

export function writeCursor(of: string, position: Position): string {
  return Buffer.from(JSON.stringify([VERSION, of, position])).toString('base64url');
}

/**
 * Position in a cursor, with as many parts, of the same types, as `like`.
 * @throws Failure invalid_argument when it is damaged, or was made by another listing or for other arguments
 */
export function readCursor<P extends Position>(of: string, cursor: string, like: P): P {
  const written = Written.safeParse(json(cursor));
  if (!written.success) throw new Failure('invalid_argument', 'cursor: not one that this server gave. Use next_cursor of the last result as it is, or leave it out.');
  const [, listed, position] = written.data;
  if (listed !== of) throw new Failure('invalid_argument', 'cursor: it belongs to a call with other arguments. Repeat those, or leave the cursor out to start again.');
  if (position.length !== like.length || position.some((part, index) => typeof part !== typeof like[index])) {
    throw new Failure('invalid_argument', 'cursor: its position does not fit this listing. Leave it out to start again.');
  }
  return position as unknown as P;
}

function json(cursor: string): unknown {
  if (cursor.length > LONGEST_CURSOR || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
