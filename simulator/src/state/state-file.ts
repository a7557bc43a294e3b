import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { Snapshot } from './snapshot.ts';
import type { LoadedSnapshot, StoredSnapshot } from './snapshot.ts';

/** Changes within this time are written together. */
const SETTLE_MS = 1_000;
/** The file holds private keys (of people who do not exist): for the user alone all the same. */
const PRIVATE = 0o600;

/** The state file is not one of this simulator. */
export class BadStateFile extends Error {
  override readonly name = 'BadStateFile';
}

/** Reads a state file; undefined where there is none. Throws a BadStateFile that says what to do. */
export function readState(file: string, expected: { seed: number; world: string }): LoadedSnapshot | undefined {
  if (!existsSync(file)) return undefined;
  const snapshot = parse(file);
  if (snapshot.seed !== expected.seed || snapshot.world !== expected.world) {
    throw new BadStateFile(
      `${file} is of world "${snapshot.world}" with seed ${snapshot.seed}, not "${expected.world}" with seed ${expected.seed}: start with those, or name another file`,
    );
  }
  return snapshot;
}

function parse(file: string): LoadedSnapshot {
  try {
    return Snapshot.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new BadStateFile(`${file} is not a state file of wa-sim (${reason}): delete it and link again`, { cause: error });
  }
}

/** Writes the state some time after each change, and once more at the end. */
export class StateFile {
  private readonly file: string;
  private readonly take: () => StoredSnapshot;
  private timer: NodeJS.Timeout | undefined;

  constructor(file: string, take: () => StoredSnapshot) {
    this.file = file;
    this.take = take;
  }

  /** To be called on every change. */
  touch(): void {
    this.timer ??= setTimeout(() => this.write(), SETTLE_MS).unref();
  }

  /** Writes now. The file is replaced as a whole: a crash leaves the last one. */
  write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const fresh = `${this.file}.new`;
    writeFileSync(fresh, JSON.stringify(this.take()), { mode: PRIVATE });
    renameSync(fresh, this.file);
  }
}
