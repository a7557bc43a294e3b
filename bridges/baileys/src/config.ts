/** Settings of this bridge: environment first, then config.json of the data folder, then the contract's defaults. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Setting, SettingKey } from '@whatsapp-mcp/contract';
import { files, settings } from '@whatsapp-mcp/contract';

export interface Config {
  readonly dataDir: string;
  /** ws:// address of a simulated WhatsApp on this machine; undefined: the real one. */
  readonly simulator: URL | undefined;
  readonly port: number;
  readonly mode: 'on-demand' | 'always' | 'off';
  readonly idleMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** A setting that cannot be used; the process says so and exits with 2. */
export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function readConfig(env: Environment): Config {
  const dataDir = expand(env[settings.data_dir.env] || settings.data_dir.default);
  const file = configFile(join(dataDir, files.config));
  const text = (key: SettingKey): string | undefined => env[settings[key].env] || file[key] || (settings[key] as Setting).default;
  const simulator = text('simulator');
  return {
    dataDir,
    simulator: simulator === undefined ? undefined : loopback(simulator),
    port: integer('baileys_port', text('baileys_port'), 0, 65_535),
    mode: choice('baileys', text('baileys'), ['on-demand', 'always', 'off']),
    idleMs: integer('baileys_idle_seconds', text('baileys_idle_seconds'), settings.baileys_idle_seconds.min, settings.baileys_idle_seconds.max) * 1000,
    logLevel: choice('log_level', text('log_level'), ['debug', 'info', 'warn', 'error']),
  };
}

function expand(path: string): string {
  return resolve(path.replace(/^~(?=$|\/)/, homedir()));
}

function configFile(path: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    const values = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.join(',') : String(value)]));
  } catch (error) {
    throw new ConfigError(`${path} is not a JSON object: ${(error as Error).message}`);
  }
}

function loopback(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'ws:' || !LOOPBACK.has(url.hostname)) {
    throw new ConfigError(`${settings.simulator.env} is "${text}"; expected ws://127.0.0.1:PORT/ws/chat, an address of this machine.`);
  }
  return url;
}

function integer(key: SettingKey, text: string | undefined, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ConfigError(`${settings[key].env} is "${text ?? ''}"; expected a whole number from ${min} to ${max}.`);
  }
  return value;
}

function choice<const Choice extends string>(key: SettingKey, text: string | undefined, choices: readonly Choice[]): Choice {
  const found = choices.find((value) => value === text);
  if (found === undefined) throw new ConfigError(`${settings[key].env} is "${text ?? ''}"; expected one of ${choices.join(', ')}.`);
  return found;
}
