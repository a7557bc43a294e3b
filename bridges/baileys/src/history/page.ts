/** Pages of staged rows for the merge. */
import type { Output } from '@whatsapp-mcp/contract';
import { convertRow } from '../convert/staged.ts';
import type { Staging, StoredRow } from './staging.ts';

/** A page ends early rather than grow beyond it: thumbnails make some rows large. Bytes. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

export function readPage(staging: Staging, afterSeq: number, limit: number): Output<'history.page'> {
  // Read to the end first: no statement may run while the iterator is open.
  const stored = [...untilLarge(staging.rowsAfter(afterSeq, limit))];
  const context = { own: staging.own(), chunk: (id: number) => staging.chunk(id) };
  // A row that says nothing goes out too: the reader takes a missing seq for a lost row.
  const rows = stored.map((row) => convertRow(row, context));
  return { source_uuid: staging.sourceUuid, rows, last_seq: staging.lastSeq() };
}

function* untilLarge(rows: Iterable<StoredRow>): Generator<StoredRow> {
  let bytes = 0;
  for (const row of rows) {
    bytes += (row.proto?.length ?? 0) + (row.extra?.length ?? 0);
    yield row;
    if (bytes > MAX_PAGE_BYTES) return;
  }
}
