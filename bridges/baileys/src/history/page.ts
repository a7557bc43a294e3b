/** Pages of staged rows for the merge. */
import type { Output } from '@whatsapp-mcp/contract';
import { convertRow } from '../convert/staged.ts';
import type { Staging, StoredRow } from './staging.ts';

/** Fields of every row; one that has no more says nothing and is left out. */
const FRAME = 4;

/** A page ends early rather than grow beyond it: thumbnails make some rows large. Bytes. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

export function readPage(staging: Staging, afterSeq: number, limit: number): Output<'history.page'> {
  // Read to the end first: no statement may run while the iterator is open.
  const stored = [...untilLarge(staging.rowsAfter(afterSeq, limit))];
  const context = { own: staging.own(), chunk: (id: number) => staging.chunk(id) };
  const rows = stored.map((row) => convertRow(row, context)).filter((row) => Object.keys(row).length > FRAME);
  return { source_uuid: staging.sourceUuid, rows, last_seq: stored.at(-1)?.seq ?? afterSeq };
}

function* untilLarge(rows: Iterable<StoredRow>): Generator<StoredRow> {
  let bytes = 0;
  for (const row of rows) {
    bytes += (row.proto?.length ?? 0) + (row.extra?.length ?? 0);
    yield row;
    if (bytes > MAX_PAGE_BYTES) return;
  }
}
