/** One program that is kept alive: started, logged, started again after it ended, stopped. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LogFile } from './log-file.ts';
import { afterEnd } from './restart-policy.ts';
import type { ProgramState } from './run-state.ts';

/** How long a program may take to stop by itself: it finishes writes and closes WhatsApp. */
const STOP_PATIENCE_MS = 15_000;

export interface ProgramSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logPath: string;
}

export interface ProgramTools {
  readonly log: LogFile;
  readonly now: () => number;
  readonly random: () => number;
  /** Called after every change of `state`. */
  readonly changed: () => void;
}

export class Program {
  readonly name: string;
  readonly #spec: ProgramSpec;
  readonly #tools: ProgramTools;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #failures = 0;
  #restarts = 0;
  #state: ProgramState;

  constructor(spec: ProgramSpec, tools: ProgramTools) {
    this.name = spec.name;
    this.#spec = spec;
    this.#tools = tools;
    this.#state = { state: 'waiting', restarts: 0, log: spec.logPath };
  }

  get state(): ProgramState {
    return this.#state;
  }

  start(): void {
    if (this.#stopping) return;
    const startedAt = this.#tools.now();
    const child = spawn(this.#spec.command, this.#spec.args, { env: this.#spec.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => this.#tools.log.write(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#tools.log.write(chunk));
    // A command that cannot be started has no exit; a started one has exactly one.
    child.once('error', (error) => {
      this.#tools.log.write(`${JSON.stringify({ level: 'error', msg: 'cannot be started', command: this.#spec.command, error: error.message })}\n`);
      if (child.pid === undefined) this.#ended(null, `cannot be started: ${error.message}`, startedAt);
    });
    child.once('exit', (code, signal) => this.#ended(code, signal ?? `exit code ${code}`, startedAt));
    if (child.pid !== undefined) this.#change({ state: 'running', pid: child.pid, restarts: this.#restarts, log: this.#spec.logPath, ...this.#lastExit() });
  }

  /** Asks it to stop, and makes it stop when it does not; ends when it has. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      await gone;
      clearTimeout(patience);
    }
    await this.#tools.log.close();
  }

  #ended(exitCode: number | null, how: string, startedAt: number): void {
    this.#child = undefined;
    if (this.#stopping) return;
    const now = this.#tools.now();
    const next = afterEnd({ exitCode, ranForMs: now - startedAt, failuresBefore: this.#failures }, this.#tools.random());
    const common = { restarts: this.#restarts, last_exit: how, log: this.#spec.logPath };
    if (!next.restart) {
      this.#change({ state: 'failed', ...common });
      return;
    }
    this.#failures = next.failures;
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.start();
    }, next.afterMs);
    this.#change({ state: 'waiting', next_start_at: now + next.afterMs, ...common });
  }

  #lastExit(): Pick<ProgramState, 'last_exit'> {
    return this.#state.last_exit === undefined ? {} : { last_exit: this.#state.last_exit };
  }

  #change(state: ProgramState): void {
    this.#state = state;
    this.#tools.changed();
  }
}
