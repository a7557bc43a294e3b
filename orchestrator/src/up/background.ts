/** Starts and stops the supervisor, which outlives the command that started it. */
import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Layout } from './layout.ts';
import { logPath, prepare, programs } from './layout.ts';
import { readSupervisorState } from './run-state.ts';
import { simulatorPort } from './simulated-account.ts';
import { supervisorAlive } from './supervisor-lock.ts';
import type { SupervisorMessage } from './supervisor.ts';

/** Longer than the supervisor gives its programs (15 s for the bridges, then as much for the simulator). */
const STOP_WITHIN_MS = 35_000;
const PROBE_MS = 100;

/** Starts the supervisor of an account, unless one runs. Answers whether it was started now. */
export async function startInBackground(layout: Layout): Promise<boolean> {
  prepare(layout);
  const args = [layout.dataDir, ...(layout.simulated ? [String(await simulatorPort(layout))] : [])];
  const child = fork(programs.supervisor, args, { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'] });
  const answer = await new Promise<SupervisorMessage>((resolve, reject) => {
    child.once('message', (message) => resolve(message as SupervisorMessage));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The supervisor ended at once (exit code ${code}): ${logPath(layout, 'supervisor')} may say why.`)));
  });
  child.disconnect();
  child.unref();
  return answer === 'started';
}

/** Stops the supervisor and all it runs. Answers whether there was one. Throws when it does not stop. */
export async function stopInBackground(layout: Layout): Promise<boolean> {
  if (!supervisorAlive(layout)) return false;
  const state = readSupervisorState(layout);
  if (state === undefined) throw new Error(`A supervisor is starting in ${layout.dataDir}: try again in a moment.`);
  process.kill(state.pid, 'SIGTERM');
  const deadline = Date.now() + STOP_WITHIN_MS;
  // Not our child: its lock is what tells that it is gone.
  while (supervisorAlive(layout)) {
    if (Date.now() > deadline) throw new Error(`The supervisor (process ${state.pid}) does not stop: ${logPath(layout, 'supervisor')} may say why.`);
    await pause(PROBE_MS);
  }
  return true;
}
