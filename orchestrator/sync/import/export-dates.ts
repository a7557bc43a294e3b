/** What the dates of a chat export mean: their order, decided over all of them, and their time zone. Pure. */
import type { Stamp } from './export-stamp.ts';

export const dateOrders = ['dmy', 'mdy', 'ymd'] as const;

export type DateOrder = (typeof dateOrders)[number];

/** WhatsApp began in 2009. */
const FIRST_YEAR = 2009;
const DAY_MS = 86_400_000;
/** The phone of the export may be ahead of the clock here. */
const AHEAD_MS = 2 * DAY_MS;
/** Messages stand in the order of their arrival: now and then one is older than the one before it. */
const STEPS_BACK_SHARE = 50;

const places: Readonly<Record<DateOrder, readonly [year: number, month: number, day: number]>> = { dmy: [2, 1, 0], mdy: [2, 0, 1], ymd: [0, 1, 2] };

/** The clock on the wall as if it were UTC, ms; undefined where there is no such day. */
export function wallClock(stamp: Stamp, order: DateOrder): number | undefined {
  const [yearAt, monthAt, dayAt] = places[order];
  const [first, last] = stamp.digits;
  if ((yearAt === 0 ? last : first) > 2) return undefined;
  const year = fullYear(stamp.numbers[yearAt] ?? 0);
  const month = stamp.numbers[monthAt] ?? 0;
  const day = stamp.numbers[dayAt] ?? 0;
  if (year < FIRST_YEAR || month < 1 || month > 12 || day < 1) return undefined;
  const ms = Date.UTC(year, month - 1, day, stamp.hour, stamp.minute, stamp.second ?? 0);
  return new Date(ms).getUTCDate() === day ? ms : undefined;
}

function fullYear(year: number): number {
  if (year < 100) return 2_000 + year;
  // Thailand counts from the Buddha: 2567 is 2024.
  return year >= 2_500 ? year - 543 : year;
}

/** What an order makes of the stamps: undefined when one is no date or lies after `now`. */
function stepsBack(stamps: readonly Stamp[], order: DateOrder, now: number): number | undefined {
  let before = 0;
  let steps = 0;
  for (const stamp of stamps) {
    const at = wallClock(stamp, order);
    if (at === undefined || at > now + AHEAD_MS) return undefined;
    if (at < before - DAY_MS) steps += 1;
    before = at;
  }
  return steps;
}

const sameDates = (stamps: readonly Stamp[], one: DateOrder, other: DateOrder): boolean => stamps.every((stamp) => wallClock(stamp, one) === wallClock(stamp, other));

/** Dots are written between day and month, never between month and day. */
const isWritten = (stamps: readonly Stamp[], order: DateOrder): boolean => order !== 'mdy' || stamps.every(({ separator }) => separator !== '.');

/** @returns the one order that all stamps fit, or those between which they leave open; none where no order fits. */
export function decideOrder(stamps: readonly Stamp[], now: number): readonly DateOrder[] {
  const allowed = Math.floor(stamps.length / STEPS_BACK_SHARE);
  const scored = dateOrders
    .map((order) => ({ order, steps: isWritten(stamps, order) ? stepsBack(stamps, order, now) : undefined }))
    .filter((each): each is { order: DateOrder; steps: number } => each.steps !== undefined);
  const usual = scored.filter(({ order }) => order !== 'ymd');
  const inOrder = (each: { readonly steps: number }): boolean => each.steps <= allowed;
  // Two-digit years in front are rare: only where no other reading goes forward in time.
  const candidates = usual.some(inOrder) ? usual.filter(inOrder) : scored.some(inOrder) ? scored.filter(inOrder) : scored;
  const fewest = Math.min(...candidates.map(({ steps }) => steps));
  const [best, ...others] = candidates.filter(({ steps }) => steps === fewest).map(({ order }) => order);
  if (best === undefined) return [];
  return [best, ...others.filter((other) => !sameDates(stamps, best, other))];
}

const QUARTER_MS = 900_000;

/**
 * Turns the clock on the wall of a zone into UTC, ms. An hour that autumn has twice is read as one of the two.
 * Throws RangeError for a zone that there is not.
 */
export function createClock(zone: string): (wall: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const measure = (utc: number): number => {
    const part = Object.fromEntries(format.formatToParts(utc).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'] ?? 1, part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0) - utc;
  };
  // Offsets change on quarters of an hour only.
  const offsets = new Map<number, number>();
  const offsetAt = (utc: number): number => {
    const quarter = Math.floor(utc / QUARTER_MS) * QUARTER_MS;
    const known = offsets.get(quarter) ?? measure(quarter);
    offsets.set(quarter, known);
    return known;
  };
  return (wall) => wall - offsetAt(wall - offsetAt(wall));
}
