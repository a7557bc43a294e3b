import { expect, test } from 'vitest';
import { MAX_RESULT_BYTES, resultOf } from './result.ts';
import { Contents } from './tool.ts';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const row = (index: number) => ({ index, text: 'x'.repeat(200) });

test('what fits is answered as it is', () => {
  const answer = { rows: [row(1), row(2)], note: 'all' };
  expect(resultOf(answer).structured).toEqual(answer);
});

test('the longest list is cut until the result fits, wherever it lies, and the cut is told', () => {
  const { structured } = resultOf({ group: { name: 'Team', people: Array.from({ length: 2_000 }, (_, index) => row(index)) }, few: [1, 2, 3] });
  expect(bytes(structured)).toBeLessThanOrEqual(MAX_RESULT_BYTES);
  const shown = (structured?.['group'] as { people: unknown[] }).people.length;
  expect(shown).toBeGreaterThan(200);
  expect(structured).toMatchObject({ few: [1, 2, 3], group: { name: 'Team' }, truncated: { 'group.people': { shown, total: 2_000 } } });
});

test('several long lists are cut one after the other', () => {
  const long = () => Array.from({ length: 400 }, (_, index) => row(index));
  const { structured } = resultOf({ a: long(), b: long(), c: long() });
  expect(bytes(structured)).toBeLessThanOrEqual(MAX_RESULT_BYTES);
  expect(structured).toMatchObject({ truncated: { a: { total: 400 } } });
});

test('a single text that is too long is shown in part', () => {
  const { structured } = resultOf({ text: 'y'.repeat(100_000) });
  expect(bytes(structured)).toBeLessThanOrEqual(MAX_RESULT_BYTES);
  expect(structured).toMatchObject({ truncated: true });
});

test('contents pass without structured content', () => {
  expect(resultOf(new Contents([{ type: 'text', text: 'Scan' }]))).toEqual({ isError: false, content: [{ type: 'text', text: 'Scan' }], structured: undefined });
});
