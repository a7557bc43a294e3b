/** What each kind of content says: the table of rules K-* and M1. */
import type { MessageRecord } from '@whatsapp-mcp/contract';
import { canonicalUser } from './jid.ts';
import { interactiveReaders } from './content-interactive.ts';
import { mediaReaders } from './content-media.ts';
import { structuredReaders } from './content-structured.ts';
import type { ContextInfo, MessageContent } from './protos.ts';
import { unwrap } from './unwrap.ts';
import { textOf } from './values.ts';

/** Fields of a message record that the content alone decides. */
export interface Content {
  readonly kind: MessageRecord['kind'];
  readonly text?: string | null | undefined;
  readonly payload?: object | undefined;
  readonly context?: ContextInfo | null | undefined;
  readonly media?: object | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly duration_seconds?: number | undefined;
  readonly thumbnail?: string | undefined;
  readonly viewOnce?: boolean | null | undefined;
  readonly quotedId?: string | null | undefined;
}

type Field = keyof MessageContent;
type Reader<Name extends Field> = (content: NonNullable<MessageContent[Name]>) => Content;
/** Which field of a Message is read how; the first field of the tables that is set decides. */
export type Readers = { readonly [Name in Field]?: Reader<Name> };

const textReaders = {
  conversation: (text) => ({ kind: 'text', text }),
  extendedTextMessage: (message) => ({ kind: 'text', text: message.text, context: message.contextInfo }),
  commentMessage: ({ message, targetMessageKey }) => ({
    ...(message == null ? { kind: 'unknown' as const } : readContent(unwrap(message).content)),
    quotedId: targetMessageKey?.id,
  }),
} satisfies Readers;

const readers: Readers = { ...textReaders, ...mediaReaders, ...structuredReaders, ...interactiveReaders };
const fields = Object.keys(readers) as Field[];

/** Fields that are no content of their own. */
const silent: readonly string[] = ['messageContextInfo', 'senderKeyDistributionMessage', 'fastRatchetKeySenderKeyDistributionMessage'];

/** Whether the unwrapped message says anything at all (rule M2). */
export function hasContent(message: MessageContent): boolean {
  return Object.entries(message).some(([name, value]) => value != null && !silent.includes(name));
}

export function readContent(message: MessageContent): Content {
  const field = fields.find((name) => message[name] != null);
  if (field === undefined) return { kind: 'unknown' };
  // The reader and the value come from the same key, which the compiler cannot follow through a union.
  const read = readers[field] as (content: unknown) => Content;
  return read(message[field]);
}

/** Text of any message, wrapped or not: for quotations and edits. */
export function textIn(message: MessageContent | null | undefined, max?: number): string | undefined {
  return message == null ? undefined : textOf(readContent(unwrap(message).content).text, max);
}

/** People who are mentioned, canonical, in order, each once. */
export function mentionsIn(context: ContextInfo | null | undefined): string[] {
  const people = (context?.mentionedJid ?? []).map((jid) => canonicalUser(jid)).filter((jid) => jid !== undefined);
  return [...new Set(people)].slice(0, 4096);
}
