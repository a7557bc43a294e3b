/**
 * Folding: the one form in which text is indexed, searched and compared by name. Two spellings that a person takes for
 * the same word fold to the same tokens, in every script.
 *
 * A token is what the tokenizer of message_fts sees (unicode61, categories L* N* M* Co So), so folded text is indexed as
 * it is: nothing is split or dropped a second time. Scripts written without spaces, and symbols, give a token for each
 * character, so that a word inside a sentence is a phrase of tokens.
 */

export interface Token {
  readonly text: string;
  /** One character of a script without spaces (or a symbol): its neighbours belong to other tokens. */
  readonly single: boolean;
}

/** Longer runs are cut: nobody searches for them, and FTS5 cuts tokens at 32,768 bytes by itself. */
const LONGEST_TOKEN = 128;

/** Characters of one text that are looked at; the rest of a longer one is not indexed. */
export const LONGEST_TEXT = 65_536;

/**
 * Marks that readers skip: Latin, Greek and Cyrillic diacritics, Hebrew points, Arabic vowels and tatweel, the Indic
 * nukta; then what is invisible: soft hyphen, zero-width and bidi controls, variation selectors, keycap, skin tones, tags.
 */
const SKIPPED = new RegExp(
  [
    String.raw`[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u093c\u20e3\ufe00-\ufe0f]`,
    String.raw`[\u0640\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]`,
    String.raw`[\u{1f3fb}-\u{1f3ff}]`,
  ].join('|'),
  'gu',
);

/** Letters that decomposition leaves alone though people type the plain ones. Arabic as in Lucene's ArabicNormalizer. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  ς: 'σ',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
};
const UNPLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

const UNSPACED = String.raw`[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&[\p{L}\p{N}\p{M}]]`;
const SINGLE = String.raw`[[\p{So}${UNSPACED}]--\p{RI}]`;
const WORD = String.raw`[[\p{L}\p{N}\p{M}\p{Co}]--${UNSPACED}]+`;
/** Two regional indicators are one flag. */
const TOKEN = new RegExp(String.raw`(?<single>\p{RI}{1,2}|${SINGLE})|${WORD}`, 'gv');

/** Tokens of a text, in order. Empty when it has no letter, digit or symbol. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of plain(text.slice(0, LONGEST_TEXT)).matchAll(TOKEN)) {
    tokens.push({ text: cut(match[0]), single: match.groups?.['single'] !== undefined });
  }
  return tokens;
}

/** The tokens of a text, separated by single spaces: what is put into the index and compared. */
export function fold(text: string): string {
  return tokensOf(text)
    .map((token) => token.text)
    .join(' ');
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(SKIPPED, '')
    .replace(UNPLAIN, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC');
}

function cut(token: string): string {
  return token.length <= LONGEST_TOKEN ? token : Array.from(token).slice(0, LONGEST_TOKEN).join('');
}
