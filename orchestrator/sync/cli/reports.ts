/** Commands that only look. */
import type { BridgeStatus } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { readCoverage, readOverview } from '../overview.ts';
import type { Overview } from '../overview.ts';
import { listRejects } from '../rejects.ts';
import { verify } from '../verification.ts';
import { exits } from './exit.ts';
import type { Exit } from './exit.ts';
import { day, megabytes } from './output.ts';
import type { Output } from './output.ts';
import type { Workshop } from './workshop.ts';

const STATUS_MS = 5_000;

/** What the Baileys bridge has staged; undefined while it is away. */
async function stagedOf({ client, signal }: Workshop): Promise<BridgeStatus['history'] | undefined> {
  try {
    return (await client.call('baileys', 'session.status', {}, { signal, deadlineMs: STATUS_MS })).history;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

export async function status(workshop: Workshop, output: Output): Promise<Exit> {
  const overview = readOverview(workshop.database);
  const staged = await stagedOf(workshop);
  const runs = workshop.history.runs(5);
  const lag = staged === undefined ? undefined : staged.last_seq - (overview.sources.find((source) => source.source_uuid === staged.source_uuid)?.last_seq ?? 0);
  output.record('status', { ...overview, staged, lag, runs });
  output.line(`messages.db: ${overview.messages} messages in ${overview.chats} chats; WAL ${megabytes(overview.walBytes)}`);
  output.line(staged === undefined ? 'Staged: unknown, the Baileys bridge does not answer' : `Staged: ${staged.staged_rows} rows, ${lag ?? 0} to merge; ${staged.pending_downloads} downloads pending, ${staged.failed_downloads} failed, ${staged.chunk_gaps} chunks missing`);
  output.line(`Merge: ${overview.paused ? 'paused' : 'on'}; last by ${overview.lease?.owner ?? 'nobody'} (epoch ${overview.lease?.epoch ?? 0})`);
  printDetails(overview, output);
  output.table(['Run', 'Kind', 'State', 'Chats', 'Received', 'Since'], runs.map((run) => [run.syncId, run.kind, run.state, `${run.chats.total - run.chats.waiting}/${run.chats.total}`, run.received, day(run.createdAt)]));
  const behind = lag === undefined || lag > 0 || overview.whatsmeowPending > 0 || overview.rejects > 0 || runs[0]?.state === 'incomplete';
  return behind ? exits.incomplete : exits.complete;
}

function printDetails(overview: Overview, output: Output): void {
  const { rejects, waitingOperations, collisions, chatMerges, whatsmeowPending, whatsmeowLost } = overview;
  output.line(`Set aside: ${rejects} rows. Waiting: ${waitingOperations} operations. Chats merged: ${chatMerges}. Same id, other sender: ${collisions}. whatsmeow downloads: ${whatsmeowPending} pending, ${whatsmeowLost} lost`);
  output.table(
    ['Source', 'Merged to', 'Inserted', 'Known', 'Filled', 'Set aside', 'At'],
    overview.sources.map((source) => [source.source_uuid, source.last_seq, source.inserted, source.duplicates, source.filled, source.rejected, day(source.updated_at)]),
  );
  output.table(
    ['Source', 'Push', 'Chunks', 'Messages', 'Progress', 'Missing', 'Last'],
    overview.chunks.map((chunk) => [chunk.source_uuid, chunk.sync_type, chunk.chunks, chunk.messages, chunk.progress === null ? '' : `${chunk.progress} %`, chunk.missing, day(chunk.last_at)]),
  );
}

export function list({ history }: Workshop, output: Output, options: { readonly limit: number; readonly incomplete: boolean }): Exit {
  const found = history.checkpoints({ limit: options.limit }).filter(({ state }) => !options.incomplete || (state !== 'complete' && state !== 'no_access'));
  for (const checkpoint of found) output.record('chat', { ...checkpoint });
  output.table(
    ['Chat', 'Name', 'State', 'Oldest', 'Messages', 'Pages', 'Why'],
    found.map((chat) => [chat.chat_jid, chat.name ?? '', chat.state, day(chat.oldest), chat.messages, chat.pages, chat.last_error ?? '']),
  );
  return found.every(({ state }) => state === 'complete' || state === 'no_access') ? exits.complete : exits.incomplete;
}

export function show({ history }: Workshop, output: Output, chat: string): Exit {
  const [checkpoint] = history.checkpoints({ chat });
  if (checkpoint === undefined) throw new Failure('not_found', `"${chat}" has no checkpoint: its history was never asked for. "sync-checkpoint resume ${chat}" asks for it; "sync-checkpoint coverage" lists the chats.`);
  output.record('chat', { ...checkpoint });
  const times: ReadonlySet<string> = new Set(['anchor_ts', 'requested_at', 'deadline', 'next_attempt_at', 'updated_at', 'oldest', 'newest']);
  output.table(['', checkpoint.chat_jid], Object.entries(checkpoint).map(([name, value]: [string, string | number | null]) => [name, times.has(name) ? day(Number(value)) : (value ?? '')]));
  return checkpoint.state === 'complete' ? exits.complete : exits.incomplete;
}

export function coverage({ database }: Workshop, output: Output, limit: number): Exit {
  const found = readCoverage(database, limit);
  for (const row of found) output.record('coverage', { ...row });
  output.table(
    ['Chat', 'Name', 'Messages', 'Oldest', 'Newest', 'State', 'Hole suspected'],
    found.map((row) => [row.chat_jid, row.name ?? '', row.messages, day(row.oldest), day(row.newest), row.state, row.hole_from === null ? '' : `${day(row.hole_from)} to ${day(row.hole_to)}`]),
  );
  return found.every(({ state }) => state === 'complete' || state === 'no_access') ? exits.complete : exits.incomplete;
}

export async function check(workshop: Workshop, output: Output): Promise<Exit> {
  const away = (await stagedOf(workshop)) === undefined;
  const result = await verify(workshop.database, away ? undefined : workshop.source, workshop.signal);
  output.record('verified', { ...result, compared_with_staging: !away });
  for (const defect of result.defects) output.line(`Defect: ${defect}`);
  for (const { seq, chat, id } of result.missing) output.line(`Missing: staged row ${seq}, message ${id} of ${chat}`);
  output.line(away ? 'The Baileys bridge does not answer: the database was checked, but not compared with what is staged.' : `Compared ${result.compared} staged messages: ${result.missingCount} missing, ${result.vanished} rows vanished.`);
  if (result.missingCount > 0 || result.vanished > 0) {
    output.line('"sync-checkpoint rescan", then "run", merges again what is still staged; "resume CHAT" asks the phone for the rest.');
    return exits.lostData;
  }
  output.line(result.sound ? 'Sound.' : 'Not sound: restore a backup, or move messages.db away and let history fill a new one.');
  return result.sound ? exits.complete : exits.lostData;
}

export function rejected({ database }: Workshop, output: Output, limit: number): Exit {
  const found = listRejects(database, limit);
  for (const row of found) output.record('reject', { ...row });
  output.table(['Source', 'Row', 'At', 'Why'], found.map((row) => [row.source_uuid, row.seq, day(row.at), row.error]));
  return found.length === 0 ? exits.complete : exits.incomplete;
}
