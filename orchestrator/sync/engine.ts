/**
 * Moves staged rows into messages.db, exactly once: a page and its checkpoint commit together, and only then is the page
 * acknowledged. A crash anywhere repeats a page, and a repeated page changes nothing.
 */
import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { storeFailure } from '../src/store/open.ts';
import { createApplier } from './apply.ts';
import type { Applied, Applier, Tally } from './apply.ts';
import { createCheckpoints } from './checkpoint.ts';
import type { Checkpoints } from './checkpoint.ts';
import { takeLock } from './lock.ts';
import { createPace } from './pace.ts';
import type { Pace } from './pace.ts';

export type StagedPage = Output<'history.page'>;

/** Where staged rows come from: the Baileys bridge. Both calls may be repeated at will. */
export interface StagedSource {
  /** Rows with a greater seq, in order, at most `limit`; of whichever staging database there is now. Throws Failure. */
  page(afterSeq: number, limit: number, signal: AbortSignal): Promise<StagedPage>;
  /** Rows up to `seq` are durable in messages.db and may be deleted. Throws Failure. */
  acknowledge(sourceUuid: string, seq: number, signal: AbortSignal): Promise<void>;
}

export type MergeEvent =
  | { readonly type: 'started'; readonly epoch: number; readonly sourceUuid: string; readonly fromSeq: number; readonly lastSeq: number }
  | { readonly type: 'page'; readonly seq: number; readonly lastSeq: number; readonly rows: number; readonly tally: Tally; readonly ms: number; readonly chats: readonly string[] }
  /** Rows that are neither in the staging database nor merged: messages.db is older than the acknowledgements. */
  | { readonly type: 'gap'; readonly fromSeq: number; readonly toSeq: number }
  | { readonly type: 'unacknowledged'; readonly seq: number; readonly reason: string }
  | { readonly type: 'ended'; readonly result: MergeResult };

export interface MergeResult {
  /** complete: nothing was staged any more; limit: maxRows came; paused: somebody paused it. */
  readonly state: 'complete' | 'limit' | 'paused' | 'cancelled';
  readonly sourceUuid: string;
  readonly lastSeq: number;
  readonly pages: number;
  readonly rows: number;
  readonly tally: Tally;
  /** Rows that were acknowledged but are in no database: 0 unless a backup was restored. */
  readonly lost: number;
}

export interface MergeOptions {
  /** Connection for writing; nothing else may hold a transaction on it across an await. */
  readonly database: Database;
  readonly lockPath: string;
  readonly source: StagedSource;
  /** Purpose and pid, for whoever is refused. */
  readonly owner: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: MergeEvent) => void;
  readonly pageSize?: number;
  readonly maxRows?: number;
}

export const PAGE_SIZE = 500;
const MAX_WAL_BYTES = 32 * 1024 * 1024;
/** Left behind by a merge; less is not worth the sync. */
const SMALL_WAL_BYTES = 1024 * 1024;

/** Throws Failure: `locked` while another merges (its message says who), `store_unavailable`, or what the source failed with. */
export async function mergeStaged(options: MergeOptions): Promise<MergeResult> {
  const checkpoints = createCheckpoints(options.database);
  if (checkpoints.isPaused()) throw new Failure('locked', 'The merge is paused. "sync-checkpoint resume" or the tool resume_sync lets it go on.');
  using lock = takeLock(options.lockPath);
  if (lock === undefined) {
    throw new Failure('locked', `Another process is merging: ${checkpoints.lease()?.owner ?? 'it has not said its name yet'}. It goes on by itself; get_sync_status shows how far it is.`);
  }
  const run = new Run(options, checkpoints);
  try {
    const result = await run.merge();
    options.onEvent?.({ type: 'ended', result });
    return result;
  } catch (error) {
    throw storeFailure(options.database.name, error);
  }
}

const emptyTally = (): Tally => ({ inserted: 0, filled: 0, duplicates: 0, collided: 0, rejected: 0 });

class Run {
  readonly #options: MergeOptions;
  readonly #checkpoints: Checkpoints;
  readonly #applier: Applier;
  readonly #pace: Pace;
  readonly #epoch: number;
  readonly #tally = emptyTally();
  #pages = 0;
  #rows = 0;
  #lost = 0;
  /** Of the source at hand: greatest seq that it knows to be durable here. */
  #acknowledged = 0;

  constructor(options: MergeOptions, checkpoints: Checkpoints) {
    this.#options = options;
    this.#checkpoints = checkpoints;
    this.#applier = createApplier(options.database);
    this.#pace = createPace(options.database, options.pageSize ?? PAGE_SIZE);
    this.#epoch = checkpoints.acquire(options.owner, options.now());
  }

  async merge(): Promise<MergeResult> {
    const { signal, onEvent, maxRows = Infinity } = this.#options;
    let page = await this.#firstPage();
    let seq = this.#checkpoints.get(page.source_uuid)?.last_seq ?? 0;
    onEvent?.({ type: 'started', epoch: this.#epoch, sourceUuid: page.source_uuid, fromSeq: seq, lastSeq: page.last_seq });
    await this.#acknowledge(page.source_uuid, seq);
    let state: MergeResult['state'] = 'complete';
    while (page.rows.length > 0) {
      seq = this.#mergePage(page, seq);
      await this.#acknowledge(page.source_uuid, seq);
      this.#truncateWal(MAX_WAL_BYTES);
      if (signal.aborted || this.#checkpoints.isPaused() || this.#rows >= maxRows) {
        state = signal.aborted ? 'cancelled' : this.#rows >= maxRows ? 'limit' : 'paused';
        break;
      }
      const next = await this.#nextPage(seq, maxRows - this.#rows);
      if (next === undefined) {
        state = 'cancelled';
        break;
      }
      page = next;
    }
    this.#checkpoints.acknowledged(page.source_uuid, this.#acknowledged);
    this.#truncateWal(SMALL_WAL_BYTES);
    return { state, sourceUuid: page.source_uuid, lastSeq: seq, pages: this.#pages, rows: this.#rows, tally: this.#tally, lost: this.#lost };
  }

  /** The page after the checkpoint of whichever staging database there is: it may be another than last time. */
  async #firstPage(): Promise<StagedPage> {
    const { source, signal } = this.#options;
    const guess = this.#checkpoints.all()[0];
    const page = await source.page(guess?.last_seq ?? 0, this.#pace.pageSize(), signal);
    const known = this.#checkpoints.get(page.source_uuid);
    if (page.source_uuid === guess?.source_uuid || (guess?.last_seq ?? 0) === (known?.last_seq ?? 0)) return page;
    return source.page(known?.last_seq ?? 0, this.#pace.pageSize(), signal);
  }

  /** @returns nothing when the run was cancelled meanwhile. */
  async #nextPage(seq: number, rowsLeft: number): Promise<StagedPage | undefined> {
    const { source, signal } = this.#options;
    try {
      await pause(this.#pace.pauseMs(), undefined, { signal });
      return await source.page(seq, Math.min(this.#pace.pageSize(), rowsLeft), signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** One transaction: everything of the page, and that it was merged. @returns the seq up to which all is merged. */
  #mergePage(page: StagedPage, fromSeq: number): number {
    const { database, onEvent } = this.#options;
    const first = page.rows[0]?.seq ?? fromSeq + 1;
    this.#noteGap(page.source_uuid, fromSeq + 1, first - 1);
    const toSeq = page.rows.at(-1)?.seq ?? fromSeq;
    const began = performance.now();
    const applied = database.transaction(() => this.#applyPage(page, fromSeq, toSeq)).immediate();
    const ms = performance.now() - began;
    this.#pace.committed(ms);
    this.#pages += 1;
    this.#rows += page.rows.length;
    for (const key of Object.keys(this.#tally) as (keyof Tally)[]) this.#tally[key] += applied.tally[key];
    onEvent?.({ type: 'page', seq: toSeq, lastSeq: Math.max(page.last_seq, toSeq), rows: page.rows.length, tally: applied.tally, ms, chats: applied.chats });
    return toSeq;
  }

  #applyPage(page: StagedPage, fromSeq: number, toSeq: number): Applied {
    const now = this.#options.now();
    const applied = this.#applier.apply(page.rows, { now, sourceUuid: page.source_uuid });
    this.#checkpoints.reject(page.source_uuid, applied.rejected, now);
    this.#checkpoints.advance({ sourceUuid: page.source_uuid, fromSeq, toSeq, acknowledgedSeq: this.#acknowledged, tally: applied.tally, epoch: this.#epoch, now });
    return applied;
  }

  /** Acknowledged rows are deleted at leisure; missing ones that this database never acknowledged are lost to it. */
  #noteGap(sourceUuid: string, missingFrom: number, toSeq: number): void {
    const fromSeq = Math.max(missingFrom, (this.#checkpoints.get(sourceUuid)?.acknowledged_seq ?? 0) + 1);
    if (fromSeq > toSeq) return;
    this.#lost += toSeq - fromSeq + 1;
    this.#options.onEvent?.({ type: 'gap', fromSeq, toSeq });
  }

  /** What could not be acknowledged now is with the next page: acknowledging says "up to". */
  async #acknowledge(sourceUuid: string, seq: number): Promise<void> {
    if (seq === 0) return;
    try {
      await this.#options.source.acknowledge(sourceUuid, seq, this.#options.signal);
      this.#acknowledged = seq;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#options.onEvent?.({ type: 'unacknowledged', seq, reason: error.message });
    }
  }

  /** A long merge keeps SQLite's own checkpoints from finishing: readers and the live writer are always there. */
  #truncateWal(above: number): void {
    const { database } = this.#options;
    const bytes = statSync(`${database.name}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes > above) database.pragma('wal_checkpoint(TRUNCATE)');
  }
}
