import { LT_HASH_ANTI_TAMPERING } from '@whiskeysockets/baileys/lib/Utils/lt-hash.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyLtHash, updateLtHash } from './lt-hash.ts';

const item = fc.uint8Array({ minLength: 32, maxLength: 32 });
const items = fc.array(item, { maxLength: 8 });

test('removing what was added gives the hash of before', () => {
  fc.assert(
    fc.property(items, items, (base, more) => {
      const before = updateLtHash(emptyLtHash(), [], base);
      const after = updateLtHash(before, [], more);
      expect(updateLtHash(after, more, [])).toEqual(before);
    }),
  );
});

test('the order of adding does not matter', () => {
  fc.assert(
    fc.property(items, fc.integer(), (list, turn) => {
      const cut = list.length === 0 ? 0 : Math.abs(turn) % list.length;
      const turned = [...list.slice(cut), ...list.slice(0, cut)];
      expect(updateLtHash(emptyLtHash(), [], turned)).toEqual(updateLtHash(emptyLtHash(), [], list));
    }),
  );
});

test('Baileys computes the same', () => {
  fc.assert(
    fc.property(items, items, (removed, added) => {
      const start = updateLtHash(emptyLtHash(), [], removed);
      const theirs = LT_HASH_ANTI_TAMPERING.subtractThenAdd(start, removed, added);
      expect(updateLtHash(start, removed, added)).toEqual(Buffer.from(theirs));
    }),
    { numRuns: 40 },
  );
});

test('a hash of another length is refused', () => {
  expect(() => updateLtHash(new Uint8Array(127), [], [])).toThrow(/128 bytes/);
});
