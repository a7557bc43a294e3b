import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { decodePatches, encodeSyncdPatch, newLTHashState } from '@whiskeysockets/baileys/lib/Utils/chat-utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actions } from './actions.ts';
import { AppStateFault, type AppStateFaultCode } from './failure.ts';
import { KeyRing, type SyncKey } from './keys.ts';
import { openMutation, type Mutation } from './mutation.ts';
import { emptyState, readPatch, writePatch, type CollectionState } from './patch.ts';

const key: SyncKey = { keyId: Uint8Array.of(0, 0, 0, 0, 1, 2), keyData: new Uint8Array(32).fill(17) };
const ring = new KeyRing([key]);
let counter = 0;
const randomBytes = (length: number): Uint8Array => new Uint8Array(length).fill(counter++ % 256);
const author = { key, randomBytes };
const name = 'regular_low';
const { SET } = proto.SyncdMutation.SyncdOperation;

const pin = (chat: string, pinned: boolean): Mutation => {
  const { index, apiVersion, value } = actions.pin(chat, pinned);
  return { operation: 'set', index, apiVersion, value: { timestamp: 1_700_000_000_000, ...value } };
};

/** As the server stores it: with a version. */
function versioned(bytes: Uint8Array, version: number, change: (patch: proto.SyncdPatch) => void = () => undefined): Uint8Array {
  const patch = proto.SyncdPatch.decode(bytes);
  patch.version = { version };
  change(patch);
  return proto.SyncdPatch.encode(patch).finish();
}

const chat = fc.constantFrom('1@s.whatsapp.net', '2@s.whatsapp.net', '3@lid', '4@g.us');
const mutation: fc.Arbitrary<Mutation> = fc.record({ chat, pinned: fc.boolean(), operation: fc.constantFrom('set' as const, 'set' as const, 'remove' as const) }).map(({ chat: jid, pinned, operation }) => ({ ...pin(jid, pinned), operation }));
/** Each index once in a patch, as clients write them. */
const mutations = fc.uniqueArray(mutation, { minLength: 1, maxLength: 4, selector: ({ index }) => index[1] });

/** Writes patches one after the other, as one author. */
function written(batches: readonly (readonly Mutation[])[]): { patches: Uint8Array[]; state: CollectionState } {
  const patches: Uint8Array[] = [];
  let state = emptyState(name);
  for (const batch of batches) {
    const result = writePatch(state, batch, author);
    state = result.state;
    patches.push(versioned(result.patch, state.version));
  }
  return { patches, state };
}

const getKey = (id: string): Promise<proto.Message.IAppStateSyncKeyData | undefined> =>
  Promise.resolve(id === Buffer.from(key.keyId).toString('base64') ? { keyData: key.keyData } : undefined);

describe('patches', () => {
  test('are read as they were written, and both sides have the same state', () => {
    fc.assert(
      fc.property(fc.array(mutations, { minLength: 1, maxLength: 6 }), (batches) => {
        const { patches, state: authorState } = written(batches);
        let state = emptyState(name);
        for (const [index, patch] of patches.entries()) {
          const read = readPatch(state, patch, ring);
          expect(read.mutations.map(({ operation, index: path }) => [operation, path])).toEqual(batches[index]?.map(({ operation, index: path }) => [operation, path]));
          state = read.state;
        }
        expect(state.hash).toEqual(authorState.hash);
        expect(new Map(state.values)).toEqual(new Map(authorState.values));
      }),
      { numRuns: 40 },
    );
  });

  test('the hash depends on what is set now, not on how it came to be', () => {
    const straight = emptyState(name);
    const { state } = written([[pin('1@s.whatsapp.net', true)], [{ ...pin('1@s.whatsapp.net', true), operation: 'remove' }]]);
    expect(state.hash).toEqual(straight.hash);
    expect(state.values.size).toBe(0);
  });

  test('are read by Baileys with its MAC checks on', async () => {
    const { patches, state } = written([[pin('1@s.whatsapp.net', true), pin('2@s.whatsapp.net', true)], [pin('1@s.whatsapp.net', false)], [{ ...pin('2@s.whatsapp.net', true), operation: 'remove' }]]);
    const decoded = await decodePatches(name, patches.map((patch) => proto.SyncdPatch.decode(patch)), newLTHashState(), getKey, {}, undefined, undefined, true);
    expect(decoded.state.version).toBe(3);
    expect(Buffer.from(decoded.state.hash)).toEqual(state.hash);
    expect(Object.values(decoded.mutationMap).map((read) => read.index)).toEqual(expect.arrayContaining([['pin_v1', '1@s.whatsapp.net']]));
  });

  test('of Baileys are read with our MAC checks on, and answered', async () => {
    const mine = writePatch(emptyState(name), [pin('1@s.whatsapp.net', true)], author);
    const theirs = await decodePatches(name, [proto.SyncdPatch.decode(versioned(mine.patch, 1))], newLTHashState(), getKey, {}, undefined, undefined, true);
    const encoded = await encodeSyncdPatch(
      { type: name, index: ['archive', '2@s.whatsapp.net'], syncAction: { archiveChatAction: { archived: true } }, apiVersion: 3, operation: SET },
      Buffer.from(key.keyId).toString('base64'),
      theirs.state,
      getKey,
    );
    const read = readPatch(mine.state, versioned(proto.SyncdPatch.encode(encoded.patch).finish(), 2), ring);
    expect(read.mutations).toMatchObject([{ operation: 'set', index: ['archive', '2@s.whatsapp.net'], apiVersion: 3, value: { archiveChatAction: { archived: true } } }]);
    expect(read.state.hash).toEqual(Buffer.from(encoded.state.hash));
  });
});

describe('a bad patch', () => {
  const good = (): Uint8Array => writePatch(emptyState(name), [pin('1@s.whatsapp.net', true)], author).patch;
  const flip = (bytes: Uint8Array | null | undefined, index: number): void => {
    if (bytes) bytes[index] = (bytes[index] ?? 0) ^ 1;
  };
  const blobOf = (patch: proto.SyncdPatch): Uint8Array | null | undefined => patch.mutations[0]?.record?.value?.blob;

  test.each<[AppStateFaultCode, string, Uint8Array]>([
    ['malformed', 'is no protobuf', Uint8Array.of(0xff, 0xff)],
    ['malformed', 'has no key id', versioned(good(), 1, (patch) => (patch.keyId = null))],
    ['unknown_key', 'names another key', versioned(good(), 1, (patch) => (patch.keyId = { id: Uint8Array.of(9) }))],
    ['patch_mac', 'has another patch MAC', versioned(good(), 1, (patch) => flip(patch.patchMac, 0))],
    ['patch_mac', 'has another value MAC', versioned(good(), 1, (patch) => flip(blobOf(patch), (blobOf(patch)?.length ?? 1) - 1))],
    ['value_mac', 'has another ciphertext', versioned(good(), 1, (patch) => flip(blobOf(patch), 20))],
    ['index_mac', 'has another index MAC', versioned(good(), 1, (patch) => flip(patch.mutations[0]?.record?.index?.blob, 0))],
    ['version', 'comes too early', versioned(good(), 2)],
    ['version', 'has no version', good()],
  ])('%s: one that %s', (code, _what, bytes) => {
    const reading = (): unknown => readPatch(emptyState(name), bytes, ring);
    expect(reading).toThrow(AppStateFault);
    expect(reading).toThrow(expect.objectContaining({ code, collection: name }));
  });

  test('snapshot_mac: one whose author has missed a patch', () => {
    const first = writePatch(emptyState(name), [pin('1@s.whatsapp.net', true)], author);
    // The author believes to be at version 1 without having counted the first value.
    const ignorant: CollectionState = { ...emptyState(name), version: 1 };
    const second = writePatch(ignorant, [pin('2@s.whatsapp.net', true)], author);
    expect(() => readPatch(first.state, versioned(second.patch, 2), ring)).toThrow(expect.objectContaining({ code: 'snapshot_mac' }));
  });

  test.each<[AppStateFaultCode, proto.ISyncdMutation]>([
    ['malformed', {}],
    ['malformed', { record: { keyId: { id: key.keyId }, index: { blob: new Uint8Array(32) }, value: { blob: new Uint8Array(40) } } }],
    ['unknown_key', { record: { keyId: { id: Uint8Array.of(1) }, index: { blob: new Uint8Array(32) }, value: { blob: new Uint8Array(64) } } }],
    ['value_mac', { record: { keyId: { id: key.keyId }, index: { blob: new Uint8Array(32) }, value: { blob: new Uint8Array(64) } } }],
  ])('%s: the single mutation %j', (code, sealed) => {
    expect(() => openMutation(sealed, ring, name)).toThrow(expect.objectContaining({ code }));
  });
});
