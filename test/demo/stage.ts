/** Plays named steps one after the other, says how long each took, and stops at the first that fails. */
export interface Step<State> {
  readonly title: string;
  /** Does it; prints through `say`. Throws when it did not come out as promised. */
  readonly run: (state: State, say: Say) => Promise<void>;
}

/** Prints one line of a step. */
export type Say = (line: string) => void;

export interface Played {
  readonly title: string;
  readonly ms: number;
}

export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  constructor(number: number, title: string, cause: unknown) {
    super(`Step ${number} failed: ${title}\n  ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Answers with the time of each step. Throws StepFailure at the first that fails. */
export async function play<State>(steps: readonly Step<State>[], state: State, print: (line: string) => void): Promise<Played[]> {
  const played: Played[] = [];
  for (const [index, { title, run }] of steps.entries()) {
    print(`\n${index + 1}. ${title}`);
    const start = performance.now();
    try {
      await run(state, (line) => print(`   ${line}`));
    } catch (error) {
      throw new StepFailure(index + 1, title, error);
    }
    const ms = performance.now() - start;
    print(`   (${seconds(ms)})`);
    played.push({ title, ms });
  }
  return played;
}

/** Fails a step with what was expected and what came. */
export function expectThat(holds: boolean, expected: string, came: unknown): void {
  if (!holds) throw new Error(`expected ${expected}; came: ${typeof came === 'string' ? came : JSON.stringify(came)}`);
}
