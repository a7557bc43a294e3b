/** Kills importer, live writer and two mergers at random until their work is done, then looks what is in the database. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { openStore } from '../../src/store/open.ts';
import { verify } from '../verification.ts';
import { expected } from './world.ts';
import type { Expected } from './world.ts';

export interface TortureOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly messages: number;
  /** Kills before the processes are left to end in peace. */
  readonly kills: number;
  /** ms between two kills. */
  readonly shortest: number;
  readonly longest: number;
  readonly random: () => number;
  /** The wrong order, to show that the torture notices. */
  readonly acknowledgeFirst?: boolean;
}

export interface TortureResult {
  readonly kills: number;
  readonly expected: number;
  readonly missing: number;
  readonly doubled: number;
  /** Messages with another chat, text, tombstone or reaction than they should have. */
  readonly wrong: number;
  /** Operations that should have found their message. */
  readonly waiting: number;
  readonly defects: readonly string[];
  readonly seconds: number;
}

const roles = ['importer', 'live', 'first merger', 'second merger'] as const;
type Role = (typeof roles)[number];

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

export async function torture(options: TortureOptions): Promise<TortureResult> {
  const began = performance.now();
  const troop = new Troop(options);
  try {
    for (const role of roles) troop.start(role);
    while (troop.kills < options.kills && troop.alive().length > 0) {
      await pause(options.shortest + options.random() * (options.longest - options.shortest));
      troop.kill();
    }
    await troop.end();
  } finally {
    troop.killAll();
  }
  const database = openStore(join(options.folder, 'messages.db'), { mode: 'write' });
  try {
    return { kills: troop.kills, expected: options.messages, ...compare(database, options.messages), ...(await soundness(database)), seconds: Math.round((performance.now() - began) / 1_000) };
  } finally {
    database.close();
  }
}

class Troop {
  readonly #options: TortureOptions;
  readonly #running = new Map<Role, ChildProcess>();
  readonly #ended = Promise.withResolvers<undefined>();
  #stopping = false;
  /** Processes that died by SIGKILL, their own or ours. */
  kills = 0;

  constructor(options: TortureOptions) {
    this.#options = options;
  }

  start(role: Role): void {
    const { folder, messages, acknowledgeFirst = false } = this.#options;
    const child = spawn(process.execPath, [worker, role, folder, String(messages), ...(acknowledgeFirst ? ['acknowledge-first'] : [])], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#running.set(role, child);
    child.once('exit', (code, signal) => {
      this.#running.delete(role);
      if (signal === 'SIGKILL') this.kills += 1;
      if (signal === 'SIGKILL' && !this.#stopping) this.start(role);
      else if (code !== 0 && signal === null) this.#ended.reject(new Error(`the ${role} failed with code ${String(code)}`));
      if (this.#running.size === 0) this.#ended.resolve(undefined);
    });
  }

  alive(): readonly Role[] {
    return [...this.#running.keys()];
  }

  /** Kills one at random, a merger more often than not; it is started again. */
  kill(): void {
    const { random } = this.#options;
    const mergers = this.alive().filter((role) => role.endsWith('merger'));
    const choice = mergers.length > 0 && random() < 0.6 ? mergers : this.alive();
    const role = choice[Math.floor(random() * choice.length)];
    if (role !== undefined) this.#running.get(role)?.kill('SIGKILL');
  }

  async end(): Promise<void> {
    if (this.#running.size > 0) await this.#ended.promise;
  }

  killAll(): void {
    this.#stopping = true;
    for (const child of this.#running.values()) child.kill('SIGKILL');
  }
}

interface Stored extends Expected {
  readonly id: string;
}

function compare(database: Database, total: number): Pick<TortureResult, 'missing' | 'doubled' | 'wrong'> {
  const rows = database
    .prepare<[], Stored>('SELECT id, chat_jid, content, is_from_me, revoked, (SELECT count(*) FROM reactions r WHERE r.mid = m.mid) AS reactions FROM messages m')
    .all();
  const byId = Map.groupBy(rows, ({ id }) => id);
  let [missing, wrong] = [0, 0];
  for (let k = 0; k < total; k += 1) {
    const [stored] = byId.get(`K${k}`) ?? [];
    const truth = expected(k);
    if (stored === undefined) missing += 1;
    else if ((Object.keys(truth) as (keyof Expected)[]).some((key) => stored[key] !== truth[key])) wrong += 1;
  }
  return { missing, doubled: rows.length - byId.size, wrong };
}

async function soundness(database: Database): Promise<Pick<TortureResult, 'waiting' | 'defects'>> {
  const { defects } = await verify(database, undefined, new AbortController().signal);
  return { waiting: database.prepare<[], { n: number }>('SELECT count(*) AS n FROM message_ops').get()?.n ?? 0, defects };
}
