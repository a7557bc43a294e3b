import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOf, Random } from './random.ts';

describe('Random', () => {
  test('gives the same numbers for the same keys and others for other keys', () => {
    const draw = (...keys: [number, number, number]): number[] => {
      const random = new Random(...keys);
      return Array.from({ length: 8 }, () => random.next());
    };
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
    const streams = [draw(1, 2, 3), draw(1, 2, 4), draw(1, 3, 2), draw(2, 1, 3)].map((numbers) => numbers.join());
    expect(new Set(streams).size).toBe(4);
  });

  test('below stays in its limits and reaches all of them', () => {
    const random = new Random(5);
    const seen = new Set(Array.from({ length: 500 }, () => random.below(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('fractions are spread evenly', () => {
    const random = new Random(99);
    const buckets = Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const bucket = Math.floor(random.fraction() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  test('sample takes different entries, and no more than there are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.uniqueArray(fc.integer(), { maxLength: 12 }), fc.nat(20), (seed, list, count) => {
        const taken = new Random(seed).sample(list, count);
        expect(taken).toHaveLength(Math.min(count, list.length));
        expect(new Set(taken).size).toBe(taken.length);
        expect(list).toEqual(expect.arrayContaining(taken));
      }),
    );
  });

  test('digits and hex have the asked length', () => {
    const random = new Random(3);
    expect(random.digits(15)).toMatch(/^[1-9]\d{14}$/);
    expect(random.hex(30)).toMatch(/^[0-9A-F]{30}$/);
    expect(random.bytes(13)).toHaveLength(13);
  });

  test('picking from nothing is an error, not undefined', () => {
    expect(() => new Random(1).pick([])).toThrow(RangeError);
  });
});

test('keyOf tells names apart', () => {
  const keys = new Set(Array.from({ length: 5000 }, (_, index) => keyOf(`chat ${index}`)));
  expect(keys.size).toBe(5000);
});
