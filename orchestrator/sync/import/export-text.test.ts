import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock, decideOrder, wallClock } from './export-dates.ts';
import type { DateOrder } from './export-dates.ts';
import { parseExport } from './export-text.ts';

const NOW = Date.UTC(2026, 0, 1);
const LRM = '\u200e';

/** The first message of a text, its time as UTC. */
function read(text: string, order?: DateOrder) {
  const { entries } = parseExport(text);
  const decided = order ?? decideOrder(entries.map(({ stamp }) => stamp), NOW)[0] ?? 'dmy';
  return entries.map(({ stamp, name, content }) => ({ time: new Date(wallClock(stamp, decided) ?? 0).toISOString().slice(0, 19), name, text: content.text }));
}

test.each([
  ['an iPhone in Britain', '[31/05/24, 14:03:09] Ann: hello', '2024-05-31T14:03:09'],
  ['an iPhone with marks', `${LRM}[31/05/2024, 14:03:09] ~\u202fAnn: hello`, '2024-05-31T14:03:09'],
  ['an iPhone in the USA', '[5/31/24, 2:03:09\u202fPM] Ann: hello', '2024-05-31T14:03:09'],
  ['an iPhone in Germany', '[31.05.24, 14:03:09] Ann: hello', '2024-05-31T14:03:09'],
  ['an iPhone in China', '[2024/5/31 下午2:03:09] Ann: hello', '2024-05-31T14:03:09'],
  ['an iPhone in Japan', '[2024/05/31 午後2:03:09] Ann: hello', '2024-05-31T14:03:09'],
  ['an iPhone in Arabia', '[\u200f٣١\u200f/٥\u200f/٢٠٢٤، ٢:٠٣:٠٩\u202fم] Ann: hello', '2024-05-31T14:03:09'],
  ['Android', '31/05/2024, 14:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android with small letters', '31/05/2024, 2:03 pm - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in the USA', '5/31/24, 2:03\u202fPM - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Germany', '31.05.24, 14:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Germany, older', '31.05.24 um 14:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Spain', '31/5/24, 2:03 p. m. - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in France', '31/05/2024 à 14:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Quebec', '2024-05-31 14 h 03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Sweden', '2024-05-31 14:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Arabia', '٣١/٥/٢٠٢٤، ٢:٠٣ م - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in China', '2024年5月31日 下午2:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in China, at night', '2024/5/31 凌晨12:03 - Ann: hello', '2024-05-31T00:03:00'],
  ['Android in Japan, at noon', '2024/05/31 午後0:03 - Ann: hello', '2024-05-31T12:03:00'],
  ['Android in Korea', '2024. 5. 31. 오후 2:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Thailand', '31/5/2567 14:03 - Ann: hello', '2024-05-31T14:03:00'],
  ['Android in Finland', '31.5.2024 klo 14.03 - Ann: hello', '2024-05-31T14:03:00'],
])('a line of %s', (_, line, time) => {
  expect(read(line)).toEqual([{ time, name: 'Ann', text: 'hello' }]);
});

test('messages of several lines, names with colons, notices and lines of nobody are told apart', () => {
  const text = [
    'something before',
    '01/05/24, 10:00 - Messages and calls are end-to-end encrypted.',
    '01/05/24, 10:01 - Ann Lee: first',
    '',
    '13/05/24 is the day: third line',
    '[14/05/24, 10:00:00] Ben: quoted from elsewhere',
    '01/05/24, 10:02 - Dr: House: yes',
    '01/05/24, 10:03 - Ann Lee changed the subject to "Plan: B"',
    '01/05/24, 10:04 - Ben: https://example.org: look',
    '',
  ].join('\r\n');
  const parsed = parseExport(text, ['Dr: House']);
  expect(parsed.entries.map(({ line, name, content }) => [line, name, content.text])).toEqual([
    [3, 'Ann Lee', 'first\n\n13/05/24 is the day: third line\n[14/05/24, 10:00:00] Ben: quoted from elsewhere'],
    [7, 'Dr: House', 'yes'],
    [9, 'Ben', 'https://example.org: look'],
  ]);
  expect(parsed).toMatchObject({ form: 'dash', notices: 2, problems: [{ line: 1 }] });
});

test.each<[string, object]>([
  ['01/05/24, 10:00 - Ann: <Media omitted>', { kind: 'unknown' }],
  ['01/05/24, 10:00 - Ann: <Medien ausgeschlossen>', { kind: 'unknown' }],
  ['01/05/24, 10:00 - Ann: Media omitted', { kind: 'text', text: 'Media omitted' }],
  ['01/05/24, 10:00 - Ann: image omitted', { kind: 'text', text: 'image omitted' }],
  ['01/05/24, 10:00 - Ann: null', { kind: 'unknown' }],
  ['01/05/24, 10:00 - Ann: This message was deleted', { kind: 'unknown', revoked: true }],
  ['01/05/24, 10:00 - Ann: soon <This message was edited>', { kind: 'text', text: 'soon' }],
  ['01/05/24, 10:00 - Ann: soon <or later>', { kind: 'text', text: 'soon <or later>' }],
  ['01/05/24, 10:00 - Ann: IMG-20240501-WA0001.jpg (beliebiger Satz)\nthe caption', { kind: 'image', text: 'the caption', media: { kind: 'image', filename: 'IMG-20240501-WA0001.jpg', mimetype: 'image/jpeg' } }],
  ['01/05/24, 10:00 - Ann: My offer.pdf (file attached)', { kind: 'document', media: { kind: 'document', filename: 'My offer.pdf', mimetype: 'application/pdf' } }],
  ['01/05/24, 10:00 - Ann: main.c (needs review)', { kind: 'text', text: 'main.c (needs review)' }],
  ['01/05/24, 10:00 - Ann: PTT-20240501-WA0002.opus (file attached)', { kind: 'ptt', media: { kind: 'ptt', filename: 'PTT-20240501-WA0002.opus' } }],
  ['01/05/24, 10:00 - Ann: location: https://maps.google.com/?q=52.5,13.4', { kind: 'location' }],
  [`[01/05/24, 10:00:00] Ann: ${LRM}image omitted`, { kind: 'image', media: { kind: 'image' } }],
  [`[01/05/24, 10:00:00] Ann: ${LRM}Bild weggelassen`, { kind: 'image', media: { kind: 'image' } }],
  [`[01/05/24, 10:00:00] Ann: Bill.pdf • ${LRM}2 pages ${LRM}document omitted`, { kind: 'document', media: { kind: 'document', filename: 'Bill.pdf' } }],
  [`[01/05/24, 10:00:00] Ann: look ${LRM}image omitted`, { kind: 'image', text: 'look', media: { kind: 'image' } }],
  [`[01/05/24, 10:00:00] Ann: ${LRM}<Anhang: 00000012-PHOTO-2024-05-01-10-00-00.jpg>`, { kind: 'image', media: { kind: 'image', filename: '00000012-PHOTO-2024-05-01-10-00-00.jpg', mimetype: 'image/jpeg' } }],
  [`[01/05/24, 10:00:00] Ann: look ${LRM}<attached: 00000013-STICKER-2024.webp>`, { kind: 'sticker', text: 'look', media: { kind: 'sticker', filename: '00000013-STICKER-2024.webp' } }],
  [`[01/05/24, 10:00:00] Ann: ${LRM}Diese Nachricht wurde gelöscht.`, { kind: 'unknown', revoked: true }],
  [`[01/05/24, 10:00:00] Ann: soon ${LRM}<このメッセージは編集されました>`, { kind: 'text', text: 'soon' }],
])('what the phone wrote: %s', (line, content) => {
  expect(parseExport(line).entries[0]?.content).toMatchObject(content);
});

test("an iPhone's notices stand under a name; unknown sentences under a person's are reported", () => {
  const parsed = parseExport(
    [`[01/05/24, 10:00:00] Our group: ${LRM}Ann created this group`, `[01/05/24, 10:00:01] Ann: hello`, `[01/05/24, 10:00:02] Ann: ${LRM}Ann wrote something of 2031`, `[01/05/24, 10:00:03] Ann: ${LRM}Missed voice call`].join('\n'),
  );
  expect(parsed).toMatchObject({ notices: 2, problems: [{ line: 3, reason: expect.stringContaining('something of 2031') as string }] });
  expect(parsed.entries).toHaveLength(1);
});

test.each<[string, readonly string[], readonly DateOrder[]]>([
  ['a day above 12', ['13/05/24', '01/06/24'], ['dmy']],
  ['a day above 12, in front', ['05/13/24', '06/01/24'], ['mdy']],
  ['time that would go back', ['10/01/24', '11/01/24', '01/02/24'], ['dmy']],
  ['dots', ['01.02.24', '02.02.24'], ['dmy']],
  ['days that are months, too', ['01/02/24', '02/02/24'], ['dmy', 'mdy']],
  ['the same number twice', ['02/02/24', '03/03/24'], ['dmy']],
  ['what would be the future', ['12/01/25', '01/02/26'], ['mdy']],
  ['years in front', ['2024-02-01', '2024-02-02'], ['ymd']],
  ['years of two digits in front', ['23-12-30', '24-01-02', '24-02-01', '25-01-01'], ['ymd']],
  ['no date at all', ['99/99/24'], []],
])('the order of dates is told by %s', (_, dates, orders) => {
  const { entries } = parseExport(dates.map((date) => `${date}, 10:00 - Ann: hello`).join('\n'));
  expect(decideOrder(entries.map(({ stamp }) => stamp), NOW)).toEqual(orders);
});

test.each([
  ['Europe/Berlin', '2024-07-01T12:00:00', '2024-07-01T10:00:00.000Z'],
  ['Europe/Berlin', '2024-01-01T12:00:00', '2024-01-01T11:00:00.000Z'],
  ['America/New_York', '2024-03-10T03:30:00', '2024-03-10T07:30:00.000Z'],
  ['Asia/Kathmandu', '2024-01-01T12:00:00', '2024-01-01T06:15:00.000Z'],
  ['UTC', '2024-01-01T12:00:00', '2024-01-01T12:00:00.000Z'],
])('the clock of %s', (zone, wall, utc) => {
  expect(new Date(createClock(zone)(Date.parse(`${wall}Z`))).toISOString()).toBe(utc);
});

const two = (value: number): string => String(value).padStart(2, '0');
interface Wall {
  readonly y: number;
  readonly mo: number;
  readonly d: number;
  readonly h: number;
  readonly mi: number;
}
/** Ways of writing one time; with the year's four digits or the day above 12 the order is told. */
const writers: readonly ((at: Wall) => string)[] = [
  ({ y, mo, d, h, mi }) => `${two(d)}/${two(mo)}/${y}, ${two(h)}:${two(mi)} - `,
  ({ y, mo, d, h, mi }) => `[${two(d)}.${two(mo)}.${two(y % 100)}, ${two(h)}:${two(mi)}:00] `,
  ({ y, mo, d, h, mi }) => `${y}/${mo}/${d} ${h < 12 ? '上午' : '下午'}${h % 12 === 0 ? 12 : h % 12}:${two(mi)} - `,
  ({ y, mo, d, h, mi }) => `${LRM}[${y}-${two(mo)}-${two(d)}, ${h % 12 === 0 ? 12 : h % 12}:${two(mi)}:00\u202f${h < 12 ? 'AM' : 'PM'}] `,
];

test('whatever is written is read again, time, name and text', () => {
  const wall = fc.record({ y: fc.integer({ min: 2010, max: 2025 }), mo: fc.integer({ min: 1, max: 12 }), d: fc.integer({ min: 1, max: 28 }), h: fc.nat(23), mi: fc.nat(59) });
  const words = fc.array(fc.stringMatching(/^[\p{L}\p{N}?!,😀]{1,9}$/u), { minLength: 1, maxLength: 4 });
  const text = fc.array(words, { minLength: 1, maxLength: 3 }).map((lines) => lines.map((line) => line.join(' ')).join('\n'));
  const message = fc.record({ wall, name: fc.constantFrom('Ann Lee', '李雷', 'منى', 'Zoë 🌸', '+1 555-0100'), text });
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 12 }), fc.nat(writers.length - 1), (messages, way) => {
      const sorted = [...messages].sort((a, b) => Date.UTC(a.wall.y, a.wall.mo, a.wall.d) - Date.UTC(b.wall.y, b.wall.mo, b.wall.d));
      const file = sorted.map(({ wall: at, name, text: said }) => `${writers[way]?.(at) ?? ''}${name}: ${said}`).join('\n');
      const expected = sorted.map(({ wall: at, name, text: said }) => ({ time: `${at.y}-${two(at.mo)}-${two(at.d)}T${two(at.h)}:${two(at.mi)}:00`, name, text: said === 'null' ? undefined : said }));
      expect(read(file, way < 2 ? 'dmy' : undefined)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
