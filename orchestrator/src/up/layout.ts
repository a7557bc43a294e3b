/** Where things are: the project's programs, and one account's data folder. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { files } from '@whatsapp-mcp/contract';

export const project = join(import.meta.dirname, '../../..');

export const programs = {
  whatsmeow: join(project, 'bin/whatsmeow-bridge'),
  baileys: join(project, 'bridges/baileys/src/main.ts'),
  simulator: join(project, 'simulator/src/cli.ts'),
  supervisor: join(import.meta.dirname, 'supervisor.ts'),
  server: join(project, 'bin/whatsapp-mcp'),
} as const;

/** What the simulated account keeps beside the files of the contract. */
const simulatorFiles = { settings: 'simulator.json', state: 'simulator-state.db' } as const;

export interface Layout {
  readonly dataDir: string;
  readonly simulated: boolean;
}

export function pathIn({ dataDir }: Layout, name: keyof typeof files): string {
  return join(dataDir, files[name]);
}

export function logPath(layout: Layout, program: string): string {
  return join(pathIn(layout, 'logs'), `${program}.log`);
}

export function simulatorPaths({ dataDir }: Layout): { readonly settings: string; readonly state: string } {
  return { settings: join(dataDir, simulatorFiles.settings), state: join(dataDir, simulatorFiles.state) };
}

/**
 * Makes the data folder and its parts, readable by their owner only. Throws when the folder belongs to the other kind of
 * account: simulated messages must never mix with real ones.
 */
export function prepare(layout: Layout): void {
  const marked = existsSync(simulatorPaths(layout).settings);
  const paired = existsSync(pathIn(layout, 'whatsmeowSession')) || existsSync(pathIn(layout, 'baileysSession'));
  if (!layout.simulated && marked) throw new Error(`${layout.dataDir} holds the simulated account: choose another folder in WHATSAPP_DATA_DIR.`);
  if (layout.simulated && paired && !marked) throw new Error(`${layout.dataDir} holds a real account: choose another folder for the simulated one.`);
  for (const folder of [layout.dataDir, pathIn(layout, 'logs'), dirname(pathIn(layout, 'supervisorRun'))]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}

/** Parsed JSON of a small file, or undefined where there is none. A torn or foreign file throws. */
export function readJson(path: string): unknown {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined;
}

/** Replaces a file in one step, so that a reader sees the old or the new one. */
export function writeJson(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
