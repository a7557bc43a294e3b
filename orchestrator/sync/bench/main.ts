/** Speed of the merge beside a raw bulk insert of the same rows into the same schema, in the same run; one JSON line. `main.ts [ROWS]` */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { openStore } from '../../src/store/open.ts';
import { mergeStaged, PAGE_SIZE } from '../engine.ts';
import type { MergeEvent } from '../engine.ts';
import { messageParameters, origins } from '../parameters.ts';
import { FakeSource } from '../testing/source.ts';
import { benchRows } from './rows.ts';

const count = Number(process.argv[2] ?? 100_000);
const rows = benchRows(count);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

interface Measured {
  readonly rowsPerSecond: number;
  readonly walMb: number;
}

const columns = 'id, chat_jid, sender, content, timestamp, is_from_me, kind, status, message_secret, media_type, mimetype, url, direct_path, media_key, file_sha256, file_enc_sha256, file_length, origin, first_seen_at';
const fields = ['id', 'chat', 'sender', 'text', 'timestamp', 'from_me', 'kind', 'status', 'message_secret', 'media_kind', 'mimetype', 'url', 'direct_path', 'media_key', 'file_sha256', 'file_enc_sha256', 'file_length', 'origin', 'now'];

/** The same page size, indexes and durability; values bound, nothing looked at. */
function rawInsert(database: Database): Measured {
  const insert = database.prepare(`INSERT INTO messages (${columns}) VALUES (${fields.map(() => '?').join(', ')})`);
  const page = database.transaction((part: typeof rows) => {
    for (const { message } of part) {
      if (message === undefined) continue;
      const parameters = messageParameters(message, Date.now(), origins.history);
      insert.run(fields.map((field) => parameters[field]));
    }
  });
  const began = performance.now();
  for (let from = 0; from < rows.length; from += PAGE_SIZE) page.immediate(rows.slice(from, from + PAGE_SIZE));
  return { rowsPerSecond: perSecond(began), walMb: 0 };
}

const perSecond = (began: number): number => Math.round((count * 1_000) / (performance.now() - began));

async function merge(path: string, database: Database, uuid = 'first'): Promise<Measured> {
  const source = new FakeSource(uuid);
  source.rows.push(...rows);
  // Sequence numbers are positions here: no search for them.
  source.page = async (afterSeq, limit) => ({ source_uuid: source.uuid, rows: rows.slice(afterSeq, afterSeq + limit), last_seq: rows.length });
  let wal = 0;
  const onEvent = (event: MergeEvent): void => {
    if (event.type === 'page') wal = Math.max(wal, statSync(`${path}-wal`).size);
  };
  const began = performance.now();
  await mergeStaged({ database, lockPath: join(folder, 'merge.lock'), source, owner: 'bench', now: Date.now, signal: new AbortController().signal, onEvent });
  return { rowsPerSecond: perSecond(began), walMb: Math.round(wal / 104_857.6) / 10 };
}

function fresh<Result>(name: string, work: (path: string, database: Database) => Result): Result {
  const path = join(folder, `${name}.db`);
  return work(path, openStore(path, { mode: 'write' }));
}

/** A live writer on a thread of its own; answers with its commit times when it is told to stop. */
async function besideLiveWriter(path: string, work: () => Promise<Measured>): Promise<Measured & { readonly p99: number; readonly commits: number }> {
  const writer = new Worker(new URL('live-writer.ts', import.meta.url), { workerData: path });
  await new Promise((resolve) => writer.once('message', resolve));
  const measured = await work();
  const times = new Promise<number[]>((resolve) => writer.once('message', resolve));
  writer.postMessage('stop');
  const sorted = (await times).sort((a, b) => a - b);
  return { ...measured, p99: Math.round((sorted[Math.floor(sorted.length * 0.99)] ?? 0) * 10) / 10, commits: sorted.length };
}

try {
  const raw = fresh('raw', (_, database) => rawInsert(database));
  const unpaced = await fresh('merge', (path, database) => merge(path, database));
  const again = await fresh('merge', (path, database) => merge(path, database, 'second'));
  const paced = await fresh('paced', (path, database) => besideLiveWriter(path, () => merge(path, database)));
  const ratio = (measured: Measured): number => Math.round((measured.rowsPerSecond / raw.rowsPerSecond) * 100) / 100;
  process.stdout.write(
    `${JSON.stringify({ rows: count, raw: raw.rowsPerSecond, unpaced: unpaced.rowsPerSecond, unpacedRatio: ratio(unpaced), known: again.rowsPerSecond, paced: paced.rowsPerSecond, pacedRatio: ratio(paced), liveP99Ms: paced.p99, liveCommits: paced.commits, largestWalMb: Math.max(unpaced.walMb, paced.walMb) })}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
