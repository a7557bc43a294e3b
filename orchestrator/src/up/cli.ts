/** `make up`, `link`, `down`, `status`, `logs`: an account's programs in the background of this machine. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { BridgeClient } from '../bridges.ts';
import { processEnvironment, readConfig } from '../config.ts';
import { startInBackground, stopInBackground } from './background.ts';
import type { Ports } from './bridge-line.ts';
import { bridgeClient, pollStatus, statusLine, statusOrFailure, waitForStatus } from './bridge-line.ts';
import { bridgeNames } from './fleet.ts';
import { hostConfig, hostFiles } from './host-config.ts';
import { link, printPairingCode } from './link.ts';
import type { Layout } from './layout.ts';
import { logPath } from './layout.ts';
import { readSupervisorState } from './run-state.ts';
import { waitForSimulator } from './simulated-account.ts';
import { supervisorAlive } from './supervisor-lock.ts';

const ANSWER_WITHIN_MS = 60_000;
/** A linked bridge says after this time what keeps it, where it is not connected by then. */
const CONNECTED_WITHIN_MS = 10_000;
const EXIT_NOT_RUNNING = 1;

interface Options {
  readonly simulator?: boolean;
  readonly dataDir?: string;
}

interface Account {
  readonly layout: Layout;
  readonly ports: Ports;
}

const print = (line: string): void => console.log(line);

function accountOf({ simulator = false, dataDir }: Options): Account {
  if (simulator) {
    return { layout: { dataDir: resolve(dataDir ?? join(homedir(), '.whatsapp-mcp-sim')), simulated: true }, ports: { whatsmeow: 0, baileys: 0 } };
  }
  const from = processEnvironment();
  const config = readConfig(dataDir === undefined ? from : { ...from, env: { ...from.env, WHATSAPP_DATA_DIR: dataDir } });
  return { layout: { dataDir: config.data_dir, simulated: false }, ports: { whatsmeow: config.whatsmeow_port, baileys: config.baileys_port } };
}

async function withClient({ layout, ports }: Account, work: (client: BridgeClient) => Promise<void>): Promise<void> {
  const client = bridgeClient(layout, ports);
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

async function printStatus({ layout }: Account, client: BridgeClient): Promise<void> {
  for (const name of bridgeNames) print(statusLine(name, await statusOrFailure(client, name)));
  const programs = readSupervisorState(layout)?.programs ?? {};
  for (const [name, { state, restarts, last_exit, next_start_at }] of Object.entries(programs)) {
    if (state !== 'running') print(`${name}: ${state}, ${last_exit ?? ''}${next_start_at === undefined ? '' : `, starts again at ${new Date(next_start_at).toLocaleTimeString()}`}`);
    else if (restarts > 0) print(`${name}: started again ${restarts} times, last after ${last_exit ?? 'an unknown end'}`);
  }
  print(`Data folder ${layout.dataDir}; logs in ${logPath(layout, '<name>')}`);
}

async function up(options: Options): Promise<void> {
  const account = accountOf(options);
  const { layout } = account;
  const started = await startInBackground(layout);
  print(started ? `Started in the background${layout.simulated ? ', on the simulator' : ''}.` : 'Already running; nothing was changed.');
  await withClient(account, async (client) => {
    if (layout.simulated) await waitForSimulator(layout, ANSWER_WITHIN_MS);
    await Promise.all(bridgeNames.map((name) => waitForStatus(client, name, { layout, withinMs: ANSWER_WITHIN_MS, fits: () => true })));
    const linking = { client, layout, print, interactive: process.stdout.isTTY };
    for (const name of bridgeNames) {
      const linked = await link(linking, name);
      if (linked) await pollStatus(client, name, { layout, withinMs: CONNECTED_WITHIN_MS, fits: ({ state }) => state === 'connected' || state === 'idle' });
      else if (layout.simulated) throw new Error(`The simulated phone could not link the ${name} bridge: ${logPath(layout, name)} may say why.`);
    }
    print('');
    await printStatus(account, client);
  });
  print(`\nFor Claude Desktop or Cursor, add:\n\n${hostConfig(layout)}\n\nto the file of the host:`);
  for (const line of hostFiles(process.platform)) print(`  ${line}`);
  print(`\nStop with: make down${layout.simulated ? ' SIM=1' : ''}`);
}

async function linkAgain({ phone, ...options }: Options & { readonly phone?: string }): Promise<void> {
  const account = accountOf(options);
  requireRunning(account);
  await withClient(account, async (client) => {
    const linking = { client, layout: account.layout, print, interactive: process.stdout.isTTY };
    for (const name of bridgeNames) {
      const status = await statusOrFailure(client, name);
      const open = !('paired' in status) || !status.paired;
      if (phone !== undefined && open) await printPairingCode(linking, name, phone.replaceAll(/\D/g, ''));
      else await link(linking, name);
    }
    await printStatus(account, client);
  });
}

function requireRunning({ layout }: Account): void {
  if (existsSync(layout.dataDir) && supervisorAlive(layout)) return;
  throw new Error(`Nothing runs for ${layout.dataDir}: start it with make up${layout.simulated ? ' SIM=1' : ''}.`);
}

async function down(options: Options): Promise<void> {
  const { layout } = accountOf(options);
  const stopped = existsSync(layout.dataDir) && (await stopInBackground(layout));
  print(stopped ? 'Stopped.' : 'Nothing was running.');
}

async function status(options: Options): Promise<void> {
  const account = accountOf(options);
  const running = existsSync(account.layout.dataDir) && supervisorAlive(account.layout);
  if (running) {
    await withClient(account, (client) => printStatus(account, client));
    return;
  }
  print(`Not running (data folder ${account.layout.dataDir}). Start it with make up${account.layout.simulated ? ' SIM=1' : ''}.`);
  process.exitCode = EXIT_NOT_RUNNING;
}

function logs({ follow, ...options }: Options & { readonly follow: boolean }): Promise<void> {
  const { layout } = accountOf(options);
  const names = ['supervisor', ...(layout.simulated ? ['simulator'] : []), ...bridgeNames];
  const paths = names.map((name) => logPath(layout, name)).filter((path) => existsSync(path));
  if (paths.length === 0) throw new Error(`There are no logs in ${layout.dataDir} yet: start with make up.`);
  // -F follows the name, so that it stays with the log when the file is turned over.
  const tail = spawn('tail', ['-n', '40', ...(follow ? ['-F'] : []), ...paths], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    tail.once('error', reject);
    tail.once('exit', () => resolve());
  });
}

function command(name: string, help: string): Command {
  return new Command(name)
    .description(help)
    .option('--simulator', 'the account on the simulated WhatsApp, in its own data folder')
    .option('--data-dir <folder>', 'another data folder than the usual one');
}

const program = new Command('account')
  .description("Runs an account's bridges in the background.")
  .addCommand(command('up', 'start both bridges, link them, print what to paste into an MCP host').action(up))
  .addCommand(command('link', 'link the bridges that are not').option('--phone <number>', 'by a code to type, instead of a QR').action(linkAgain))
  .addCommand(command('down', 'stop them').action(down))
  .addCommand(command('status', 'say how they are').action(status))
  .addCommand(command('logs', 'show the ends of their logs').option('--no-follow', 'and stop there').action(logs));

// The reader of a pipe (`make up | head`) may leave before all is printed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
