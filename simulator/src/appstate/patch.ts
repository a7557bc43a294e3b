import { createHmac } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { AppStateFault } from './failure.ts';
import type { KeyRing, SyncKey } from './keys.ts';
import { mutationKeys } from './keys.ts';
import { emptyLtHash, updateLtHash } from './lt-hash.ts';
import { openMutation, sealMutation, uint64, VALUE_MAC_LENGTH, type Mutation } from './mutation.ts';

/** Where a device stands in one collection. */
export interface CollectionState {
  readonly name: string;
  /** 0 = nothing has ever been written. */
  readonly version: number;
  readonly hash: Buffer;
  /** MAC of the value that each index holds now; keys are index MACs in hexadecimal. */
  readonly values: ReadonlyMap<string, Buffer>;
}

export const emptyState = (name: string): CollectionState => ({ name, version: 0, hash: emptyLtHash(), values: new Map() });

interface HashedMutation {
  readonly operation: Mutation['operation'];
  readonly indexMac: Buffer;
  readonly valueMac: Buffer;
}

/** The state after these mutations, one version on. An index that is set again leaves its old value; so does one that is removed. */
function advance(state: CollectionState, mutations: readonly HashedMutation[]): CollectionState {
  const values = new Map(state.values);
  const removed: Buffer[] = [];
  const added: Buffer[] = [];
  for (const { operation, indexMac, valueMac } of mutations) {
    const key = indexMac.toString('hex');
    const previous = values.get(key);
    if (previous) removed.push(previous);
    if (operation === 'set') {
      added.push(valueMac);
      values.set(key, valueMac);
    } else {
      values.delete(key);
    }
  }
  return { name: state.name, version: state.version + 1, hash: updateLtHash(state.hash, removed, added), values };
}

const hmac = (key: Uint8Array, ...parts: readonly (Uint8Array | string)[]): Buffer => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

const snapshotMacOf = (key: Uint8Array, state: CollectionState): Buffer => hmac(key, state.hash, uint64(state.version), state.name);

const patchMacOf = (key: Uint8Array, snapshotMac: Uint8Array, valueMacs: readonly Uint8Array[], after: { version: number; name: string }): Buffer =>
  hmac(key, snapshotMac, ...valueMacs, uint64(after.version), after.name);

export interface Author {
  readonly key: SyncKey;
  /** Fresh random bytes, for initialisation vectors. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** A patch without version, as clients upload it, and the state of its author after it. */
export function writePatch(state: CollectionState, mutations: readonly Mutation[], author: Author): { patch: Uint8Array; state: CollectionState } {
  const { keyId, keyData } = author.key;
  const keys = mutationKeys(keyData);
  const sealed = mutations.map((mutation) => sealMutation(mutation, { keyId, keys, iv: author.randomBytes(16) }));
  const after = advance(state, sealed.map(({ indexMac, valueMac }, index) => ({ indexMac, valueMac, operation: mutations[index]?.operation ?? 'set' })));
  const snapshotMac = snapshotMacOf(keys.snapshotMac, after);
  const patchMac = patchMacOf(keys.patchMac, snapshotMac, sealed.map(({ valueMac }) => valueMac), after);
  const patch = proto.SyncdPatch.encode({ mutations: sealed.map((one) => one.proto), snapshotMac, patchMac, keyId: { id: keyId } }).finish();
  return { patch, state: after };
}

/** @throws AppStateFault `malformed`. */
export function parsePatch(bytes: Uint8Array, collection: string): proto.SyncdPatch {
  try {
    return proto.SyncdPatch.decode(bytes);
  } catch (cause) {
    const fault = new AppStateFault('malformed', collection);
    fault.cause = cause;
    throw fault;
  }
}

/**
 * Checks every MAC of a patch and returns what it says and the state after it. The patch must
 * carry its version, as the server stores it.
 * @throws AppStateFault with each of its codes.
 */
export function readPatch(state: CollectionState, bytes: Uint8Array, ring: KeyRing): { mutations: Mutation[]; state: CollectionState } {
  const patch = parsePatch(bytes, state.name);
  const version = Number(patch.version?.version ?? 0);
  if (version !== state.version + 1) throw new AppStateFault('version', state.name, `Expected ${state.version + 1}, got ${version}.`);
  const { snapshotMac, patchMac } = patch;
  const keyId = patch.keyId?.id;
  if (!snapshotMac || !patchMac || !keyId) throw new AppStateFault('malformed', state.name);
  const keys = ring.find(keyId);
  if (!keys) throw new AppStateFault('unknown_key', state.name, `Key id ${Buffer.from(keyId).toString('hex')}.`);
  const valueMacs = patch.mutations.map((mutation) => mutation.record?.value?.blob?.subarray(-VALUE_MAC_LENGTH) ?? new Uint8Array(0));
  if (!patchMacOf(keys.patchMac, snapshotMac, valueMacs, { version, name: state.name }).equals(patchMac)) throw new AppStateFault('patch_mac', state.name);
  const opened = patch.mutations.map((mutation) => openMutation(mutation, ring, state.name));
  const after = advance(state, opened.map(({ mutation, indexMac, valueMac }) => ({ operation: mutation.operation, indexMac, valueMac })));
  if (!snapshotMacOf(keys.snapshotMac, after).equals(snapshotMac)) throw new AppStateFault('snapshot_mac', state.name);
  return { mutations: opened.map(({ mutation }) => mutation), state: after };
}
