import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from './testing/any-text.ts';
import { shown } from './display-text.ts';

test.each([
  ['Anna\u202egpj.exe', 'Annagpj.exe'],
  ['\u200bMo\u200dm\u2060', 'Mom'],
  ['two\nlines\t here ', 'two lines here'],
  ['family 👨‍👩‍👧', 'family 👨‍👩‍👧'],
  ['می‌خواهم', 'می‌خواهم'],
  ['क्‍ष', 'क्‍ष'],
  ['hi\u{e0069}\u{e0067}\u{e006e}', 'hi'],
  ['\u3164', ''],
])('%j is shown as %j', (text, line) => {
  expect(shown(text)).toBe(line);
});

test('a name cannot turn, hide or break what stands around it', () => {
  fc.assert(
    fc.property(anyText(100), (text) => {
      expect(shown(text)).not.toMatch(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u);
    }),
    { numRuns: 1000 },
  );
});

test('it is cut by code points, with an ellipsis', () => {
  expect(shown('👍'.repeat(50), 10)).toBe(`${'👍'.repeat(9)}…`);
});
