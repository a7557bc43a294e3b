import { namedWorld } from 'wa-sim';
import { expect, test } from 'vitest';
import { compare, expectedRows } from './truth.ts';
import type { Row } from './truth.ts';

const row: Row = { chat: '1@s.whatsapp.net', id: 'A', from_me: 0, sender: '1@s.whatsapp.net', timestamp: 1000, revoked: 0, text: 'hi' };

test.each([
  // found                                 missing  unexpected  different
  [[row], 0, 0, 0],
  [[], 1, 0, 0],
  [[row, { ...row, id: 'B' }], 0, 1, 0],
  [[{ ...row, chat: '1@lid' }], 1, 1, 0],
  [[{ ...row, text: 'ho' }], 0, 0, 1],
  [[{ ...row, timestamp: 1001 }], 0, 0, 1],
  [[{ ...row, sender: null }], 0, 0, 1],
  [[{ ...row, from_me: 1 }], 0, 0, 1],
])('%j differs from what is expected as it should', (found, missing, unexpected, different) => {
  const { missing: absent, unexpected: added, different: altered } = compare([row], found);
  expect([absent.length, added.length, altered.length]).toEqual([missing, unexpected, different]);
});

test('long lists are cut', () => {
  const many = Array.from({ length: 25 }, (_, index) => ({ ...row, id: String(index) }));
  expect(compare(many, []).missing).toHaveLength(11);
  expect(compare(many, []).missing.at(-1)).toBe('and 15 more');
});

test('the demo holds what the promise speaks of', () => {
  expect(expectedRows(namedWorld('demo')).length).toBeGreaterThan(20_000);
});
