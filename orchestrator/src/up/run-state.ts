/** What the supervisor writes to run/supervisor.json, for `up`, `down` and `status` to read. */
import { z } from 'zod';
import type { Layout } from './layout.ts';
import { pathIn, readJson } from './layout.ts';

/**
 * - `running`: its process is alive
 * - `waiting`: it ended and starts again at `next_start_at`
 * - `failed`: it ended in a way that starting again does not mend; its log says why
 */
const ProgramState = z.strictObject({
  state: z.enum(['running', 'waiting', 'failed']),
  pid: z.int().optional(),
  restarts: z.int().min(0),
  /** Exit code or signal of the last end. */
  last_exit: z.string().optional(),
  next_start_at: z.int().optional(),
  log: z.string(),
});

const SupervisorState = z.strictObject({
  pid: z.int(),
  started_at: z.int(),
  simulated: z.boolean(),
  programs: z.record(z.string(), ProgramState),
});

export type ProgramState = z.infer<typeof ProgramState>;
export type SupervisorState = z.infer<typeof SupervisorState>;

/** The last written state, also of a supervisor that was killed: the lock tells whether one lives. */
export function readSupervisorState(layout: Layout): SupervisorState | undefined {
  const found = readJson(pathIn(layout, 'supervisorRun'));
  return found === undefined ? undefined : SupervisorState.parse(found);
}
