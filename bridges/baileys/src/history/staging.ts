/** The staging database: notifications of history, chunks, and rows in order of arrival. Every write is durable when it returns. */
import { randomUUID } from 'node:crypto';
import type { Statement } from 'better-sqlite3';
import { Failure } from '@whatsapp-mcp/contract';
import type { Db } from '../sqlite.ts';
import { openDb } from '../sqlite.ts';
import { stagingSchema } from './schema.ts';

/** How a row is read: `live` and `message` hold a WebMessageInfo, `record` JSON of records, the others their proto. */
export type RowKind = 'message' | 'live' | 'conversation' | 'conversation_contact' | 'push_name' | 'mapping' | 'past_participant' | 'record' | 'chunk';

export interface RowDraft {
  readonly kind: RowKind;
  readonly chat?: string | undefined;
  readonly id?: string | undefined;
  readonly proto?: Uint8Array | undefined;
  /** JSON: envelope of a live message, or records. */
  readonly extra?: string | undefined;
}

export interface StoredRow {
  readonly seq: number;
  readonly chunk_id: number;
  readonly kind: RowKind;
  readonly chat_raw: string | null;
  readonly msg_id: string | null;
  readonly at: number;
  readonly proto: Buffer | null;
  readonly extra: string | null;
  readonly sync_type: string;
  readonly received_at: number;
}

export interface ChunkDraft {
  readonly notificationId: number;
  readonly syncType: string;
  readonly chunkOrder: number | undefined;
  readonly progress: number | undefined;
  readonly sessionId: string | undefined;
  readonly messages: number;
  readonly chats: number;
}

export interface StoredChunk {
  readonly chunk_id: number;
  readonly sync_type: string;
  readonly chunk_order: number | null;
  readonly progress: number | null;
  readonly session_id: string | null;
  readonly received_at: number;
  readonly messages: number;
  readonly chats: number;
}

/** Chunks that never end: what comes in real time, and what the phone resends. */
const LIVE_CHUNKS = { LIVE: 1, RESEND: 2 } as const;
export type LiveType = keyof typeof LIVE_CHUNKS;

export class Staging {
  readonly db: Db;
  readonly #now: () => number;
  readonly #insert: Statement;
  sourceUuid: string;

  constructor(file: string, now: () => number) {
    this.#now = now;
    this.db = openDb(file, stagingSchema);
    this.#insert = this.db.prepare('INSERT INTO staged (chunk_id, kind, chat_raw, msg_id, at, proto, extra) VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.sourceUuid = this.#prepareSource();
  }

  #prepareSource(): string {
    return this.db
      .transaction(() => {
        this.db.prepare('INSERT OR IGNORE INTO source (only, source_uuid, created_at) VALUES (1, ?, ?)').run(randomUUID(), this.#now());
        for (const [type, id] of Object.entries(LIVE_CHUNKS)) {
          this.db
            .prepare('INSERT OR IGNORE INTO chunk (chunk_id, sync_type, received_at, messages, chats) VALUES (?, ?, ?, 0, 0)')
            .run(id, type, this.#now());
        }
        return this.db.prepare<[], string>('SELECT source_uuid FROM source').pluck().get() ?? '';
      })
      .immediate();
  }

  /** Rows that came in real time, in one transaction. Answers the seq of the last. */
  stageLive(rows: readonly RowDraft[], type: LiveType = 'LIVE'): number {
    return this.db.transaction(() => this.#stage(LIVE_CHUNKS[type], rows)).immediate();
  }

  /** A chunk of history, its end mark and its notification's done mark, in one transaction. Answers the seq of the end mark. */
  stageChunk(chunk: ChunkDraft, rows: readonly RowDraft[]): number {
    return this.db
      .transaction(() => {
        const { lastInsertRowid } = this.db
          .prepare(
            'INSERT INTO chunk (notification_id, sync_type, chunk_order, progress, session_id, received_at, messages, chats) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run(
            chunk.notificationId,
            chunk.syncType,
            chunk.chunkOrder ?? null,
            chunk.progress ?? null,
            chunk.sessionId ?? null,
            this.#now(),
            chunk.messages,
            chunk.chats,
          );
        const last = this.#stage(Number(lastInsertRowid), [...rows, { kind: 'chunk' }]);
        // The proto has done its work; an inline payload would stay for nothing.
        this.db.prepare("UPDATE hs_notification SET status = 'done', error = NULL, proto = x'' WHERE id = ?").run(chunk.notificationId);
        return last;
      })
      .immediate();
  }

  #stage(chunkId: number, rows: readonly RowDraft[]): number {
    const at = this.#now();
    let last = this.lastSeq();
    for (const row of rows) {
      last = Number(this.#insert.run(chunkId, row.kind, row.chat ?? null, row.id ?? null, at, row.proto ?? null, row.extra ?? null).lastInsertRowid);
    }
    return last;
  }

  /** Newest row ever staged, deleted or not; 0: none. */
  lastSeq(): number {
    return this.db.prepare<[], number>("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'staged'), 0)").pluck().get() ?? 0;
  }

  acknowledgedSeq(): number {
    return this.db.prepare<[], number>('SELECT acknowledged_seq FROM source').pluck().get() ?? 0;
  }

  countRows(): number {
    return this.db.prepare<[], number>('SELECT count(*) FROM staged').pluck().get() ?? 0;
  }

  /** Rows after `seq`, in order, with what their chunk says of them. Stop reading to stop loading. */
  rowsAfter(seq: number, limit: number): IterableIterator<StoredRow> {
    return this.db
      .prepare<[number, number], StoredRow>(
        'SELECT s.*, c.sync_type, iif(c.notification_id IS NULL, s.at, c.received_at) AS received_at FROM staged s JOIN chunk c USING (chunk_id) WHERE seq > ? ORDER BY seq LIMIT ?',
      )
      .iterate(seq, limit);
  }

  chunk(id: number): StoredChunk | undefined {
    return this.db.prepare<[number], StoredChunk>('SELECT * FROM chunk WHERE chunk_id = ?').get(id);
  }

  /** The newest live row of a message. */
  liveMessage(id: string): StoredRow | undefined {
    return this.db
      .prepare<[string], StoredRow>("SELECT s.*, 'LIVE' AS sync_type, s.at AS received_at FROM staged s WHERE kind = 'live' AND msg_id = ? ORDER BY seq DESC LIMIT 1")
      .get(id);
  }

  /** Marks all rows up to `seq` as durable elsewhere. Never goes back. */
  acknowledge(sourceUuid: string, seq: number): number {
    if (sourceUuid !== this.sourceUuid) {
      throw new Failure('invalid_argument', `"source_uuid" is ${sourceUuid}; this staging database is ${this.sourceUuid}. Read it again from the start.`);
    }
    if (seq > this.lastSeq()) throw new Failure('invalid_argument', `"seq" is ${seq}; the newest row is ${this.lastSeq()}.`);
    this.db.prepare('UPDATE source SET acknowledged_seq = max(acknowledged_seq, ?)').run(seq);
    return this.acknowledgedSeq();
  }

  /** Deletes acknowledged rows that were staged before `olderThan`; `dryRun`: only counts them. */
  clear(olderThan: number, dryRun: boolean): { rows: number; bytes: number; kept_unmerged: number } {
    const where = 'seq <= (SELECT acknowledged_seq FROM source) AND at <= @olderThan';
    const counted = this.db
      .prepare<[{ olderThan: number }], { rows: number; bytes: number }>(
        `SELECT count(*) AS rows, coalesce(sum(length(proto)), 0) + coalesce(sum(length(extra)), 0) AS bytes FROM staged WHERE ${where}`,
      )
      .get({ olderThan });
    const kept = this.db.prepare<[], number>('SELECT count(*) FROM staged WHERE seq > (SELECT acknowledged_seq FROM source)').pluck().get() ?? 0;
    if (!dryRun) {
      this.db.prepare(`DELETE FROM staged WHERE ${where}`).run({ olderThan });
      this.db.pragma('incremental_vacuum');
    }
    return { rows: counted?.rows ?? 0, bytes: counted?.bytes ?? 0, kept_unmerged: kept };
  }

  /** The account that the rows belong to. Another account starts a new source: its rows are read from the start. */
  own(): { pn: string | undefined; lid: string | undefined } {
    const row = this.db.prepare<[], { own_pn: string | null; own_lid: string | null }>('SELECT own_pn, own_lid FROM source').get();
    return { pn: row?.own_pn ?? undefined, lid: row?.own_lid ?? undefined };
  }

  /**
   * Says whose rows these are. Where they were another account's, they are dropped and a new source begins: the merge
   * starts again from its first row.
   */
  adopt(pn: string | undefined, lid: string | undefined): void {
    const former = this.own().pn;
    this.db
      .transaction(() => {
        if (former !== undefined && pn !== undefined && former !== pn) this.#startAnew();
        this.db.prepare('UPDATE source SET own_pn = coalesce(?, own_pn), own_lid = coalesce(?, own_lid)').run(pn ?? null, lid ?? null);
      })
      .immediate();
  }

  #startAnew(): void {
    this.db.exec(`DELETE FROM staged; DELETE FROM chunk WHERE notification_id IS NOT NULL; DELETE FROM hs_notification; DELETE FROM sqlite_sequence WHERE name = 'staged'`);
    this.sourceUuid = randomUUID();
    this.db
      .prepare('UPDATE source SET source_uuid = ?, created_at = ?, acknowledged_seq = 0, own_pn = NULL, own_lid = NULL')
      .run(this.sourceUuid, this.#now());
  }

  close(): void {
    this.db.close();
  }
}
