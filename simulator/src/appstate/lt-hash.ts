import { hkdfSync } from 'node:crypto';

/** Bytes of the hash: 64 little-endian 16-bit numbers. */
export const LT_HASH_LENGTH = 128;

/** The hash of an empty collection. */
export const emptyLtHash = (): Buffer => Buffer.alloc(LT_HASH_LENGTH);

/**
 * A set hash: what was added and removed, in any order, gives the same value (whatsmeow
 * appstate/lthash). Each item is stretched to 128 bytes and added or subtracted number by number,
 * modulo 2^16. The input is not changed.
 */
export function updateLtHash(hash: Uint8Array, removed: readonly Uint8Array[], added: readonly Uint8Array[]): Buffer {
  if (hash.length !== LT_HASH_LENGTH) throw new RangeError(`An LTHash has ${LT_HASH_LENGTH} bytes, this one has ${hash.length}.`);
  const result = Buffer.from(hash);
  for (const item of removed) combine(result, item, -1);
  for (const item of added) combine(result, item, 1);
  return result;
}

function combine(sum: Buffer, item: Uint8Array, sign: 1 | -1): void {
  const stretched = Buffer.from(hkdfSync('sha256', item, '', 'WhatsApp Patch Integrity', LT_HASH_LENGTH));
  for (let offset = 0; offset < LT_HASH_LENGTH; offset += 2) {
    sum.writeUInt16LE((sum.readUInt16LE(offset) + sign * stretched.readUInt16LE(offset)) & 0xffff, offset);
  }
}
