/** The server's own parts, and what runs behind the calls. Nothing is opened before it is needed. */
import { chmodSync, mkdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { files } from '@whatsapp-mcp/contract';
import { assemble } from './assembly.ts';
import type { Assembled } from './assembly.ts';
import { mergeWhenStaged } from './auto-merge.ts';
import { createAddressBook } from './bridge-address.ts';
import { listenToBridges } from './bridge-listener.ts';
import { createBridgeClient } from './bridges.ts';
import type { BridgeClient } from './bridges.ts';
import type { Calls } from './call.ts';
import type { Config } from './config.ts';
import type { Clock, Ids } from './context.ts';
import { createEventHub } from './event-hub.ts';
import type { EventHub } from './event-hub.ts';
import { createLazyStore } from './lazy-store.ts';
import type { LazyStore } from './lazy-store.ts';
import type { Log } from './log.ts';
import { openStore } from './store/open.ts';
import { runIndexer } from './store/search-indexer.ts';

export interface App {
  readonly calls: Calls;
  /** Begins to listen to the bridges, to merge and to index. */
  start(): void;
  close(): Promise<void>;
}

const clock: Clock = { now: () => Date.now() };

const ids: Ids = {
  message: () => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`,
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};

/** Throws ConfigError where settings name tools that do not exist. */
export function createApp(config: Config, log: Log): App {
  makePrivateFolder(config.data_dir);
  const store = createLazyStore((mode) => openStore(join(config.data_dir, files.messages), { mode }));
  const client = createBridgeClient(createAddressBook(config.data_dir, { whatsmeow: config.whatsmeow_port, baileys: config.baileys_port }));
  const events = createEventHub();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const assembled = assemble({ config, log, store, call: client.call, events, clock, ids, timeZone });
  const ended = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    calls: assembled.calls,
    start: () => {
      running = runBehind({ config, log, store, client, events, assembled }, ended.signal).catch((error: unknown) => {
        // Calls go on without it: what they read is only less fresh.
        log.error({ error: String(error) }, 'the work behind the calls ended');
      });
    },
    close: async () => {
      ended.abort();
      await running;
      await assembled.close();
      await client.close();
      store.close();
    },
  };
}

function makePrivateFolder(path: string): void {
  mkdirSync(join(path, 'run'), { recursive: true, mode: 0o700 });
  // An existing folder may be open to others; on Windows the mode has no meaning.
  if (process.platform !== 'win32') chmodSync(path, 0o700);
}

interface Behind {
  readonly config: Config;
  readonly log: Log;
  readonly store: LazyStore;
  readonly client: BridgeClient;
  readonly events: EventHub;
  readonly assembled: Assembled;
}

async function runBehind(behind: Behind, signal: AbortSignal): Promise<void> {
  const { log, client, events, assembled } = behind;
  const { router } = assembled;
  await Promise.all([
    listenToBridges({ client, router, events, log, now: clock.now }, signal),
    mergeBehind(behind, signal),
    indexBehind(behind, signal),
  ]);
}

async function mergeBehind({ log, client, events, assembled }: Behind, signal: AbortSignal): Promise<void> {
  const { router } = assembled;
  const refresh = async (): Promise<void> => {
    router.observe('baileys', { type: 'status', status: await client.call('baileys', 'session.status', {}, { signal, deadlineMs: 5_000 }) });
  };
  const merge = async (): Promise<number> => {
    const result = await assembled.history().mergeNow({ signal });
    log.info({ rows: result.rows, state: result.state, ...result.tally }, 'merged');
    return result.lastSeq;
  };
  await mergeWhenStaged({ events, log, status: () => router.health('baileys').status, refresh, merge }, signal);
}

/** A store that cannot be opened is told by every tool that needs it; here it only means that there is nothing to index. */
async function indexBehind({ config, log, store }: Behind, signal: AbortSignal): Promise<void> {
  const onError = (error: unknown): void => {
    log.warn({ error: error instanceof Error ? error.message : String(error) }, 'the search index waits');
  };
  try {
    await runIndexer({ database: () => store.write, lockPath: join(config.data_dir, files.indexLock), owner: `pid ${process.pid}`, now: clock.now, signal, onError });
  } catch (error) {
    onError(error);
  }
}
