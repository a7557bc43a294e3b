/** Where a bridge listens and what opens it: run file and token of the data folder, read again when they may have changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files } from '@whatsapp-mcp/contract';
import type { Bridge } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import { parseJson } from './json.ts';

export interface Address {
  readonly origin: string;
  readonly token: string;
  /** Text of the run file: differs from one bridge process to the next. */
  readonly run: string;
}

export interface AddressBook {
  /** The address, or undefined while the bridge has never run here. */
  find(bridge: Bridge): Address | undefined;
}

const RunFile = z.object({ port: z.int().min(1).max(65_535) });

const runFiles = { whatsmeow: files.whatsmeowRun, baileys: files.baileysRun } as const satisfies Record<Bridge, string>;

/** `ports` are the set ones; 0: only the run file knows. The run file wins: the bridge that wrote it belongs to this folder. */
export function createAddressBook(dataDir: string, ports: Readonly<Record<Bridge, number>>): AddressBook {
  return {
    find: (bridge) => {
      const token = readIfThere(join(dataDir, files.token))?.trim();
      const run = readIfThere(join(dataDir, runFiles[bridge])) ?? '';
      const port = runningPort(run) ?? ports[bridge];
      return token === undefined || token === '' || port === 0 ? undefined : { origin: `http://127.0.0.1:${port}`, token, run };
    },
  };
}

function runningPort(text: string): number | undefined {
  const parsed = RunFile.safeParse(parseJson(text));
  return parsed.success ? parsed.data.port : undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
