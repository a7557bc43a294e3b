import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from './log-file.ts';
import { Program } from './program.ts';
import type { ProgramState } from './run-state.ts';

let folder: string;
let program: Program | undefined;
let watchers: { when: (state: ProgramState) => boolean; done: (state: ProgramState) => void }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'program-'));
  watchers = [];
});

afterEach(async () => {
  await program?.stop();
  rmSync(folder, { recursive: true });
});

/** Runs a line of JavaScript as a program under supervision. */
function supervise(script: string): Program {
  const logPath = join(folder, 'program.log');
  const fail = (error: Error) => {
    throw error;
  };
  const made: Program = new Program(
    { name: 'probe', command: process.execPath, args: ['-e', script], env: { PATH: '' }, logPath },
    {
      log: openLog(logPath, fail),
      now: Date.now,
      random: () => 0,
      changed: () => watchers.filter(({ when }) => when(made.state)).forEach(({ done }) => done(made.state)),
    },
  );
  program = made;
  return made;
}

function reaches(when: (state: ProgramState) => boolean): Promise<ProgramState> {
  return new Promise((done) => watchers.push({ when, done }));
}

const forever = 'setInterval(() => undefined, 1000)';

describe('a program under supervision', () => {
  it('is started again after it was killed', async () => {
    const running = supervise(forever);
    const waits = reaches((state) => state.state === 'waiting');
    running.start();
    const first = running.state.pid!;
    process.kill(first, 'SIGKILL');
    expect(await waits).toMatchObject({ last_exit: 'SIGKILL', restarts: 0 });

    const again = await reaches((state) => state.state === 'running');
    expect(again).toMatchObject({ restarts: 1, last_exit: 'SIGKILL' });
    expect(again.pid).not.toBe(first);
  });

  it('is left alone when it says that its settings are wrong', async () => {
    const failed = reaches((state) => state.state === 'failed');
    supervise('process.exit(2)').start();
    expect(await failed).toMatchObject({ last_exit: 'exit code 2' });
  });

  it('is reported when it cannot be started at all', async () => {
    const logPath = join(folder, 'missing.log');
    const waiting = reaches((state) => state.state === 'waiting');
    const made: Program = new Program(
      { name: 'missing', command: join(folder, 'no-such-program'), args: [], env: {}, logPath },
      {
        log: openLog(logPath, () => undefined),
        now: Date.now,
        random: () => 0,
        changed: () => watchers.forEach(({ done }) => done(made.state)),
      },
    );
    program = made;
    made.start();
    expect((await waiting).last_exit).toMatch(/^cannot be started: .*ENOENT/);
  });

  it('leaves both of its outputs in the log, and is gone after stop', async () => {
    const running = supervise(`console.log('to stdout'); console.error('to stderr'); process.kill(process.pid, 'SIGTERM')`);
    const ended = reaches((state) => state.state === 'waiting');
    running.start();
    await ended;
    await running.stop();
    expect(readFileSync(join(folder, 'program.log'), 'utf8')).toContain('to stdout');
    program = undefined;
  });
});
