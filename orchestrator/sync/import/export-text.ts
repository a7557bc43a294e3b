/** The text of WhatsApp's own chat export as messages, dates still as written. Pure. */
import { contentOf } from './export-content.ts';
import type { Content } from './export-content.ts';
import { headerOf, withoutMarks } from './export-stamp.ts';
import type { Form, Stamp } from './export-stamp.ts';

export interface Entry {
  /** Of the line in the file, from 1. */
  readonly line: number;
  readonly stamp: Stamp;
  readonly name: string;
  readonly content: Content;
}

export interface ParsedExport {
  /** Undefined where no line begins a message. */
  readonly form?: Form;
  readonly entries: readonly Entry[];
  /** Lines that the phone wrote about the chat: who joined, that it is encrypted, what it is called now. */
  readonly notices: number;
  /** Lines before the first message, and sentences of the phone that are not known. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly line: number;
  readonly reason: string;
}

interface Block {
  readonly line: number;
  readonly stamp: Stamp;
  readonly parts: string[];
}

const LONGEST_NAME = 100;
/** Android: what stands before the first colon is no name when it holds a quotation, as in: changed the subject to "Plan: B". */
const QUOTES = /["“”„«»「」]/u;

/** @param names which may hold colons, as given by the user. */
export function parseExport(text: string, names: readonly string[] = []): ParsedExport {
  const { form, blocks, problems } = blocksOf(text);
  if (form === undefined) return { entries: [], notices: 0, problems };
  const read = blocks.map((block) => ({ block, ...entryOf(block, form, names) }));
  const entries = read.flatMap(({ entry }) => entry ?? []);
  const authors = new Set(entries.map(({ name }) => name));
  const unknown = read.flatMap(({ block, sentence, name = '' }) =>
    // iPhones write the name of the group, or of the partner, before what they say of the chat.
    sentence === undefined || !authors.has(name) || isAboutChat(sentence) ? [] : [{ line: block.line, reason: `the phone's sentence "${sentence.slice(0, 80)}" is not known` }],
  );
  return { form, entries, notices: read.length - entries.length - unknown.length, problems: [...problems, ...unknown] };
}

/** Said under the partner's name in a direct chat: that it is encrypted, and calls. */
const ABOUT_CHAT =
  /end-to-end|ende-zu-ende|extremo a extremo|bout en bout|crittografat|ponta a ponta|uçtan uca|сквозн|تمام بين الطرفين|端到端|端對端|エンドツーエンド|종단|\b(?:call|anruf|sprachanruf|videoanruf|llamada|videollamada|appel|chiamata|videochiamata|ligação|chamada)\b|通话|通話/iu;
const isAboutChat = (sentence: string): boolean => ABOUT_CHAT.test(sentence);

function blocksOf(text: string): { readonly form?: Form; readonly blocks: Block[]; readonly problems: Problem[] } {
  const blocks: Block[] = [];
  const problems: Problem[] = [];
  let form: Form | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const clean = line.endsWith('\r') ? line.slice(0, -1) : line;
    const header = headerOf(clean, form);
    const open = blocks.at(-1);
    if (header !== undefined) {
      form = header.form;
      blocks.push({ line: index + 1, stamp: header.stamp, parts: [header.rest] });
    } else if (open !== undefined) open.parts.push(clean);
    else if (withoutMarks(clean).trim() !== '') problems.push({ line: index + 1, reason: 'it does not begin with a date and a time, and no message stands before it' });
  }
  return form === undefined ? { blocks, problems } : { form, blocks, problems };
}

/** An entry, or what the phone says under a name, or nothing for a line without a name. */
function entryOf({ line, stamp, parts }: Block, form: Form, names: readonly string[]): { entry?: Entry; sentence?: string; name?: string } {
  const author = authorOf(parts[0] ?? '', names);
  if (author === undefined) return {};
  // The newline at the end of the file is nobody's.
  const text = [author.text, ...parts.slice(1)].join('\n').replace(/\n+$/u, '');
  const content = contentOf(text, form);
  return content === undefined ? { sentence: withoutMarks(text), name: author.name } : { entry: { line, stamp, name: author.name, content } };
}

function authorOf(rest: string, names: readonly string[]): { readonly name: string; readonly text: string } | undefined {
  const given = names.find((name) => cleanName(rest).startsWith(`${name}:`));
  const colon = given === undefined ? rest.search(/:(?:\s|$|[\u200e\u200f])/u) : rest.indexOf(':', given.lastIndexOf(':') + 1);
  if (colon < 1 || colon > LONGEST_NAME) return undefined;
  const name = cleanName(rest.slice(0, colon));
  if (name === '' || (given === undefined && QUOTES.test(name))) return undefined;
  return { name, text: rest.slice(colon + 1).replace(/^ /u, '') };
}

/** "~" stands before the name that somebody gave themselves and that is in no address book. */
export const cleanName = (name: string): string => withoutMarks(name).replaceAll(/\s+/gu, ' ').replace(/^~\s?/u, '').trim();
