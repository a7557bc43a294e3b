/** Where a message begins in a chat export: the date and time in front of it, in whatever language the phone wrote them. Pure. */

/** As written: what each number of the date means is decided over the whole file. */
export interface Stamp {
  readonly numbers: readonly [number, number, number];
  /** Digits of the first and the last number of the date: four are a year. */
  readonly digits: readonly [number, number];
  readonly separator: string;
  readonly hour: number;
  readonly minute: number;
  /** Only iPhones write seconds. */
  readonly second?: number;
}

/** bracket: `[date, time] name: text`, iPhones; dash: `date, time - name: text`, Android. */
export type Form = 'bracket' | 'dash';

export interface Header {
  readonly form: Form;
  readonly stamp: Stamp;
  /** What follows on the line, marks included. */
  readonly rest: string;
}

/** Direction marks that phones put around names, numbers and texts of their own; they say nothing of what was written. */
export const MARKS = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff';

const everyMark = new RegExp(`[${MARKS}]`, 'g');

export const withoutMarks = (text: string): string => text.replaceAll(everyMark, '');

/** Before noon or after it, without dots and spaces, lower case. "noon" words go with 12 and 1. */
const dayPeriods: Readonly<Record<string, 'am' | 'pm'>> = Object.fromEntries([
  ...['am', 'vorm', 'πμ', 'öö', 'fm', 'de', 'sa', 'ص', 'قظ', 'पूर्वाह्न', 'পূর্বাহ্ণ', '凌晨', '清晨', '早上', '上午', '午前', '오전', 'ก่อนเที่ยง'].map((word) => [word, 'am'] as const),
  ...['pm', 'nachm', 'μμ', 'ös', 'em', 'du', 'ch', 'م', 'بظ', 'अपराह्न', 'অপরাহ্ণ', '中午', '下午', '晚上', '午後', '오후', 'หลังเที่ยง'].map((word) => [word, 'pm'] as const),
]);

const plainPeriod = (word: string): string => withoutMarks(word).replaceAll(/[.\s]/g, '').toLowerCase();

const longestFirst = Object.keys(dayPeriods).sort((a, b) => b.length - a.length);
/** Some languages write "a. m.", with spaces of several kinds. */
const period = `(?:${longestFirst.map((word) => Array.from(word).join('\\.?\\s?')).join('|')})\\.?`;
const m = `[${MARKS}]*`;
const number = (most: number): string => `(\\p{Nd}{1,${String(most)}})${m}`;
const betweenNumbers = `\\s?([./\\-年년])${m}\\s?${m}`;
const laterBetween = `\\s?[./\\-月월]${m}\\s?${m}`;
const date = `${number(4)}${betweenNumbers}${number(2)}${laterBetween}${number(4)}\\s?[.日일]?`;
const dateToTime = `[,،、]?\\s{0,2}(?:(?:at|um|à|klo|kl\\.?|às|a las|alle)\\s)?${m}`;
const time = `(${period}\\s?)?${m}(\\p{Nd}{1,2})${m}(?::|\\.|\\s?h\\s?)${m}(\\p{Nd}{2})${m}(?:[:.]${m}(\\p{Nd}{2})${m})?(?:\\s?(${period}))?${m}`;
const stamp = `${date}${m}${dateToTime}${time}`;

const forms: readonly { readonly form: Form; readonly pattern: RegExp }[] = [
  { form: 'bracket', pattern: new RegExp(`^${m}\\[${m}${stamp}\\][ \\u00a0]?(.*)$`, 'iu') },
  { form: 'dash', pattern: new RegExp(`^${m}${stamp}\\s[-–]\\s(.*)$`, 'iu') },
];

/** First digit of each set of ten that phones write in. */
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0xff10];

function valueOf(digits: string): number {
  const values = Array.from(digits, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    return code - (zeros.find((zero) => code >= zero && code < zero + 10) ?? Number.NaN);
  });
  return values.reduce((sum, value) => sum * 10 + value, 0);
}

/** Undefined for a line that goes on with the message before it. `expected`: the form of the lines before. */
export function headerOf(line: string, expected?: Form): Header | undefined {
  for (const { form, pattern } of forms) {
    if (expected !== undefined && form !== expected) continue;
    const found = pattern.exec(line);
    if (found === null) continue;
    const [, a = '', separator = '', b = '', c = '', before, hour = '', minute = '', second, after, rest = ''] = found;
    const written = {
      numbers: [valueOf(a), valueOf(b), valueOf(c)] as const,
      digits: [a.length, c.length] as const,
      separator,
      hour: hourOf(valueOf(hour), before ?? after),
      minute: valueOf(minute),
      ...(second !== undefined && { second: valueOf(second) }),
    };
    return isTime(written) ? { form, stamp: written, rest } : undefined;
  }
  return undefined;
}

function hourOf(hour: number, word: string | undefined): number {
  const half = word === undefined ? undefined : dayPeriods[plainPeriod(word)];
  if (half === undefined || hour > 12) return hour;
  // "noon 11:30" is before noon.
  if (word !== undefined && plainPeriod(word) === '中午' && hour === 11) return hour;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

const isTime = ({ numbers, hour, minute, second = 0 }: Stamp): boolean => numbers.every((each) => !Number.isNaN(each)) && hour < 24 && minute < 60 && second < 60;
