#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { startSimulator } from './index.ts';
import { worldNames } from './world/named.ts';
import type { WorldName } from './world/named.ts';

interface ServeOptions {
  readonly port: number;
  readonly world: WorldName;
  readonly seed: number;
  readonly state?: string;
  readonly json: boolean;
}

const MAX_PORT = 65_535;

function integer(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0 || value > max) {
      throw new InvalidArgumentError(`expected a whole number from 0 to ${max}, got "${text}"`);
    }
    return value;
  };
}

async function serve(options: ServeOptions): Promise<void> {
  const { port, world, seed } = options;
  const simulator = await startSimulator({ port, world, seed, ...(options.state === undefined ? {} : { state: options.state }) });
  simulator.on('trouble', ({ where, error }) => {
    process.stderr.write(`${JSON.stringify({ level: 'warn', time: new Date().toISOString(), where, error: String(error) })}\n`);
  });
  // Before the address is printed: who reads it may send the signal at once.
  const stopped = signalled();
  const { url, origin, owner, noiseRoot } = simulator;
  const ready = { url, origin, owner: owner.pn, noise_root: Buffer.from(noiseRoot).toString('hex'), pid: process.pid };
  process.stdout.write(`${options.json ? JSON.stringify(ready) : `WhatsApp simulator at ${url}`}\n`);
  await stopped;
  await simulator.close();
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

const program = new Command('wa-sim').description('A WhatsApp server for tests and demos, on loopback.');
program
  .command('serve')
  .description('start the server and print its address when it is ready')
  .addOption(new Option('--port <number>', 'port on 127.0.0.1; 0 takes a free one').default(0).argParser(integer(MAX_PORT)))
  .addOption(new Option('--world <name>', 'who exists and what was said').choices(worldNames).default('demo'))
  .addOption(new Option('--seed <number>', 'all keys come from it').default(7).argParser(integer(2 ** 31)))
  .option('--state <file>', 'keep linked devices in this file, over restarts')
  .option('--json', 'print the address as JSON', false)
  .action(serve);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`wa-sim: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
