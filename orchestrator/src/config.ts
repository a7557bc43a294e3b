/** The only reader of the environment. Values, defaults and limits come from the contract's settings. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { files, settings } from '@whatsapp-mcp/contract';
import type { Setting, SettingKey } from '@whatsapp-mcp/contract';

type Settings = typeof settings;

type Value<S extends Setting> = S['type'] extends 'port' | 'integer'
  ? number
  : S['type'] extends 'boolean'
    ? boolean
    : S['type'] extends 'list'
      ? readonly string[]
      : S extends { readonly choices: readonly (infer Choice)[] }
        ? Choice
        : string;

type ReadByUs = {
  [Key in SettingKey]: 'orchestrator' extends Settings[Key]['readBy'][number] ? Key : never;
}[SettingKey];

/** One value for each setting that the orchestrator reads; undefined where unset and without default. Paths are absolute. */
export type Config = {
  readonly [Key in ReadByUs]: Settings[Key] extends { readonly default: string } ? Value<Settings[Key]> : Value<Settings[Key]> | undefined;
};

/** A setting that cannot be used. The message is one sentence for the person at the keyboard. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Text of a file, or undefined when there is none. */
  readonly readText: (path: string) => string | undefined;
}

/** Read by the start scripts in bin/, not by any process of ours. */
const foreignNames = new Set(['WHATSAPP_NODE']);

const keys = Object.keys(settings) as SettingKey[];
const rowOf = (key: SettingKey): Setting => settings[key];
const ours = keys.filter((key) => rowOf(key).readBy.includes('orchestrator'));

/** Settings from the environment and config.json of the data folder; the environment wins. Throws ConfigError. */
export function readConfig(from: Environment = processEnvironment()): Config {
  refuseUnknownVariables(from.env);
  const dataDir = parseSetting('data_dir', from.env[settings.data_dir.env] ?? settings.data_dir.default, from.home) as string;
  const stored = readConfigFile(join(dataDir, files.config), from);
  const values = ours.map((key) => {
    if (key === 'data_dir') return [key, dataDir];
    const text = from.env[rowOf(key).env] ?? stored[key] ?? rowOf(key).default;
    return [key, text === undefined || text.trim() === '' ? emptyValue(key, text) : parseSetting(key, text, from.home)];
  });
  return Object.freeze(Object.fromEntries(values)) as Config;
}

export function processEnvironment(): Environment {
  return { env: process.env, home: homedir(), readText: readTextIfThere };
}

function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}.`);
  }
}

/** An allow-list that is set but empty allows nobody; anything else that is empty is unset. */
function emptyValue(key: SettingKey, text: string | undefined): unknown {
  if (text !== undefined && (key === 'allowed_recipients' || key === 'visible_chats')) return [];
  const fallback = rowOf(key).default;
  return fallback === undefined ? undefined : parseSetting(key, fallback, homedir());
}

function refuseUnknownVariables(env: Environment['env']): void {
  const known = new Set<string>(keys.map((key) => rowOf(key).env));
  const unknown = Object.keys(env).filter((name) => name.startsWith('WHATSAPP_') && !known.has(name) && !foreignNames.has(name));
  if (unknown.length === 0) return;
  throw new ConfigError(`Unknown setting ${unknown.sort().join(', ')}. The settings are: ${[...known].sort().join(', ')}.`);
}

function readConfigFile(path: string, from: Environment): Readonly<Record<string, string>> {
  const text = from.readText(path);
  if (text === undefined) return {};
  const parsed = parseJsonObject(path, text);
  const unknown = Object.keys(parsed).filter((key) => !(keys as string[]).includes(key) || key === 'data_dir');
  if (unknown.length > 0) {
    const allowed = keys.filter((key) => key !== 'data_dir');
    throw new ConfigError(`${path} has the unknown key ${unknown.join(', ')}. The keys are: ${allowed.join(', ')}.`);
  }
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, settingText(path, key, value)]));
}

function parseJsonObject(path: string, text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path} is not JSON: ${(error as Error).message}.`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new ConfigError(`${path} must hold one JSON object.`);
  return parsed as Record<string, unknown>;
}

function settingText(path: string, key: string, value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes(','))) return value.join(',');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ConfigError(`${path}: "${key}" must be a string, a number, true, false or a list of strings without commas.`);
}

type Parser = (text: string, key: SettingKey, home: string) => unknown;

const booleans: Readonly<Record<string, boolean>> = { '1': true, true: true, yes: true, on: true, '0': false, false: false, no: false, off: false };

const parsers: Readonly<Record<Setting['type'], Parser>> = {
  string: (text) => text.trim(),
  path: (text, _key, home) => absolutePath(text, home),
  port: (text, key) => wholeNumber(text, key, 0, 65_535),
  integer: (text, key) => wholeNumber(text, key, rowOf(key).min ?? 0, rowOf(key).max ?? Number.MAX_SAFE_INTEGER),
  boolean: (text, key) => booleans[text.trim().toLowerCase()] ?? refuse(key, text, '1 or 0'),
  list: (text, key, home) => {
    const items = text.split(',').map((item) => item.trim()).filter((item) => item !== '');
    return key === 'media_roots' ? items.map((item) => absolutePath(item, home)) : items;
  },
  choice: (text, key) => rowOf(key).choices?.find((choice) => choice === text.trim()) ?? refuse(key, text, `one of: ${rowOf(key).choices?.join(', ')}`),
};

function parseSetting(key: SettingKey, text: string, home: string): unknown {
  return parsers[rowOf(key).type](text, key, home);
}

function absolutePath(text: string, home: string): string {
  const path = text.trim().replace(/^~(?=\/|\\|$)/, home);
  return isAbsolute(path) ? path : resolve(path);
}

function wholeNumber(text: string, key: SettingKey, min: number, max: number): number {
  const value = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : refuse(key, text, `a whole number from ${min} to ${max}`);
}

function refuse(key: SettingKey, text: string, expected: string): never {
  throw new ConfigError(`${rowOf(key).env} must be ${expected}; it is "${text.slice(0, 100)}".`);
}
