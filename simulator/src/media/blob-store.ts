import { sha256 } from './cipher.ts';

export interface BlobStoreOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Blobs that exist without having been uploaded, such as those of a generated past; by direct path. */
  readonly beneath?: (directPath: string) => Uint8Array | undefined;
  /** Bytes of one blob. */
  readonly maxBlobBytes: number;
  /** Bytes of all blobs together. */
  readonly maxTotalBytes: number;
  readonly maxBlobs: number;
  /** A blob is gone this long after its upload; real ones stay for about two weeks. */
  readonly lifetimeMs: number;
}

export const blobLimits = {
  maxBlobBytes: 64 * 1024 * 1024,
  maxTotalBytes: 512 * 1024 * 1024,
  maxBlobs: 10_000,
  lifetimeMs: 14 * 86_400_000,
} as const satisfies Partial<BlobStoreOptions>;

/** `missing` = never there or deleted (404), `gone` = expired (410). */
export type Found = { readonly status: 'found'; readonly blob: Uint8Array } | { readonly status: 'missing' | 'gone' };

/** Thrown when a limit is reached. */
export class BlobStoreFull extends Error {
  override readonly name = 'BlobStoreFull';
}

export interface StoredBlob {
  /** With query string. */
  readonly directPath: string;
  /** What the uploader gets to name the blob when deleting it. */
  readonly handle: string;
}

interface Entry {
  readonly blob: Uint8Array;
  readonly storedAt: number;
}

const withoutQuery = (directPath: string): string => directPath.replace(/\?.*$/s, '');

/**
 * Encrypted files by direct path. The path of a blob follows from its bytes, so the same upload
 * twice is one blob; a renewed blob has a new path.
 */
export class BlobStore {
  private readonly options: BlobStoreOptions;
  private readonly entries = new Map<string, Entry>();
  private readonly deleted = new Set<string>();
  private readonly expired = new Set<string>();
  private totalBytes = 0;
  private renewals = 0;

  constructor(options: Pick<BlobStoreOptions, 'now'> & Partial<BlobStoreOptions>) {
    this.options = { ...blobLimits, ...options };
  }

  /** @throws BlobStoreFull if the blob or the store would be too big. */
  put(blob: Uint8Array, folder = 't62.7118-24'): StoredBlob {
    return this.keep(blob, folder, '');
  }

  /** The query string of a path does not matter. */
  get(directPath: string): Found {
    const path = withoutQuery(directPath);
    if (this.deleted.has(path)) return { status: 'missing' };
    const bytes = this.bytesAt(path);
    if (!bytes) return { status: 'missing' };
    return this.isExpired(path) ? { status: 'gone' } : { status: 'found', blob: bytes };
  }

  /** False if there was nothing. */
  delete(directPath: string): boolean {
    const path = withoutQuery(directPath);
    if (this.get(path).status !== 'found') return false;
    this.totalBytes -= this.entries.get(path)?.blob.length ?? 0;
    this.entries.delete(path);
    this.deleted.add(path);
    return true;
  }

  /** Lets a blob be gone from now on, as after two weeks. The phone can still `renew` it. */
  expire(directPath: string): void {
    this.expired.add(withoutQuery(directPath));
  }

  /** The phone uploads an expired or deleted file again: a new path, or undefined if it has no such file. */
  renew(directPath: string): StoredBlob | undefined {
    const blob = this.bytesAt(withoutQuery(directPath));
    this.renewals += 1;
    return blob && this.keep(blob, 't62.7118-24', String(this.renewals));
  }

  counts(): { readonly blobs: number; readonly bytes: number } {
    return { blobs: this.entries.size, bytes: this.totalBytes };
  }

  private keep(blob: Uint8Array, folder: string, salt: string): StoredBlob {
    const hash = sha256(blob, Buffer.from(salt));
    const numbers = [hash.readUInt32BE(0), hash.readUIntBE(4, 6), hash.readUIntBE(10, 6)];
    const path = `/v/${folder}/${numbers.join('_')}_n.enc`;
    if (!this.entries.has(path)) {
      this.makeRoomFor(blob.length);
      this.totalBytes += blob.length;
    }
    this.entries.set(path, { blob, storedAt: this.options.now() });
    this.deleted.delete(path);
    this.expired.delete(path);
    const token = hash.toString('base64url');
    return { directPath: `${path}?ccb=11-4&oh=01_Q5Aa${token.slice(0, 22)}&oe=6B1F2C80&_nc_sid=5e03e0`, handle: `h_${token}` };
  }

  private makeRoomFor(length: number): void {
    const { maxBlobBytes, maxBlobs, maxTotalBytes } = this.options;
    if (length > maxBlobBytes) throw new BlobStoreFull(`A blob may have ${maxBlobBytes} bytes, this one has ${length}.`);
    if (this.entries.size >= maxBlobs) throw new BlobStoreFull(`The store holds ${maxBlobs} blobs; delete some.`);
    if (this.totalBytes + length > maxTotalBytes) throw new BlobStoreFull(`The store holds ${this.totalBytes} of ${maxTotalBytes} bytes; ${length} more do not fit.`);
  }

  private bytesAt(path: string): Uint8Array | undefined {
    return this.entries.get(path)?.blob ?? this.options.beneath?.(path);
  }

  private isExpired(path: string): boolean {
    const entry = this.entries.get(path);
    return this.expired.has(path) || (entry !== undefined && this.options.now() - entry.storedAt > this.options.lifetimeMs);
  }
}
