/** A bridge as its users run it: a process of its own, known by its log and its port. */
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Bridge } from '@whatsapp-mcp/contract';
import { files } from '@whatsapp-mcp/contract';

export const project = join(import.meta.dirname, '../..');

const commands: Readonly<Record<Bridge, readonly [string, ...string[]]>> = {
  whatsmeow: [join(project, 'bin/whatsmeow-bridge')],
  baileys: [process.execPath, '--disable-warning=ExperimentalWarning', join(project, 'bridges/baileys/src/main.ts')],
};

/** How a bridge is started: program and arguments. */
export const bridgeCommand = (bridge: Bridge): readonly [string, ...string[]] => commands[bridge];

const runFiles: Readonly<Record<Bridge, string>> = { whatsmeow: files.whatsmeowRun, baileys: files.baileysRun };

/** A bridge that has not said "listening" by then will not. */
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 20_000;
/** Lines kept for the message of a failure. */
const TAIL = 40;

export interface BridgeOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body: { readonly ok: boolean; readonly result?: unknown; readonly error?: { readonly code: string; readonly message: string } };
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export class BridgeProcess {
  readonly bridge: Bridge;
  /** Everything it wrote on stdout: must stay empty. */
  stdout = '';
  readonly log: string[] = [];
  readonly #options: BridgeOptions;
  #child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  #exit: Promise<string> = Promise.resolve('never started');

  constructor(bridge: Bridge, options: BridgeOptions) {
    this.bridge = bridge;
    this.#options = options;
  }

  /** Ends when it listens. Rejects with the end of its log when it does not. */
  async start(): Promise<void> {
    const [command, ...args] = commands[this.bridge];
    const child = spawn(command, args, {
      env: { ...process.env, ...this.#options.env, WHATSAPP_DATA_DIR: this.#options.dataDir, WHATSAPP_WHATSMEOW_PORT: '0', WHATSAPP_BAILEYS_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.#exit = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    await this.#listening(child);
  }

  #listening(child: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`The ${this.bridge} bridge did not start (${why}). Its log ends:\n${this.tail()}`));
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        fail(`nothing after ${START_WITHIN_MS} ms`);
      }, START_WITHIN_MS);
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.log.push(line);
        if (!/"msg":\s*"listening"/.test(line)) return;
        clearTimeout(timer);
        resolve();
      });
      void this.#exit.then((how) => {
        clearTimeout(timer);
        fail(how);
      });
    });
  }

  /** The last lines that it logged. */
  tail(): string {
    return this.log.slice(-TAIL).join('\n');
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`the ${this.bridge} bridge does not run`);
    return pid;
  }

  get origin(): string {
    const run = JSON.parse(readFileSync(this.runFile, 'utf8')) as { port: number };
    return `http://127.0.0.1:${run.port}`;
  }

  get runFile(): string {
    return join(this.#options.dataDir, runFiles[this.bridge]);
  }

  /** Whether its run file is there: it is while the bridge runs. */
  get announced(): boolean {
    return existsSync(this.runFile);
  }

  get token(): string {
    return readFileSync(join(this.#options.dataDir, files.token), 'utf8').trim();
  }

  /** Sends a request as it is given, the token included only where the headers hold it. */
  async request(path: string, { method = 'POST', headers = {}, body }: RawRequest): Promise<Answer> {
    const response = await fetch(`${this.origin}${path}`, { method, headers, ...(body !== undefined && { body }), signal: AbortSignal.timeout(60_000) });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  /** Calls an operation as the orchestrator does; throws when the answer is a failure. */
  async call(operation: string, input: object = {}): Promise<unknown> {
    const answer = await this.request(`/v1/${operation}`, {
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    if (!answer.body.ok) throw new Error(`${this.bridge} ${operation}: ${answer.body.error?.code}: ${answer.body.error?.message}`);
    return answer.body.result;
  }

  /** Kills it as a crash would. */
  async crash(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exit;
  }

  /** Stops it as a person would; answers how it ended. */
  async stop(): Promise<string> {
    const child = this.#child;
    if (child === undefined) return 'never started';
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.kill('SIGTERM');
    const how = await this.#exit;
    clearTimeout(timer);
    return how;
  }
}
