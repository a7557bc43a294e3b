import { describe, expect, test } from 'vitest';
import { judge, pauseBefore } from './closing.ts';

const NOW = 1_700_000_000_000;
const ending = (code: number | undefined, attributes = {}) => judge({ code, message: 'Connection Failure', attributes }, NOW);

describe('the end of a connection', () => {
  test.each([
    // code      state              again    forget
    [515, 'connecting', 'now', false],
    [401, 'logged_out', 'never', true],
    [406, 'logged_out', 'never', true],
    [402, 'banned', 'never', false],
    [403, 'banned', 'never', false],
    [405, 'client_outdated', 'never', false],
    [440, 'replaced', 'never', false],
    [408, 'disconnected', 'later', false],
    [428, 'disconnected', 'later', false],
    [503, 'disconnected', 'later', false],
    [undefined, 'disconnected', 'later', false],
  ] as const)('%s: %s, again %s, forget %s', (code, state, again, forget) => {
    expect(ending(code)).toMatchObject({ state, again, forget });
    expect(ending(code).reason).not.toBe('');
  });

  test('a ban tells until when', () => {
    expect(ending(402, { expire: '3600' }).bannedUntil).toBe(NOW + 3_600_000);
    expect(ending(402).bannedUntil).toBeUndefined();
  });
});

test('pauses grow, never beyond some minutes, and differ', () => {
  expect([0, 1, 2, 3].map((attempt) => pauseBefore(attempt, 0.5))).toEqual([1000, 2000, 4000, 8000]);
  expect(pauseBefore(50, 0.999)).toBeLessThanOrEqual(450_000);
  expect(pauseBefore(3, 0.1)).not.toBe(pauseBefore(3, 0.9));
});
