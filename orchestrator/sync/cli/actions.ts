/** Commands that do something. */
import { Failure } from '@whatsapp-mcp/contract';
import { createCheckpoints } from '../checkpoint.ts';
import { mergeStaged } from '../engine.ts';
import type { MergeEvent, MergeResult } from '../engine.ts';
import type { HistoryEvent } from '../history.ts';
import { takeLock } from '../lock.ts';
import { retryRejects } from '../rejects.ts';
import type { RunReport } from '../run-report.ts';
import { createSyncRuns } from '../sync-runs.ts';
import { exits } from './exit.ts';
import type { Exit } from './exit.ts';
import type { Bar, Output } from './output.ts';
import { megabytes } from './output.ts';
import type { Workshop } from './workshop.ts';

export interface RunOptions {
  readonly page?: number;
  readonly maxRows?: number;
}

export async function run(workshop: Workshop, output: Output, { page, maxRows }: RunOptions): Promise<Exit> {
  const bar = output.bar('Merging');
  const merging = mergeStaged({
    ...workshop,
    now: Date.now,
    onEvent: mergeTeller(output, bar),
    ...(page !== undefined && { pageSize: page }),
    ...(maxRows !== undefined && { maxRows }),
  });
  return concludeMerge(await merging.finally(() => bar.stop()), output);
}

function mergeTeller(output: Output, bar: Bar): (event: MergeEvent) => void {
  const began = Date.now();
  let rows = 0;
  return (event) => {
    output.record(event.type, { ...event });
    if (event.type !== 'page') return;
    rows += event.rows;
    bar.update(event.seq, event.lastSeq, `${Math.round((rows * 1_000) / Math.max(1, Date.now() - began))} rows/s`);
  };
}

function concludeMerge(result: MergeResult, output: Output): Exit {
  const { tally } = result;
  output.line(`${result.state}: ${result.rows} rows; ${tally.inserted} messages new, ${tally.filled} completed, ${tally.duplicates} known, ${tally.rejected} set aside.`);
  if (result.lost > 0) output.line(`${result.lost} rows are gone from the staging database and were never merged here: "sync-checkpoint resume --all" asks the phone for them.`);
  if (result.lost > 0) return exits.lostData;
  return result.state === 'complete' && tally.rejected === 0 ? exits.complete : exits.incomplete;
}

export interface ResumeOptions {
  readonly all: boolean;
  readonly until?: number;
  readonly maxMessages?: number;
}

/** One chat, all chats, or the latest run that did not end complete; lifts a pause. */
export async function resume(workshop: Workshop, output: Output, chat: string | undefined, options: ResumeOptions): Promise<Exit> {
  const { history, database, signal } = workshop;
  createCheckpoints(database).setPaused(false);
  const bar = output.bar('Chats');
  const onEvent = historyTeller(workshop, output, bar);
  const limits = { ...(options.until !== undefined && { until: options.until }), ...(options.maxMessages !== undefined && { maxMessages: options.maxMessages }) };
  const latest = history.runs(1)[0];
  const asked = chat !== undefined || options.all;
  if (!asked && (latest === undefined || latest.state === 'complete')) {
    bar.stop();
    output.line('No run is left to go on with. "resume --all" asks for every chat, "resume CHAT" for one.');
    return exits.complete;
  }
  const { done, syncId } = asked || latest === undefined ? history.retrieve({ ...(chat !== undefined && { chat }), ...limits, onEvent }) : history.resume(latest.syncId, onEvent);
  const stop = (): void => void history.close();
  signal.addEventListener('abort', stop, { once: true });
  output.record('run', { sync_id: syncId });
  const report = await done.finally(() => bar.stop());
  return concludeRun(report, output);
}

function historyTeller({ history }: Workshop, output: Output, bar: Bar): (event: HistoryEvent) => void {
  return (event) => {
    output.record(event.type, { ...event });
    if (event.type !== 'chat') return;
    const { chats, received } = history.status(event.syncId);
    bar.update(chats.total - chats.waiting, chats.total, `${received} messages`);
  };
}

function concludeRun({ state, chats, received, error, syncId }: RunReport, output: Output): Exit {
  output.line(`${state}: ${received} messages in ${chats.total} chats; ${chats.complete} complete, ${chats.enough} as far as asked, ${chats.no_access} without access, ${chats.stalled} stalled, ${chats.phone_offline} without an answer of the phone, ${chats.waiting} not begun.`);
  if (error !== undefined) output.line(error);
  if (state !== 'complete') output.line(`"sync-checkpoint resume" goes on with run ${syncId}.`);
  return state === 'complete' ? exits.complete : exits.incomplete;
}

export function pause({ database }: Workshop, output: Output): Exit {
  createCheckpoints(database).setPaused(true);
  output.record('paused', {});
  output.line('Merging is paused for every process. "sync-checkpoint resume" lets it go on.');
  return exits.complete;
}

export function reset({ database }: Workshop, output: Output, chat: string): Exit {
  createSyncRuns(database).reset(chat);
  output.record('reset', { chat });
  output.line('The checkpoint is forgotten; no message is. The next retrieval asks again from the oldest stored message.');
  return exits.complete;
}

export function rescan({ database }: Workshop, output: Output, options: { readonly source?: string; readonly fromSeq: number }): Exit {
  const checkpoints = createCheckpoints(database);
  const sources = checkpoints.all().filter(({ source_uuid }) => options.source === undefined || source_uuid === options.source);
  if (sources.length === 0) throw new Failure('not_found', 'No such source was ever merged. "sync-checkpoint status" lists them.');
  for (const { source_uuid } of sources) checkpoints.rewind(source_uuid, options.fromSeq);
  output.record('rewound', { sources: sources.map(({ source_uuid }) => source_uuid), seq: options.fromSeq });
  output.line(`The next merge begins after row ${options.fromSeq}. What is there already stays as it is.`);
  return exits.complete;
}

export function retry({ database }: Workshop, output: Output): Exit {
  const result = retryRejects(database, Date.now());
  output.record('retried', { ...result });
  output.line(`${result.merged} rows merged, ${result.left} still set aside.`);
  return result.left === 0 ? exits.complete : exits.incomplete;
}

const GC_DEADLINE_MS = 20_000;
const DAY_MS = 86_400_000;

export async function gc({ client, signal }: Workshop, output: Output, options: { readonly keepDays: number; readonly dryRun: boolean }): Promise<Exit> {
  const input = { older_than: Date.now() - options.keepDays * DAY_MS, dry_run: options.dryRun };
  const result = await client.call('baileys', 'history.clear', input, { signal, deadlineMs: GC_DEADLINE_MS });
  output.record('cleared', { ...result, dry_run: options.dryRun });
  output.line(`${options.dryRun ? 'Would delete' : 'Deleted'} ${result.rows} merged rows (${megabytes(result.bytes)}); ${result.kept_unmerged} are not merged yet and stay.`);
  return exits.complete;
}

/** A living holder is not robbed of its lock: its epoch ends, so that its next page is refused. */
export function unlock({ database, lockPath, owner }: Workshop, output: Output): Exit {
  const lock = takeLock(lockPath);
  lock?.release();
  const epoch = createCheckpoints(database).acquire(`${owner} (unlock)`, Date.now());
  output.record('unlocked', { epoch, held: lock === undefined });
  output.line(lock === undefined ? 'A living process holds the merge lock: its next page will be refused, and it will let go.' : 'Nobody holds the merge lock. A new epoch was begun all the same.');
  return exits.complete;
}
