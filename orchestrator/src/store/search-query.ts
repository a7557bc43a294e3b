/** What somebody searches for, folded as the stored text is: for FTS5, for rows not indexed yet, and for snippets. */
import { tokensOf } from './fold.ts';
import { shown } from './display-text.ts';

/** Tokens that follow each other. `prefix`: the last one may go on. */
export interface Phrase {
  readonly tokens: readonly string[];
  readonly prefix: boolean;
}

const MOST_PHRASES = 24;
const MOST_TOKENS = 64;
/** One letter and a star would match half of everything. */
const SHORTEST_PREFIX = 2;

/**
 * Splits a query into phrases that must all occur: what stands between blanks (or between double quotes) is one phrase,
 * so that "e-mail" and 北京 are found as they are written. The last word may go on, unless it is quoted.
 * Empty when the query has no letter, digit or symbol. FTS5 syntax has no meaning in it.
 */
export function phrasesOf(query: string): Phrase[] {
  const chunks = [...query.matchAll(/["“„]([^"“”„]+)["”]|([^\s"“”„]+)/gu)].map((match) => ({
    text: match[1] ?? match[2] ?? '',
    quoted: match[1] !== undefined,
  }));
  const folded = chunks
    .map(({ text, quoted }) => ({ tokens: tokensOf(text).slice(0, MOST_TOKENS), quoted }))
    .filter(({ tokens }) => tokens.length > 0)
    .slice(0, MOST_PHRASES);
  return folded.map(({ tokens, quoted }, index) => {
    const last = tokens.at(-1);
    const open = index === folded.length - 1 && !quoted && last !== undefined && !last.single && last.text.length >= SHORTEST_PREFIX;
    return { tokens: tokens.map((token) => token.text), prefix: open };
  });
}

/** The FTS5 expression of phrases. Tokens hold letters, marks, digits and symbols only, so quoting them is enough. */
export function matchExpression(phrases: readonly Phrase[]): string {
  return phrases.map(({ tokens, prefix }) => `"${tokens.join(' ')}"${prefix ? ' *' : ''}`).join(' AND ');
}

/** Whether folded text holds every phrase: what FTS5 would say if it were indexed. */
export function matches(folded: string, phrases: readonly Phrase[]): boolean {
  const padded = ` ${folded} `;
  return phrases.every(({ tokens, prefix }) => padded.includes(` ${tokens.join(' ')}${prefix ? '' : ' '}`));
}

interface Piece {
  text: string;
  readonly start: number;
  end: number;
}

const SNIPPET_BEFORE = 60;
const SNIPPET_AFTER = 120;
/** A hit further inside than this shows the beginning of the text instead. */
const SNIPPET_LOOKS_AT = 20_000;

/** The surroundings of the first phrase that occurs in a text, about 180 characters; its beginning where none does. */
export function snippet(text: string, phrases: readonly Phrase[]): string {
  const looked = text.slice(0, SNIPPET_LOOKS_AT);
  const hit = firstHit(piecesOf(looked), phrases) ?? 0;
  const start = boundary(text, Math.max(0, hit - SNIPPET_BEFORE));
  const end = boundary(text, Math.min(text.length, hit + SNIPPET_AFTER));
  const middle = shown(text.slice(start, end), SNIPPET_BEFORE + SNIPPET_AFTER);
  return `${start > 0 ? '…' : ''}${middle}${end < text.length ? '…' : ''}`;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Tokens with their place in the text: folded grapheme by grapheme, because folding changes lengths. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let open: Piece | undefined;
  for (const { segment, index } of graphemes.segment(text)) {
    const end = index + segment.length;
    const tokens = tokensOf(segment);
    if (tokens.length === 0) open = undefined;
    for (const token of tokens) {
      if (!token.single && open !== undefined) {
        open.text += token.text;
        open.end = end;
        continue;
      }
      const piece = { text: token.text, start: index, end };
      pieces.push(piece);
      open = token.single ? undefined : piece;
    }
  }
  return pieces;
}

function firstHit(pieces: readonly Piece[], phrases: readonly Phrase[]): number | undefined {
  for (const phrase of phrases) {
    const found = pieces.find((_, at) => startsWith(pieces, at, phrase));
    if (found !== undefined) return found.start;
  }
  return undefined;
}

function startsWith(pieces: readonly Piece[], at: number, { tokens, prefix }: Phrase): boolean {
  return tokens.every((token, index) => {
    const text = pieces[at + index]?.text;
    return text === token || (prefix && index === tokens.length - 1 && text?.startsWith(token) === true);
  });
}

/** Moves into the text until no surrogate pair is cut. */
function boundary(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
