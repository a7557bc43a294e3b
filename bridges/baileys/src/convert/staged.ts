/** A stored row as the row of a page. Never throws for what a row holds: an unreadable one goes out as such. */
import type { StagedRow } from '@whatsapp-mcp/contract';
import { ChatRecord, ContactRecord, EventRecord, GroupInfo, MappingRecord, OpRecord } from '@whatsapp-mcp/contract';
import type { z } from 'zod';
import type { StoredChunk, StoredRow } from '../history/staging.ts';
import { convertChatContact, convertConversation, convertMapping, convertPastParticipant, convertPushName, decodeConversation } from './history.ts';
import { convertMessage } from './message.ts';
import { proto } from './protos.ts';
import type { Envelope, Own } from './source.ts';
import { filled } from './values.ts';

export interface RowContext {
  readonly own: Own;
  readonly chunk: (id: number) => StoredChunk | undefined;
}

type Records = Omit<Partial<StagedRow>, 'seq' | 'chunk_id' | 'sync_type' | 'received_at'>;
type Read = (row: StoredRow, context: RowContext) => Records;

const bytesOf = (row: StoredRow): Uint8Array => row.proto ?? new Uint8Array();

function message(source: 'history' | 'live'): Read {
  return (row, { own }) => {
    const envelope = row.extra === null ? {} : (JSON.parse(row.extra) as Envelope);
    return convertMessage({ source, chat: row.chat_raw ?? '', info: proto.WebMessageInfo.decode(bytesOf(row)), envelope }, own);
  };
}

const recordSchemas: Readonly<Record<string, z.ZodType>> = {
  ops: OpRecord.array(),
  event: EventRecord,
  chat: ChatRecord,
  contact: ContactRecord,
  mapping: MappingRecord,
  group: GroupInfo,
};

function records(row: StoredRow): Records {
  const told = JSON.parse(row.extra ?? '{}') as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, recordSchemas[name]?.parse(value)]));
}

function chunkEnd(row: StoredRow, { chunk: chunkOf }: RowContext): Records {
  const chunk = chunkOf(row.chunk_id);
  if (chunk === undefined) return {};
  return {
    chunk: {
      sync_type: row.sync_type as StagedRow['sync_type'],
      ...filled({
        chunk_order: chunk.chunk_order,
        progress: chunk.progress === null ? undefined : Math.min(chunk.progress, 100),
        request_id: chunk.session_id?.slice(0, 128),
      }),
      received_at: chunk.received_at,
      messages: chunk.messages,
      chats: chunk.chats,
    },
  };
}

const readers: Readonly<Record<StoredRow['kind'], Read>> = {
  message: message('history'),
  live: message('live'),
  conversation: (row) => ({ chat: convertConversation(decodeConversation(bytesOf(row))) }),
  conversation_contact: (row) => filled({ contact: convertChatContact(decodeConversation(bytesOf(row))) }),
  push_name: (row) => ({ contact: convertPushName(bytesOf(row)) }),
  mapping: (row) => ({ mapping: convertMapping(bytesOf(row)) }),
  past_participant: (row) => ({ event: convertPastParticipant(row.chat_raw ?? '', bytesOf(row)) }),
  record: records,
  chunk: chunkEnd,
};

export function convertRow(row: StoredRow, context: RowContext): StagedRow {
  const frame = { seq: row.seq, chunk_id: row.chunk_id, sync_type: row.sync_type as StagedRow['sync_type'], received_at: row.received_at };
  try {
    return { ...frame, ...readers[row.kind](row, context) };
  } catch (error) {
    const proto64 = (row.proto ?? Buffer.from(row.extra ?? '')).toString('base64');
    const why = error instanceof Error ? error.message : String(error);
    return { ...frame, unreadable: { error: `${row.kind}: ${why}`.slice(0, 2000), proto: proto64 } };
  }
}
