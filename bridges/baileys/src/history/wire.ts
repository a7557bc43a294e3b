/**
 * Cuts a HistorySync into its parts without decoding them: the bytes of each message, chat, name and mapping as the
 * phone wrote them, unknown fields included. Field numbers are those of WAProto.proto.
 */

export interface HistoryParts {
  readonly chunkOrder: number | undefined;
  readonly progress: number | undefined;
  /** Conversations without their messages. */
  readonly conversations: readonly Part[];
  readonly messages: readonly Part[];
  readonly statuses: readonly Buffer[];
  readonly pushNames: readonly Buffer[];
  readonly mappings: readonly Buffer[];
  readonly pastParticipants: readonly Buffer[];
}

export interface Part {
  /** conversation.id */
  readonly chat: string;
  readonly bytes: Buffer;
}

const fields = { conversations: 2, statuses: 3, chunkOrder: 5, progress: 6, pushNames: 7, pastParticipants: 12, mappings: 15 } as const;
const conversationFields = { id: 1, messages: 2 } as const;
/** HistorySyncMsg.message */
const MESSAGE = 1;

interface Field {
  readonly number: number;
  /** Of the whole field, with its tag. */
  readonly start: number;
  readonly end: number;
  /** Varint, or undefined for others. */
  readonly value: number | undefined;
  /** Content of a length-delimited field. */
  readonly content: Buffer | undefined;
}

/** The fields of one protobuf message, in order. Throws a RangeError where the bytes are not protobuf. */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = varint(bytes, at);
    const { next, value, content } = fieldContent(bytes, tag.next, tag.value & 7);
    at = next;
    yield { number: Math.floor(tag.value / 8), start, end: at, value, content };
  }
}

interface Content {
  readonly next: number;
  readonly value: number | undefined;
  readonly content: Buffer | undefined;
}

const fixedLengths: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function fieldContent(bytes: Buffer, at: number, wireType: number): Content {
  if (wireType === 0) return { ...varint(bytes, at), content: undefined };
  const fixed = fixedLengths[wireType];
  const length = fixed === undefined ? lengthAt(bytes, at, wireType) : { value: fixed, next: at };
  const next = length.next + length.value;
  if (next > bytes.length) throw new RangeError(`a field ends at byte ${next} of ${bytes.length}`);
  return { next, value: undefined, content: fixed === undefined ? bytes.subarray(length.next, next) : undefined };
}

function lengthAt(bytes: Buffer, at: number, wireType: number): { value: number; next: number } {
  if (wireType !== 2) throw new RangeError(`wire type ${wireType} at byte ${at}`);
  return varint(bytes, at);
}

/** Up to 2^53 exactly; larger numbers are no lengths and no counts. */
function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  throw new RangeError(`no number at byte ${at}`);
}

export function splitHistory(bytes: Buffer): HistoryParts {
  const conversations: Part[] = [];
  const messages: Part[] = [];
  const lists = new Map<number, Buffer[]>([fields.statuses, fields.pushNames, fields.pastParticipants, fields.mappings].map((number) => [number, []]));
  const numbers = new Map<number, number>();
  for (const { number, value, content } of fieldsOf(bytes)) {
    if (value !== undefined) numbers.set(number, value);
    if (content === undefined) continue;
    if (number === fields.conversations) {
      const conversation = splitConversation(content);
      conversations.push(conversation.part);
      messages.push(...conversation.messages);
    } else lists.get(number)?.push(content);
  }
  return {
    chunkOrder: numbers.get(fields.chunkOrder),
    progress: numbers.get(fields.progress),
    conversations,
    messages,
    statuses: lists.get(fields.statuses) ?? [],
    pushNames: lists.get(fields.pushNames) ?? [],
    mappings: lists.get(fields.mappings) ?? [],
    pastParticipants: lists.get(fields.pastParticipants) ?? [],
  };
}

function splitConversation(bytes: Buffer): { part: Part; messages: Part[] } {
  const kept: Buffer[] = [];
  const found: Buffer[] = [];
  let chat = '';
  for (const { number, start, end, content } of fieldsOf(bytes)) {
    if (number === conversationFields.id) chat = content?.toString('utf8') ?? '';
    if (number === conversationFields.messages && content !== undefined) found.push(content);
    else kept.push(bytes.subarray(start, end));
  }
  const messages = found.flatMap((entry) => [...fieldsOf(entry)].filter(({ number }) => number === MESSAGE).flatMap(({ content }) => content ?? []));
  return { part: { chat, bytes: Buffer.concat(kept) }, messages: messages.map((message) => ({ chat, bytes: message })) };
}
