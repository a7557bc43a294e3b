import { hex32, mix, Random } from './random.ts';
import type { PersonId } from './types.ts';

/**
 * Message ids that look like those of real clients and from which the position in the chat can
 * be read back, so that a chat of 100,000 messages needs no index: eight of the digits are the
 * position, scrambled by a bijection that is keyed by the chat.
 */

/** Odd, so that it has an inverse modulo 2^32. */
const FACTOR = 0x9e3779b1;
const INVERSE = inverse32(FACTOR);

/** Out of a thousand messages, this many were written on a linked device. */
const COMPANION_PERMILLE = 60;

function inverse32(odd: number): number {
  let x = odd;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x));
  return x >>> 0;
}

/** What an id is given to; one stream for each, so that an edit never has its message's id. */
export type IdUse = 'message' | 'edit';

const useKey = { message: 0x51ed270b, edit: 0x2545f491 } as const satisfies Record<IdUse, number>;

interface Style {
  readonly prefix: string;
  /** Hexadecimal digits after the prefix. */
  readonly digits: number;
}

/** As Baileys getDevice tells them apart: Android 32 characters, iPhone 20, WhatsApp Web 22. */
const styles = {
  android: { prefix: 'AC', digits: 30 },
  ios: { prefix: '3A', digits: 18 },
  companion: { prefix: '3EB0', digits: 18 },
} as const satisfies Record<string, Style>;

function styleOf(random: Random, sender: PersonId): Style {
  if (random.chance(COMPANION_PERMILLE)) return styles.companion;
  return mix(Number(sender.slice(-9))) % 5 < 3 ? styles.android : styles.ios;
}

/** The id of message number `n` (0 = oldest) of the chat with this stream key. */
export function messageId(chatKey: number, n: number, sender: PersonId, use: IdUse = 'message'): string {
  const key = chatKey ^ useKey[use];
  const random = new Random(key, n);
  const { prefix, digits } = styleOf(random, sender);
  return prefix + hex32(Math.imul(n ^ mix(key), FACTOR)) + random.hex(digits - 8);
}

/** The number an id would have in this chat; the caller checks that the message there has this very id. */
export function positionOf(chatKey: number, id: string, use: IdUse = 'message'): number {
  const prefix = Object.values(styles).find((style) => id.startsWith(style.prefix) && id.length === style.prefix.length + style.digits)?.prefix;
  if (prefix === undefined) return -1;
  const scrambled = Number.parseInt(id.slice(prefix.length, prefix.length + 8), 16);
  return (Math.imul(scrambled, INVERSE) ^ mix(chatKey ^ useKey[use])) >>> 0;
}

/** The id of something that hangs on a message: reaction, vote. */
export function addOnId(chatKey: number, n: number, sender: PersonId, ordinal: number): string {
  const random = new Random(chatKey ^ 0x1b873593, n, ordinal);
  const { prefix, digits } = styleOf(random, sender);
  return prefix + random.hex(digits);
}
