import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from './random.ts';
import { timesOf } from './times.ts';

const start = 1_700_000_000;

test('times never fall and stay between start and end', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 86_400, max: 548 * 86_400 }), (seed, count, span) => {
      const times = timesOf(new Random(seed), count, { start, end: start + span });
      expect(times).toHaveLength(count);
      let previous = start;
      for (const time of times) {
        expect(time).toBeGreaterThanOrEqual(previous);
        previous = time;
      }
      expect(previous).toBeLessThanOrEqual(start + span);
    }),
    { numRuns: 60 },
  );
});

test('long chats fill the whole time and people sleep at night', () => {
  const times = [...timesOf(new Random(4), 4000, { start, end: start + 500 * 86_400 })];
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(450 * 86_400);
  const night = times.filter((time) => time % 86_400 < 6.5 * 3600);
  expect(night.length).toBeLessThan(times.length / 50);
});
