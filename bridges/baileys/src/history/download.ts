/**
 * Finishes the notifications of history: downloads each, stages its chunk. One at a time, in order of arrival; what
 * fails waits and is tried again, also by the next process.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Log } from '../log.ts';
import type { ChunkRows } from './chunks.ts';
import { rowsOf } from './chunks.ts';
import type { PendingNotification } from './notifications.ts';
import { nextPending, noteFailure, syncTypeName } from './notifications.ts';
import type { Staging } from './staging.ts';
import { splitHistory } from './wire.ts';

/** What a notification says of its blob. */
export interface Blob {
  /** Compressed HistorySync inside the notification. */
  readonly inline: Uint8Array | undefined;
  readonly sha256: Uint8Array | undefined;
  /** Downloads and decrypts the compressed HistorySync. */
  fetch(): Promise<Buffer>;
}

export interface DownloadParts {
  readonly staging: Staging;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  readonly readBlob: (notification: Uint8Array) => Blob;
  /** A chunk is staged. */
  readonly onChunk: (chunk: ChunkRows & { readonly sessionId: string | undefined; readonly lastSeq: number }) => void;
}

/** The server keeps blobs for weeks; after some hours of failures the blob itself is the reason. */
const MAX_ATTEMPTS = 10;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 3_600_000;
/** A HistorySync of the largest frame expands about tenfold; more is an attack on memory. */
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

const inflateAsync = promisify(inflate);

/** The blob is gone for ever: 404 and 410 of the media server. */
export class BlobGone extends Error {}

export class Downloader {
  readonly #parts: DownloadParts;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
  }

  /** Starts on what is due, now or when it will be. Call whenever a notification was noted. */
  wake(): void {
    if (this.#closed || this.#running !== undefined) return;
    clearTimeout(this.#timer);
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
      this.#sleepUntilDue();
    });
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #sleepUntilDue(): void {
    const next = nextPending(this.#parts.staging);
    if (this.#closed || next === undefined) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(next.next_attempt_at - this.#parts.now(), 0));
  }

  async #drain(): Promise<void> {
    for (;;) {
      const next = nextPending(this.#parts.staging);
      if (this.#closed || next === undefined || next.next_attempt_at > this.#parts.now()) return;
      await this.#finish(next);
    }
  }

  async #finish(notification: PendingNotification): Promise<void> {
    const { staging, log } = this.#parts;
    try {
      const parts = splitHistory(await this.#inflated(notification.proto));
      const chunk = rowsOf(parts);
      const sessionId = notification.session_id ?? undefined;
      const lastSeq = staging.stageChunk(
        {
          notificationId: notification.id,
          syncType: syncTypeName(notification.sync_type) ?? 'RECENT',
          chunkOrder: notification.chunk_order ?? parts.chunkOrder,
          progress: notification.progress ?? parts.progress,
          sessionId,
          messages: chunk.messages,
          chats: chunk.chats,
        },
        chunk.rows,
      );
      log.info({ type: syncTypeName(notification.sync_type), order: notification.chunk_order, messages: chunk.messages, chats: chunk.chats }, 'history staged');
      this.#parts.onChunk({ ...chunk, sessionId, lastSeq });
    } catch (error) {
      this.#failed(notification, error as Error);
    }
  }

  async #inflated(notification: Uint8Array): Promise<Buffer> {
    const blob = this.#parts.readBlob(notification);
    const compressed = blob.inline ?? (await blob.fetch());
    if (blob.inline === undefined && blob.sha256 !== undefined && !createHash('sha256').update(compressed).digest().equals(blob.sha256)) {
      throw new Error('the downloaded history has another SHA-256 than announced');
    }
    return inflateAsync(compressed, { maxOutputLength: MAX_INFLATED_BYTES });
  }

  #failed({ id, attempts }: PendingNotification, error: Error): void {
    const { staging, log, now, random } = this.#parts;
    const givenUp = error instanceof BlobGone || attempts + 1 >= MAX_ATTEMPTS;
    const pause = Math.min(FIRST_RETRY_MS * 4 ** attempts, LONGEST_RETRY_MS) * (0.75 + random() / 2);
    noteFailure(staging, id, error.message, givenUp ? undefined : Math.ceil(now() + pause));
    log.warn({ notification: id, attempt: attempts + 1, givenUp, reason: error.message }, 'history not downloaded');
  }
}
