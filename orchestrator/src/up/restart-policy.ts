/** When a program that ended is started again. Pure: the clock and the randomness come in. */

/** Ends that starting again cannot mend: the bridges' exit code for settings that cannot be used. */
const EXIT_BAD_SETTINGS = 2;

export const FIRST_DELAY_MS = 1_000;
export const LONGEST_DELAY_MS = 60_000;
/** A program that ran this long was healthy: its next failure counts as the first. */
export const HEALTHY_AFTER_MS = 60_000;

export interface Ended {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly ranForMs: number;
  /** Failures in a row before this one. */
  readonly failuresBefore: number;
}

export type Next = { readonly restart: false } | { readonly restart: true; readonly afterMs: number; readonly failures: number };

/** Doubles the delay with every failure in a row, up to a minute, and spreads it by a fifth; `random` is in [0, 1). */
export function afterEnd({ exitCode, ranForMs, failuresBefore }: Ended, random: number): Next {
  if (exitCode === EXIT_BAD_SETTINGS) return { restart: false };
  const failures = ranForMs >= HEALTHY_AFTER_MS ? 1 : failuresBefore + 1;
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 10));
  return { restart: true, afterMs: Math.round(delay * (0.8 + 0.4 * random)), failures };
}
