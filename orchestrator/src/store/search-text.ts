/** What of a message is searched for: its text, its file's name, and the words inside polls, places and cards. */
import { fold } from './fold.ts';
import { storedJson } from './stored-json.ts';

export interface SearchableColumns {
  readonly content: string | null;
  readonly filename: string | null;
  readonly payload: string | null;
}

/** Grows when the same message would be indexed as other text: the index is then built anew. */
export const FOLD_VERSION = 1;

/** Fields of a payload (cases/canonical/README.md, Kinds) that hold words of people; the rest is numbers, ids, codes and markup. */
const WORDS = new Set(['name', 'question', 'options', 'option', 'button', 'title', 'description', 'address', 'display_name', 'text', 'body', 'footer']);

/** The folded text of a message as it stands in the index. */
export function searchText({ content, filename, payload }: SearchableColumns): string {
  return fold([content, filename, payload === null ? null : wordsOf(payload)].filter((part) => part !== null && part !== '').join('\n'));
}

function wordsOf(payload: string): string {
  return collect(storedJson(payload), true).join('\n');
}

const DEEPEST = 6;

/** Strings under fields that hold words, at any depth of lists and objects. */
function collect(value: unknown, wanted: boolean, depth = 0): string[] {
  if (typeof value === 'string') return wanted ? [value] : [];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item) => collect(item, wanted, depth + 1));
  return Object.entries(value).flatMap(([key, item]) => collect(item, WORDS.has(key), depth + 1));
}
