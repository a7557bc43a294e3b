import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addOnId, messageId, positionOf } from './ids.ts';

const shape = /^(AC[0-9A-F]{30}|3A[0-9A-F]{18}|3EB0[0-9A-F]{18})$/;
const position = fc.nat(0xffff_ffff);

test('the position of a message can be read back from its id', () => {
  fc.assert(
    fc.property(fc.integer(), position, fc.constantFrom('14155550100', '447700900123'), fc.constantFrom('message' as const, 'edit' as const), (key, n, sender, use) => {
      const id = messageId(key, n, sender, use);
      expect(id).toMatch(shape);
      expect(positionOf(key, id, use)).toBe(n);
    }),
  );
});

test('ids of a chat differ, those of edits and add-ons included', () => {
  const ids = Array.from({ length: 3000 }, (_, n) => [messageId(7, n, '447700900123'), messageId(7, n, '447700900123', 'edit'), addOnId(7, n, '447700900123', 0), addOnId(7, n, '447700900123', 1)]).flat();
  expect(new Set(ids).size).toBe(ids.length);
});

test('some ids come from linked devices, most from phones', () => {
  const ids = Array.from({ length: 2000 }, (_, n) => messageId(11, n, '447700900123'));
  const companions = ids.filter((id) => id.startsWith('3EB0')).length;
  expect(companions).toBeGreaterThan(60);
  expect(companions).toBeLessThan(200);
});

test.each(['', 'AC', '3EB0XYZ', 'hello', 'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'])('%j is no id of ours', (id) => {
  expect(positionOf(1, id)).toBe(-1);
});
