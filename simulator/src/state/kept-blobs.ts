import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlobStore } from '../media/index.ts';
import type { BlobStoreOptions, StoredBlob } from '../media/index.ts';

const PRIVATE_FOLDER = 0o700;

/** Files on the media servers that survive a restart: each lies in a folder under the name of its path. */
export class KeptBlobStore extends BlobStore {
  private readonly folder: string;

  constructor(folder: string, options: Pick<BlobStoreOptions, 'now' | 'beneath'>) {
    const { beneath } = options;
    super({ ...options, beneath: (directPath) => read(folder, directPath) ?? beneath?.(directPath) });
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    this.folder = folder;
  }

  override put(blob: Uint8Array, folder?: string): StoredBlob {
    const stored = super.put(blob, folder);
    writeFileSync(fileOf(this.folder, stored.directPath), blob);
    return stored;
  }

  override renew(directPath: string): StoredBlob | undefined {
    const renewed = super.renew(directPath);
    const found = renewed === undefined ? undefined : this.get(renewed.directPath);
    if (renewed !== undefined && found?.status === 'found') writeFileSync(fileOf(this.folder, renewed.directPath), found.blob);
    return renewed;
  }

  override delete(directPath: string): boolean {
    const deleted = super.delete(directPath);
    rmSync(fileOf(this.folder, directPath), { force: true });
    return deleted;
  }
}

function read(folder: string, directPath: string): Uint8Array | undefined {
  const file = fileOf(folder, directPath);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Paths come from clients: what could lead out of the folder is encoded. */
function fileOf(folder: string, directPath: string): string {
  return join(folder, encodeURIComponent(directPath.replace(/\?.*$/s, '')));
}
