/**
 * The process in the background that keeps both bridges (and the simulator, where asked for) alive.
 * Usage: node supervisor.ts <data folder> [simulator port]     started by `up`, stopped by SIGTERM from `down`
 * Tells its parent `started` or `held` by IPC. Exits 3 when another one holds the data folder.
 */
import { rmSync } from 'node:fs';
import { fleet } from './fleet.ts';
import type { Layout } from './layout.ts';
import { logPath, pathIn, writeJson } from './layout.ts';
import { openLog } from './log-file.ts';
import { endOrphans } from './orphans.ts';
import { Program } from './program.ts';
import type { SupervisorState } from './run-state.ts';
import { takeSupervisorLock } from './supervisor-lock.ts';

export type SupervisorMessage = 'started' | 'held';

const EXIT_HELD = 3;

function tellParent(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message);
}

async function main([dataDir, port]: readonly string[]): Promise<void> {
  if (dataDir === undefined) throw new Error('expected: supervisor.ts <data folder> [simulator port]');
  const layout: Layout = { dataDir, simulated: port !== undefined };
  const lock = takeSupervisorLock(layout);
  if (lock === undefined) {
    tellParent('held');
    process.exitCode = EXIT_HELD;
    return;
  }
  await endOrphans(layout);
  const stop = superviseAll(layout, port === undefined ? undefined : Number(port));
  await Promise.race(['SIGTERM', 'SIGINT'].map((signal) => new Promise((resolve) => process.once(signal, resolve))));
  await stop();
  rmSync(pathIn(layout, 'supervisorRun'), { force: true });
  lock.release();
}

/** Starts every program and keeps run/supervisor.json true; answers with what stops them all. */
function superviseAll(layout: Layout, simulatorPort: number | undefined): () => Promise<void> {
  const own = openLog(logPath(layout, 'supervisor'), () => {
    // Without a log there is nobody left to tell; the programs are worth more than their logs.
  });
  const startedAt = Date.now();
  const all: Program[] = [];
  const publish = (): void => {
    const state: SupervisorState = {
      pid: process.pid,
      started_at: startedAt,
      simulated: layout.simulated,
      programs: Object.fromEntries(all.map((program) => [program.name, program.state])),
    };
    own.write(`${JSON.stringify({ at: new Date().toISOString(), ...state.programs })}\n`);
    writeJson(pathIn(layout, 'supervisorRun'), state);
  };
  for (const spec of fleet({ layout, env: process.env, simulatorPort, node: process.execPath })) {
    const log = openLog(spec.logPath, (error) => own.write(`${JSON.stringify({ program: spec.name, log_error: error.message })}\n`));
    all.push(new Program(spec, { log, now: Date.now, random: Math.random, changed: publish }));
  }
  for (const program of all) program.start();
  publish();
  tellParent('started');
  return async () => {
    // The bridges close WhatsApp before what they talk to goes away.
    const [bridges, simulators] = [all.filter(({ name }) => name !== 'simulator'), all.filter(({ name }) => name === 'simulator')];
    await Promise.all(bridges.map((program) => program.stop()));
    await Promise.all(simulators.map((program) => program.stop()));
    await own.close();
  };
}

await main(process.argv.slice(2));
