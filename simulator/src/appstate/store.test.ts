import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { describe, expect, test } from 'vitest';
import { actions } from './actions.ts';
import { emptyState, writePatch } from './patch.ts';
import { AppStateStore, collectionNames, isCollection, type StoredCollections } from './store.ts';

const key = { keyId: Uint8Array.of(0, 0, 0, 0, 0, 1), keyData: new Uint8Array(32).fill(1) };
const author = { key, randomBytes: (length: number): Uint8Array => new Uint8Array(length) };

function somePatch(chat = '1@s.whatsapp.net'): Uint8Array {
  const { index, apiVersion, value } = actions.pin(chat, true);
  return writePatch(emptyState('regular_low'), [{ operation: 'set', index, apiVersion, value }], author).patch;
}

const versionsOf = (patches: readonly Uint8Array[]): number[] => patches.map((patch) => Number(proto.SyncdPatch.decode(patch).version?.version));

describe('the collections of the server', () => {
  test('begin at version 0 with nothing to fetch', () => {
    const store = new AppStateStore();
    for (const name of collectionNames) {
      expect(store.version(name)).toBe(0);
      expect(store.since(name, 0)).toEqual({ version: 0, patches: [], hasMore: false });
    }
  });

  test('number the patches they accept', () => {
    const store = new AppStateStore();
    expect(store.submit('regular_low', 0, somePatch())).toEqual({ accepted: true, version: 1 });
    expect(store.submit('regular_low', 1, somePatch())).toEqual({ accepted: true, version: 2 });
    expect(versionsOf(store.since('regular_low', 0).patches)).toEqual([1, 2]);
    expect(versionsOf(store.since('regular_low', 1).patches)).toEqual([2]);
    expect(store.version('regular_high')).toBe(0);
  });

  test('refuse a patch made on an older version and hand out what is missing', () => {
    const store = new AppStateStore();
    store.submit('regular_low', 0, somePatch('1@s.whatsapp.net'));
    store.submit('regular_low', 1, somePatch('2@s.whatsapp.net'));
    const refused = store.submit('regular_low', 0, somePatch('3@s.whatsapp.net'));
    expect(refused).toMatchObject({ accepted: false, version: 2, hasMore: false });
    if (!refused.accepted) expect(versionsOf(refused.patches)).toEqual([1, 2]);
    expect(store.version('regular_low')).toBe(2);
  });

  test('refuse a patch from the future, with nothing to hand out', () => {
    expect(new AppStateStore().submit('regular_low', 5, somePatch())).toMatchObject({ accepted: false, patches: [], hasMore: false });
  });

  test('refuse bytes that are no patch, or an empty one', () => {
    const store = new AppStateStore();
    expect(() => store.submit('regular', 0, Uint8Array.of(0xff))).toThrow(/no SyncdPatch/);
    expect(() => store.submit('regular', 0, proto.SyncdPatch.encode({}).finish())).toThrow(/no mutations/);
  });

  test('come in pages', () => {
    const store = new AppStateStore();
    for (let version = 0; version < 7; version++) store.submit('regular', version, somePatch());
    const pages: number[][] = [];
    let version = 0;
    for (let more = true; more; ) {
      const page = store.since('regular', version, 3);
      pages.push(versionsOf(page.patches));
      ({ version, hasMore: more } = page);
    }
    expect(pages).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  test('survive being written down', () => {
    const store = new AppStateStore();
    store.submit('regular_low', 0, somePatch());
    const restored = AppStateStore.from(JSON.parse(JSON.stringify(store.dump())) as StoredCollections);
    expect(restored.since('regular_low', 0).patches.map((patch) => Buffer.from(patch))).toEqual(store.since('regular_low', 0).patches.map((patch) => Buffer.from(patch)));
  });

  test('have the names that clients ask for', () => {
    expect(['critical_block', 'critical_unblock_low', 'regular_high', 'regular_low', 'regular'].every(isCollection)).toBe(true);
    expect(isCollection('regular_medium')).toBe(false);
  });
});
