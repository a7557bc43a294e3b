/** A store in memory, and rows told to it, for tests. */
import type { StagedRow } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { openStore } from '../../src/store/open.ts';
import { createApplier } from '../apply.ts';
import type { Applied } from '../apply.ts';
import { NOW } from './facts.ts';

/** The caller closes it. */
export const memoryStore = (): Database => openStore(':memory:', { mode: 'write', now: () => NOW });

/** Applies rows in pages of the given sizes; the last page takes the rest. */
export function tell(database: Database, rows: readonly StagedRow[], sizes: readonly number[] = []): Applied[] {
  const applier = createApplier(database);
  const pages: StagedRow[][] = [];
  let from = 0;
  for (const size of [...sizes, rows.length]) {
    pages.push(rows.slice(from, from + size));
    from += size;
  }
  return pages.filter((page) => page.length > 0).map((page) => database.transaction(() => applier.apply(page, { now: NOW, sourceUuid: 'test' })).immediate());
}

let seq = 0;

/** A staged row of history. */
export const history = (row: Partial<StagedRow>): StagedRow => ({ seq: ++seq, chunk_id: 1, sync_type: 'RECENT', received_at: 0, ...row });

/** A staged row that was received in real time. */
export const live = (receivedAt: number, row: Partial<StagedRow>): StagedRow => ({ seq: ++seq, chunk_id: 1, sync_type: 'LIVE', received_at: receivedAt, ...row });
