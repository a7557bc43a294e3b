import { describe, expect, it, test } from 'vitest';
import { afterEnd, HEALTHY_AFTER_MS, LONGEST_DELAY_MS } from './restart-policy.ts';

describe('what happens after a program ended', () => {
  test.each([
    // exit code  ran for ms            failures before  expected delay in the middle of the spread
    [1, 10, 0, 1_000],
    [null, 10, 0, 1_000],
    [0, 10, 0, 1_000],
    [3, 10, 1, 2_000],
    [1, 10, 5, 32_000],
    [1, 10, 6, LONGEST_DELAY_MS],
    [1, 10, 1_000, LONGEST_DELAY_MS],
    [1, HEALTHY_AFTER_MS, 6, 1_000],
  ])('exit %s after %i ms and %i failures: starts again after %i ms', (exitCode, ranForMs, failuresBefore, afterMs) => {
    expect(afterEnd({ exitCode, ranForMs, failuresBefore }, 0.5)).toMatchObject({ restart: true, afterMs });
  });

  it('does not start a program again that said its settings are wrong', () => {
    expect(afterEnd({ exitCode: 2, ranForMs: 5, failuresBefore: 0 }, 0.5)).toEqual({ restart: false });
  });

  it('spreads the delay by a fifth to both sides', () => {
    const at = (random: number) => afterEnd({ exitCode: 1, ranForMs: 0, failuresBefore: 0 }, random);
    expect(at(0)).toMatchObject({ afterMs: 800 });
    expect(at(0.999)).toMatchObject({ afterMs: 1_200 });
  });
});
