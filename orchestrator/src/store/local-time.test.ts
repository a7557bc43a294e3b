import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localTime } from './local-time.ts';

const berlin = localTime('Europe/Berlin');

describe('format', () => {
  test.each([
    ['Europe/Berlin', '2026-01-31T13:05:09Z', '2026-01-31T14:05:09+01:00'],
    ['Europe/Berlin', '2026-07-31T22:05:09Z', '2026-08-01T00:05:09+02:00'],
    ['Asia/Kolkata', '2026-01-31T13:05:09Z', '2026-01-31T18:35:09+05:30'],
    ['America/St_Johns', '2026-01-31T13:05:09Z', '2026-01-31T09:35:09-03:30'],
    ['UTC', '2026-01-31T13:05:09Z', '2026-01-31T13:05:09+00:00'],
  ])('%s: %s is %s', (zone, utc, local) => {
    expect(localTime(zone).format(Date.parse(utc))).toBe(local);
  });
});

describe('parse', () => {
  test.each([
    ['2026-01-31', '2026-01-30T23:00:00Z'],
    ['2026-07-31', '2026-07-30T22:00:00Z'],
    ['2026-01-31T14:05', '2026-01-31T13:05:00Z'],
    ['2026-01-31 14:05:09', '2026-01-31T13:05:09Z'],
    ['2026-01-31T14:05:09.250', '2026-01-31T13:05:09.250Z'],
    ['2026-01-31T14:05:09z', '2026-01-31T14:05:09Z'],
    ['2026-01-31T10:00:00+0200', '2026-01-31T08:00:00Z'],
    ['2026-03-29T03:30', '2026-03-29T01:30:00Z'],
  ])('%s in Berlin is %s', (text, utc) => {
    expect(new Date(berlin.parse(text, 'after')).toISOString()).toBe(new Date(utc).toISOString());
  });

  test.each(['yesterday', '2026-02-31', '2026-13-01', '31.01.2026', '', '2026-01-31T25:00', '1769860000'])('%j is refused by the name of the argument', (text) => {
    expect(() => berlin.parse(text, 'before')).toThrow(/^before: /);
  });

  test('what was formatted parses to the same second', () => {
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'), (s, zone) => {
        const local = localTime(zone);
        expect(local.parse(local.format(s * 1000), 'after')).toBe(s * 1000);
      }),
    );
  });
});
