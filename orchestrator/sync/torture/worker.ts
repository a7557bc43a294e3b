/** One of the processes that the torture kills: `worker.ts ROLE FOLDER TOTAL [acknowledge-first]`. Exits with 0 when its part is done. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StagedRow } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { openStore } from '../../src/store/open.ts';
import { createApplier } from '../apply.ts';
import { mergeStaged } from '../engine.ts';
import { openStaging, stage, stagedNext, stagingSource } from './staging.ts';
import { historyRow, historyRows, isMapping, liveRows } from './world.ts';

const [role = '', folder = '', totalText = '0', order = ''] = process.argv.slice(2);
const total = Number(totalText);
const messagesPath = join(folder, 'messages.db');
const stagingPath = join(folder, 'staging.db');

const CHUNK = 2_000;
const LIVE_BATCH = 20;

/** Stages history, a chunk in a transaction. */
async function importHistory(): Promise<void> {
  const staging = openStaging(stagingPath);
  const end = historyRows(total);
  for (let next = stagedNext(staging); next < end; next = stagedNext(staging)) {
    const ks = Array.from({ length: Math.min(CHUNK, end - next) }, (_, index) => next + index).filter((k) => !isMapping(k, total));
    stage(staging, ks.map((k) => ({ chunk_id: next, ...historyRow(k, total) })), next + CHUNK);
    await pause(1);
  }
}

/** Writes what happens in real time into messages.db, as the whatsmeow bridge does; its place is in the same transaction. */
async function writeLive(): Promise<void> {
  const database = openStore(messagesPath, { mode: 'write' });
  const applier = createApplier(database);
  const place = database.prepare<[], { v: string }>("SELECT v FROM meta WHERE k = 'torture_live'");
  const move = database.prepare("INSERT INTO meta (k, v) VALUES ('torture_live', ?) ON CONFLICT DO UPDATE SET v = excluded.v");
  for (let next = Number(place.get()?.v ?? 0); next < total; next += LIVE_BATCH) {
    const rows = Array.from({ length: LIVE_BATCH }, (_, index) => next + index)
      .filter((k) => k < total)
      .flatMap(liveRows)
      .map((row): StagedRow => ({ seq: 1, chunk_id: 0, ...row }));
    const write = database.transaction(() => {
      applier.apply(rows, { now: Date.now(), sourceUuid: 'live' });
      move.run(String(next + LIVE_BATCH));
    });
    write.immediate();
    await pause(2);
  }
}

/** Merges until everything is staged and merged; another merger's turn is waited for. */
async function merge(): Promise<void> {
  const database = openStore(messagesPath, { mode: 'write' });
  const staging = openStaging(stagingPath);
  const acknowledgeFirst = order === 'acknowledge-first';
  const crash = (): void => {
    if (Math.random() < (acknowledgeFirst ? 0.5 : 0.02)) process.kill(process.pid, 'SIGKILL');
  };
  const source = stagingSource(staging, { acknowledgeFirst, crash });
  for (;;) {
    const staged = stagedNext(staging) >= historyRows(total);
    try {
      await mergeStaged({ database, lockPath: join(folder, 'merge.lock'), source, owner: `merger ${process.pid}`, now: Date.now, signal: new AbortController().signal });
      // Everything was staged before this merge began, and it ended because nothing was left.
      if (staged) return;
      await pause(5);
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'locked')) throw error;
      await pause(20);
    }
  }
}

const roles: Readonly<Record<string, () => Promise<void>>> = { importer: importHistory, live: writeLive, 'first merger': merge, 'second merger': merge };

await roles[role]?.();
process.exit(0);
