/** What the merge remembers in messages.db: who may merge, how far it has come, what it could not merge. */
import type { StagedRow } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import type { Tally } from './apply.ts';

const LEASE = 'merge';
/** For people who look: the lock and the epoch decide, not the time. */
const LEASE_MS = 60_000;

export interface Checkpoint {
  readonly source_uuid: string;
  readonly last_seq: number;
  readonly acknowledged_seq: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly filled: number;
  readonly collided: number;
  readonly rejected: number;
  readonly epoch: number;
  readonly updated_at: number;
}

export interface Lease {
  readonly owner: string;
  readonly epoch: number;
  readonly expires_at: number;
}

export interface Step {
  readonly sourceUuid: string;
  /** Where the page began: another value in the database means that somebody else has merged. */
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly acknowledgedSeq: number;
  readonly tally: Tally;
  readonly epoch: number;
  readonly now: number;
}

/** Another process has taken over: what this one was about to write is not written. */
export class Fenced extends Failure {
  constructor(owner: string) {
    super('locked', `Another process took over the merge (${owner}); this one stopped. Nothing is lost.`);
  }
}

export interface Checkpoints {
  /** Begins an epoch: whoever merged before and wakes up again is refused. Returns it. */
  acquire(owner: string, now: number): number;
  lease(): Lease | undefined;
  get(sourceUuid: string): Checkpoint | undefined;
  /** Newest first. */
  all(): Checkpoint[];
  /** Only in the page's transaction. Throws Fenced. */
  advance(step: Step): void;
  /** Puts rows aside; in the page's transaction. */
  reject(sourceUuid: string, rows: readonly { readonly row: StagedRow; readonly error: string }[], now: number): void;
  acknowledged(sourceUuid: string, seq: number): void;
  /** So that everything staged after `seq` is merged again: changes nothing that is there. */
  rewind(sourceUuid: string, seq: number): void;
  /** Refuses or stops merges until resumed; kept in the database, so that it holds for all processes. */
  setPaused(paused: boolean): void;
  isPaused(): boolean;
}

export function createCheckpoints(database: Database): Checkpoints {
  return { ...leases(database), ...positions(database), ...pausing(database) };
}

function leases(database: Database): Pick<Checkpoints, 'acquire' | 'lease'> {
  const acquire = database.prepare<[string, string, number], { epoch: number }>(
    `INSERT INTO lease (name, owner, epoch, expires_at) VALUES (?, ?, 1, ?)
     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = epoch + 1, expires_at = excluded.expires_at RETURNING epoch`,
  );
  const lease = database.prepare<[string], Lease>('SELECT owner, epoch, expires_at FROM lease WHERE name = ?');
  return {
    acquire: (owner, now) => database.transaction(() => acquire.get(LEASE, owner, now + LEASE_MS)?.epoch ?? 0).immediate(),
    lease: () => lease.get(LEASE),
  };
}

function positions(database: Database): Omit<Checkpoints, 'acquire' | 'lease' | 'setPaused' | 'isPaused'> {
  const fence = database.prepare<[string], { owner: string; epoch: number }>('SELECT owner, epoch FROM lease WHERE name = ?');
  const extend = database.prepare('UPDATE lease SET expires_at = ? WHERE name = ?');
  const get = database.prepare<[string], Checkpoint>('SELECT * FROM merge_checkpoint WHERE source_uuid = ?');
  const all = database.prepare<[], Checkpoint>('SELECT * FROM merge_checkpoint ORDER BY updated_at DESC, source_uuid');
  const save = database.prepare(
    `INSERT INTO merge_checkpoint (source_uuid, last_seq, acknowledged_seq, inserted, duplicates, filled, collided, rejected, epoch, updated_at)
     VALUES (@sourceUuid, @toSeq, @acknowledgedSeq, @inserted, @duplicates, @filled, @collided, @rejected, @epoch, @now)
     ON CONFLICT (source_uuid) DO UPDATE SET last_seq = excluded.last_seq, acknowledged_seq = max(acknowledged_seq, excluded.acknowledged_seq),
       inserted = inserted + excluded.inserted, duplicates = duplicates + excluded.duplicates, filled = filled + excluded.filled,
       collided = collided + excluded.collided, rejected = rejected + excluded.rejected, epoch = excluded.epoch, updated_at = excluded.updated_at`,
  );
  const reject = database.prepare(
    'INSERT INTO merge_reject (source_uuid, seq, error, record, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET error = excluded.error, record = excluded.record, at = excluded.at',
  );
  const acknowledged = database.prepare('UPDATE merge_checkpoint SET acknowledged_seq = max(acknowledged_seq, ?) WHERE source_uuid = ?');
  const rewind = database.prepare('UPDATE merge_checkpoint SET last_seq = min(last_seq, ?) WHERE source_uuid = ?');
  return {
    get: (sourceUuid) => get.get(sourceUuid),
    all: () => all.all(),
    advance: ({ tally, ...step }) => {
      const holder = fence.get(LEASE);
      if (holder?.epoch !== step.epoch || (get.get(step.sourceUuid)?.last_seq ?? 0) !== step.fromSeq) throw new Fenced(holder?.owner ?? 'unknown');
      save.run({ ...step, ...tally });
      extend.run(step.now + LEASE_MS, LEASE);
    },
    reject: (sourceUuid, rows, now) => {
      for (const { row, error } of rows) reject.run(sourceUuid, row.seq, error.slice(0, 2_000), JSON.stringify(row), now);
    },
    acknowledged: (sourceUuid, seq) => database.transaction(() => acknowledged.run(seq, sourceUuid)).immediate(),
    rewind: (sourceUuid, seq) => database.transaction(() => rewind.run(seq, sourceUuid)).immediate(),
  };
}

function pausing(database: Database): Pick<Checkpoints, 'setPaused' | 'isPaused'> {
  const paused = database.prepare<[], { v: string }>("SELECT v FROM meta WHERE k = 'merge_paused'");
  const pause = database.prepare("INSERT INTO meta (k, v) VALUES ('merge_paused', '1') ON CONFLICT DO NOTHING");
  const resume = database.prepare("DELETE FROM meta WHERE k = 'merge_paused'");
  return {
    isPaused: () => paused.get() !== undefined,
    setPaused: (value) => {
      database.transaction(() => (value ? pause : resume).run()).immediate();
    },
  };
}
