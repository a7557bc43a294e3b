import { setTimeout as pause } from 'node:timers/promises';

export interface Until {
  readonly withinMs: number;
  /** How often another process is looked at, milliseconds. */
  readonly everyMs?: number;
  /** What was seen last, for the message of a time-out. */
  readonly last?: () => unknown;
}

/**
 * Waits for a fact about another process, which cannot tell us by an event: asks until the answer is not undefined.
 * Throws after `withinMs`, naming what never came.
 */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>, { withinMs, everyMs = 100, last }: Until): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms${last === undefined ? '' : `; last seen: ${JSON.stringify(last())}`}`);
    await pause(everyMs);
  }
}
