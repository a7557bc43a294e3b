/** One supervisor per data folder. */
import type { Lock } from '../../sync/lock.ts';
import { takeLock } from '../../sync/lock.ts';
import type { Layout } from './layout.ts';
import { pathIn } from './layout.ts';

/** Takes the lock, or answers undefined when another process holds it. */
export function takeSupervisorLock(layout: Layout): Lock | undefined {
  return takeLock(pathIn(layout, 'supervisorLock'));
}

/** Whether a supervisor of this data folder is alive. */
export function supervisorAlive(layout: Layout): boolean {
  const lock = takeSupervisorLock(layout);
  lock?.release();
  return lock === undefined;
}
