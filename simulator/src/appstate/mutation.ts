import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { AppStateFault } from './failure.ts';
import type { KeyRing, MutationKeys } from './keys.ts';

const { SET, REMOVE } = proto.SyncdMutation.SyncdOperation;
/** Bytes at the end of a value blob. */
export const VALUE_MAC_LENGTH = 32;
const IV_LENGTH = 16;

/** One decrypted change of a collection. */
export interface Mutation {
  readonly operation: 'set' | 'remove';
  /** E.g. `["pin_v1", "15550100@s.whatsapp.net"]`. */
  readonly index: readonly string[];
  readonly value: proto.ISyncActionValue;
  /** Version of the kind of action, not of the collection. */
  readonly apiVersion: number;
}

/** The encrypted form with what the hashes are computed from. */
export interface SealedMutation {
  readonly proto: proto.ISyncdMutation;
  readonly indexMac: Buffer;
  readonly valueMac: Buffer;
}

const hmac = (algorithm: 'sha256' | 'sha512', key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer => {
  const mac = createHmac(algorithm, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

export function uint64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

/** HMAC-SHA512(operation ‖ key id ‖ ciphertext ‖ length of the first two), cut to 32 bytes (whatsmeow hash.go:generateContentMAC). */
function valueMacOf(keys: MutationKeys, operation: Mutation['operation'], keyId: Uint8Array, encrypted: Uint8Array): Buffer {
  const associated = Buffer.concat([Uint8Array.of(operation === 'set' ? 1 : 2), keyId]);
  return hmac('sha512', keys.valueMac, associated, encrypted, uint64(associated.length)).subarray(0, VALUE_MAC_LENGTH);
}

export interface Sealing {
  readonly keyId: Uint8Array;
  readonly keys: MutationKeys;
  /** Sixteen fresh bytes. */
  readonly iv: Uint8Array;
}

export function sealMutation(mutation: Mutation, { keyId, keys, iv }: Sealing): SealedMutation {
  const index = Buffer.from(JSON.stringify(mutation.index));
  const data = proto.SyncActionData.encode({ index, value: mutation.value, padding: new Uint8Array(0), version: mutation.apiVersion }).finish();
  const cipher = createCipheriv('aes-256-cbc', keys.valueEncryption, iv);
  const encrypted = Buffer.concat([iv, cipher.update(data), cipher.final()]);
  const valueMac = valueMacOf(keys, mutation.operation, keyId, encrypted);
  const indexMac = hmac('sha256', keys.index, index);
  const record = { index: { blob: indexMac }, value: { blob: Buffer.concat([encrypted, valueMac]) }, keyId: { id: keyId } };
  return { proto: { operation: mutation.operation === 'set' ? SET : REMOVE, record }, indexMac, valueMac };
}

export interface Opened {
  readonly mutation: Mutation;
  readonly indexMac: Buffer;
  readonly valueMac: Buffer;
}

/** @throws AppStateFault `malformed`, `unknown_key`, `value_mac` or `index_mac`. */
export function openMutation(sealed: proto.ISyncdMutation, ring: KeyRing, collection: string): Opened {
  const keyId = sealed.record?.keyId?.id;
  const indexMac = sealed.record?.index?.blob;
  const blob = sealed.record?.value?.blob;
  if (!keyId || !indexMac || !blob || blob.length < VALUE_MAC_LENGTH + IV_LENGTH) throw new AppStateFault('malformed', collection);
  const keys = ring.find(keyId);
  if (!keys) throw new AppStateFault('unknown_key', collection, `Key id ${Buffer.from(keyId).toString('hex')}.`);
  const operation = sealed.operation === REMOVE ? 'remove' : 'set';
  const encrypted = blob.subarray(0, -VALUE_MAC_LENGTH);
  const valueMac = Buffer.from(blob.subarray(-VALUE_MAC_LENGTH));
  if (!timingSafeEqual(valueMacOf(keys, operation, keyId, encrypted), valueMac)) throw new AppStateFault('value_mac', collection);
  const decipher = createDecipheriv('aes-256-cbc', keys.valueEncryption, encrypted.subarray(0, IV_LENGTH));
  const data = proto.SyncActionData.decode(Buffer.concat([decipher.update(encrypted.subarray(IV_LENGTH)), decipher.final()]));
  if (!hmac('sha256', keys.index, data.index ?? new Uint8Array(0)).equals(indexMac)) throw new AppStateFault('index_mac', collection);
  const index = JSON.parse(Buffer.from(data.index ?? []).toString()) as string[];
  return { mutation: { operation, index, value: data.value ?? {}, apiVersion: data.version ?? 0 }, indexMac: Buffer.from(indexMac), valueMac };
}
