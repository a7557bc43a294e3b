/** Takes over a database of lharries/whatsapp-mcp, by the same rules as history: twice changes nothing, a later sync fills what it lacked. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StagedRow } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { createApplier } from '../apply.ts';
import { origins } from '../parameters.ts';
import { chatOf, messageOf } from './lharries-row.ts';
import type { LharriesChat, LharriesMessage } from './lharries-row.ts';

export interface ImportResult {
  readonly messages: number;
  readonly chats: number;
  readonly mappings: number;
  readonly inserted: number;
  readonly known: number;
  /** What was not understood, at most 100 of them named. */
  readonly skipped: number;
  readonly problems: readonly string[];
}

export interface ImportOptions {
  readonly path: string;
  readonly now: number;
  /** Reads everything and writes nothing. */
  readonly dryRun: boolean;
  readonly onRows?: (rows: number, total: number) => void;
}

const BATCH = 500;
const MOST_NAMED = 100;

interface Batch {
  readonly rows: readonly StagedRow[];
  readonly problems: readonly string[];
}

/** The source is opened for reading only and may be in use. Throws Failure `not_found`, `unsupported_type`. */
export function importLharries(database: Database, options: ImportOptions): ImportResult {
  const source = openSource(options.path);
  try {
    return copy(database, source, options);
  } finally {
    source.close();
  }
}

function openSource(path: string): Database {
  if (!existsSync(path)) throw new Failure('not_found', `There is no file ${path}. lharries/whatsapp-mcp keeps it in whatsapp-bridge/store/messages.db.`);
  const source = new SqliteDatabase(path, { readonly: true });
  const columns = source.prepare<[], { name: string }>("SELECT name FROM pragma_table_info('messages')").all().map(({ name }) => name);
  const needed = ['id', 'chat_jid', 'sender', 'content', 'timestamp', 'is_from_me', 'media_type', 'filename', 'url', 'media_key', 'file_sha256', 'file_enc_sha256', 'file_length'];
  const lacking = needed.filter((name) => !columns.includes(name));
  if (lacking.length === 0 && !columns.includes('mid')) return source;
  source.close();
  throw new Failure('unsupported_type', `${path} is not a messages.db of lharries/whatsapp-mcp${lacking.length > 0 ? `: its table messages lacks ${lacking.join(', ')}` : ': it is one of this program'}.`);
}

/** whatsapp.db beside it holds which LID is which number. */
function readMappings(path: string): { readonly lid: string; readonly pn: string }[] {
  const session = join(dirname(path), 'whatsapp.db');
  if (!existsSync(session)) return [];
  const database = new SqliteDatabase(session, { readonly: true });
  try {
    const known = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'whatsmeow_lid_map'").get() !== undefined;
    return known ? database.prepare<[], { lid: string; pn: string }>('SELECT lid, pn FROM whatsmeow_lid_map').all() : [];
  } finally {
    database.close();
  }
}

function copy(database: Database, source: Database, { path, now, dryRun, onRows }: ImportOptions): ImportResult {
  const mappings = readMappings(path);
  const lids = new Set(mappings.map(({ lid }) => lid));
  const total = source.prepare<[], { n: number }>('SELECT count(*) AS n FROM messages').get()?.n ?? 0;
  const applier = createApplier(database);
  const write = database.transaction((rows: readonly StagedRow[]) => applier.apply(rows, { now, sourceUuid: 'lharries', origin: origins.import }));
  const result = { messages: 0, chats: 0, mappings: mappings.length, inserted: 0, known: 0, skipped: 0, problems: [] as string[] };
  for (const { rows, problems } of batches(source, mappings, lids)) {
    const applied = dryRun || rows.length === 0 ? undefined : write.immediate(rows);
    const refused = applied?.rejected.map(({ row, error }) => `message ${row.message?.id ?? '?'}: ${error}`) ?? [];
    result.messages += rows.filter(({ message }) => message !== undefined).length;
    result.chats += rows.filter(({ chat }) => chat !== undefined).length;
    result.inserted += applied?.tally.inserted ?? 0;
    result.known += (applied?.tally.duplicates ?? 0) + (applied?.tally.filled ?? 0);
    result.skipped += problems.length + refused.length;
    result.problems.push(...[...problems, ...refused].slice(0, MOST_NAMED - result.problems.length));
    onRows?.(result.messages, total);
  }
  return result;
}

/** Mappings first, then chats, then messages in a stable order. */
function* batches(source: Database, mappings: ReturnType<typeof readMappings>, lids: ReadonlySet<string>): Generator<Batch> {
  const row = (part: Partial<StagedRow>): StagedRow => ({ seq: 1, chunk_id: 0, sync_type: 'FULL', received_at: 0, ...part });
  yield { rows: mappings.map(({ lid, pn }) => row({ mapping: { lid: `${lid}@lid`, pn: `${pn}@s.whatsapp.net`, source: 'lharries' } })), problems: [] };
  const chats = source.prepare<[], LharriesChat>('SELECT jid, name, last_message_time FROM chats').all();
  yield { rows: chats.flatMap((each) => { const chat = chatOf(each); return chat === undefined ? [] : [row({ chat })]; }), problems: [] };
  const page = source.prepare<[string, string, number], LharriesMessage>(
    `SELECT id, chat_jid, sender, content, timestamp, is_from_me, media_type, filename, url, media_key, file_sha256, file_enc_sha256, file_length
     FROM messages WHERE (id, chat_jid) > (?, ?) ORDER BY id, chat_jid LIMIT ?`,
  );
  for (let after: [string, string] = ['', '']; ; ) {
    const read = page.all(...after, BATCH);
    const last = read.at(-1);
    if (last === undefined) return;
    after = [last.id, last.chat_jid];
    const converted = read.map((each) => messageOf(each, lids));
    yield { rows: converted.flatMap((each) => (typeof each === 'string' ? [] : [row({ message: each })])), problems: converted.filter((each) => typeof each === 'string') };
  }
}
