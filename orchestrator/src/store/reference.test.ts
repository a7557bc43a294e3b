import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReference, shownNumber } from './reference.ts';
import { anyText } from './testing/any-text.ts';

describe('parseReference', () => {
  test.each([
    ['4915123456789@s.whatsapp.net', '4915123456789@s.whatsapp.net'],
    ['4915123456789:17@s.whatsapp.net', '4915123456789@s.whatsapp.net'],
    ['4915123456789_1:17@s.whatsapp.net', '4915123456789@s.whatsapp.net'],
    ['4915123456789@c.us', '4915123456789@s.whatsapp.net'],
    ['987654321@hosted.lid', '987654321@lid'],
    [' 987654321@lid ', '987654321@lid'],
    ['491512-1400000000@g.us', '491512-1400000000@g.us'],
    ['status@broadcast', 'status@broadcast'],
  ])('%s is the JID %s', (text, jid) => {
    expect(parseReference(text)).toEqual({ kind: 'jid', jid });
  });

  test.each([
    ['+49 1512 3456789', undefined, '4915123456789'],
    ['+49 (0)1512 3456789', undefined, '4915123456789'],
    ['0049-1512/3456789', undefined, '4915123456789'],
    ['4915123456789', undefined, '4915123456789'],
    ['0151 23456789', 'DE', '4915123456789'],
    ['(212) 555-0100', 'US', '12125550100'],
    ['49 1512 3456789', 'DE', '4915123456789'],
    ['2125550100', 'US', '2125550100'],
    ['‪+49 1512 3456789‬', undefined, '4915123456789'],
    ['＋４９１５１２３４５６７８９', undefined, '4915123456789'],
    ['https://wa.me/4915123456789?text=hi', undefined, '4915123456789'],
    ['wa.me/+4915123456789', undefined, '4915123456789'],
    ['https://api.whatsapp.com/send?text=x&phone=%2B4915123456789', undefined, '4915123456789'],
    ['tel:+49-1512-3456789', undefined, '4915123456789'],
    ['@4915123456789', undefined, '4915123456789'],
    ['15550100', undefined, '15550100'],
  ])('%s (region %s) is first of all the number %s', (text, region, number) => {
    const reference = parseReference(text, region);
    expect(reference.kind === 'phone' && reference.numbers[0]).toBe(number);
  });

  test('a number without country code may be at home or abroad', () => {
    expect(parseReference('(212) 555-0100', 'US')).toEqual({ kind: 'phone', numbers: ['12125550100', '2125550100'] });
  });

  test.each([
    ['+55 11 91234-5678', ['5511912345678', '551112345678']],
    ['+5211234567890', ['5211234567890', '521234567890']],
    ['+54 9 11 2345-6789', ['5491123456789', '541123456789']],
  ])('%s is looked up in the forms that WhatsApp uses too', (text, numbers) => {
    const reference = parseReference(text);
    expect(reference.kind === 'phone' && numbers.every((number) => reference.numbers.includes(number))).toBe(true);
  });

  test.each(['Anna', 'Team 2026', '112', 'Bob @ work', '北京小组'])('%s is a name', (name) => {
    expect(parseReference(name)).toEqual({ kind: 'name', name });
  });

  test.each(['x@example.com', '', '\u200b', 'https://chat.whatsapp.com/AbCd'])('%j is refused', (text) => {
    expect(() => parseReference(text)).toThrow();
  });

  test('no text crashes it', () => {
    fc.assert(
      fc.property(anyText(40), (text) => {
        try {
          expect(['jid', 'phone', 'name']).toContain(parseReference(text, 'DE').kind);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_argument' });
        }
      }),
    );
  });
});

test.each([
  ['4915123456789', '+49 1512 3456789'],
  ['999', '+999'],
])('%s is shown as %s', (digits, number) => {
  expect(shownNumber(digits)).toBe(number);
});
