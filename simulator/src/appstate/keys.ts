import { hkdfSync } from 'node:crypto';

/** An app-state sync key as the phone shares it with its companions. */
export interface SyncKey {
  /** Six bytes. */
  readonly keyId: Uint8Array;
  /** 32 bytes. */
  readonly keyData: Uint8Array;
}

export interface MutationKeys {
  readonly index: Buffer;
  readonly valueEncryption: Buffer;
  readonly valueMac: Buffer;
  readonly snapshotMac: Buffer;
  readonly patchMac: Buffer;
}

/** The five keys that a sync key stands for, 32 bytes each. */
export function mutationKeys(keyData: Uint8Array): MutationKeys {
  const expanded = Buffer.from(hkdfSync('sha256', keyData, '', 'WhatsApp Mutation Keys', 160));
  const part = (number: number): Buffer => expanded.subarray(number * 32, (number + 1) * 32);
  return { index: part(0), valueEncryption: part(1), valueMac: part(2), snapshotMac: part(3), patchMac: part(4) };
}

/** The keys that a device holds, found by key id. */
export class KeyRing {
  private readonly expanded = new Map<string, MutationKeys>();

  constructor(keys: readonly SyncKey[] = []) {
    for (const key of keys) this.add(key);
  }

  add({ keyId, keyData }: SyncKey): void {
    this.expanded.set(Buffer.from(keyId).toString('hex'), mutationKeys(keyData));
  }

  find(keyId: Uint8Array): MutationKeys | undefined {
    return this.expanded.get(Buffer.from(keyId).toString('hex'));
  }
}
