import { DOUBLE_BYTE_TOKENS, SINGLE_BYTE_TOKENS } from '@whiskeysockets/baileys/lib/WABinary/constants.js';

/** Markers of the binary format (dictionary version 3). */
export const TAGS = {
  listEmpty: 0,
  dictionary0: 236,
  dictionary3: 239,
  interopJid: 245,
  fbJid: 246,
  adJid: 247,
  list8: 248,
  list16: 249,
  jidPair: 250,
  hex8: 251,
  binary8: 252,
  binary20: 253,
  binary32: 254,
  nibble8: 255,
} as const;

const singles: readonly (string | null)[] = SINGLE_BYTE_TOKENS;
const doubles: readonly (readonly string[])[] = DOUBLE_BYTE_TOKENS;

/** The text behind a one-byte token; undefined for an unknown index. */
export function singleToken(index: number): string | undefined {
  return singles[index] ?? undefined;
}

/** The text behind a two-byte token; undefined for an unknown one. */
export function doubleToken(dictionary: number, index: number): string | undefined {
  return doubles[dictionary]?.[index];
}

/** From text to the one or two bytes that stand for it. */
export const TOKEN_BYTES: ReadonlyMap<string, readonly number[]> = buildTokenBytes();

function buildTokenBytes(): Map<string, readonly number[]> {
  const bytes = new Map<string, readonly number[]>();
  doubles.forEach((dictionary, at) => {
    dictionary.forEach((text, index) => bytes.set(text, [TAGS.dictionary0 + at, index]));
  });
  singles.forEach((text, index) => {
    if (index > 0 && text !== null && text !== '') bytes.set(text, [index]);
  });
  return bytes;
}
