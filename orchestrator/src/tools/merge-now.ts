/** Merges what is staged, or waits for whoever merges already. */
import { Failure } from '@whatsapp-mcp/contract';
import { ConstantBackoff, handleWhen, retry } from 'cockatiel';
import { createCheckpoints } from '../../sync/checkpoint.ts';
import type { MergeResult } from '../../sync/engine.ts';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';

const LONGEST_MS = 38_000;
const LOOK_AGAIN_MS = 500;

/** Throws Failure: locked while another process merges for longer than that, or the merge is paused; what the bridge failed with. */
export async function mergeStagedRows(context: Context): Promise<JsonObject> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LONGEST_MS)]);
  const paused = createCheckpoints(context.store.write).isPaused();
  const byOthers = handleWhen((error) => error instanceof Failure && error.code === 'locked' && !paused);
  const patient = retry(byOthers, { maxAttempts: Math.floor(LONGEST_MS / LOOK_AGAIN_MS), backoff: new ConstantBackoff(LOOK_AGAIN_MS) });
  let rows = 0;
  const result = await patient.execute(
    () =>
      context.history().mergeNow({
        signal,
        onEvent: (event) => {
          if (event.type !== 'page') return;
          rows += event.rows;
          context.progress({ done: rows, total: rows + Math.max(0, event.lastSeq - event.seq), message: `Merged ${rows} rows` });
        },
      }),
    signal,
  );
  return viewOf(result, context.signal.aborted);
}

function viewOf({ state, rows, tally, lost, lastSeq }: MergeResult, cancelled: boolean): JsonObject {
  const finished = state === 'complete';
  return {
    success: finished,
    state: state === 'cancelled' && !cancelled ? 'running' : state,
    merged_rows: rows,
    new_messages: tally.inserted,
    filled: tally.filled,
    already_there: tally.duplicates,
    set_aside: tally.rejected,
    checkpoint: lastSeq,
    ...(lost > 0 && { warning: `${lost} rows were acknowledged but are in no database: messages.db is older than the bridge's. Call retrieve_full_history.` }),
    ...(!finished && { next_step: 'The rest is merged in the background: get_sync_status says how far it is.' }),
  };
}
