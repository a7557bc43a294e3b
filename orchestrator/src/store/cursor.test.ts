import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from './testing/any-text.ts';
import { listing, readCursor, writeCursor } from './cursor.ts';

const of = listing('messages', { chat_jid: '1@g.us', query: undefined });

describe('cursor', () => {
  test('comes back as it was given', () => {
    expect(readCursor(of, writeCursor(of, [1_700_000_000_000, 42]), [0, 0])).toEqual([1_700_000_000_000, 42]);
  });

  test('absent and undefined arguments, in any order, are the same listing', () => {
    expect(listing('x', { a: 1, b: undefined })).toBe(listing('x', { a: 1 }));
    expect(listing('x', { a: 1, b: 2 })).toBe(listing('x', { b: 2, a: 1 }));
  });

  test.each([
    ['of other arguments', writeCursor(listing('messages', { chat_jid: '2@g.us' }), [1, 2]), /other arguments/],
    ['of an unknown version', Buffer.from(JSON.stringify([9, of, [1, 2]])).toString('base64url'), /not one that this server gave/],
    ['with too few parts', writeCursor(of, [1]), /does not fit/],
    ['with text where a number belongs', writeCursor(of, ['1', 2]), /does not fit/],
  ])('%s is refused', (_, cursor, message) => {
    expect(() => readCursor(of, cursor, [0, 0])).toThrow(message);
  });

  test('no text is anything but a position or a named failure', () => {
    fc.assert(
      fc.property(anyText(60), (text) => {
        expect(() => readCursor(of, text, [0, 0])).toThrow(/^cursor: /);
      }),
    );
  });
});
