/** Programs that outlived a supervisor which was killed: they hold the data folder and nobody would restart them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Layout } from './layout.ts';
import { pathIn, readJson } from './layout.ts';
import { readSupervisorState } from './run-state.ts';
import { simulatorAnswers } from './simulated-account.ts';

const PATIENCE_MS = 15_000;
const PROBE_MS = 50;

/**
 * Ends them and waits until they are gone. Call only while holding the supervisor lock: a state file is then a dead
 * supervisor's. Pids are used again, so a pid counts only where something else proves whose it is.
 */
export async function endOrphans(layout: Layout): Promise<void> {
  const left = readSupervisorState(layout);
  if (left === undefined) return;
  const proofs: Readonly<Record<string, (pid: number) => boolean | Promise<boolean>>> = {
    whatsmeow: (pid) => runFilePid(layout, 'whatsmeowRun') === pid,
    baileys: (pid) => runFilePid(layout, 'baileysRun') === pid,
    simulator: () => simulatorAnswers(layout),
  };
  for (const [name, { pid }] of Object.entries(left.programs)) {
    if (pid !== undefined && isAlive(pid) && (await proofs[name]?.(pid)) === true) await end(pid);
  }
}

function runFilePid(layout: Layout, name: 'whatsmeowRun' | 'baileysRun'): unknown {
  return (readJson(pathIn(layout, name)) as { pid?: unknown } | undefined)?.pid;
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + PATIENCE_MS;
  // Not our child, so there is no event to wait for.
  while (isAlive(pid) && Date.now() < deadline) await pause(PROBE_MS);
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return true;
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
