/** What the commands work with: settings, messages.db, the bridges and their events. Opened once, closed on every path. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { bridges, files } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import pino from 'pino';
import { createAddressBook } from '../../src/bridge-address.ts';
import { followEvents } from '../../src/bridge-events.ts';
import { createBridgeClient } from '../../src/bridges.ts';
import type { BridgeClient } from '../../src/bridges.ts';
import { processEnvironment, readConfig } from '../../src/config.ts';
import type { Config } from '../../src/config.ts';
import { createEventHub } from '../../src/event-hub.ts';
import { openStore } from '../../src/store/open.ts';
import { bridgeSource } from '../bridge-source.ts';
import type { StagedSource } from '../engine.ts';
import { createHistory } from '../history.ts';
import type { History } from '../history.ts';

export interface Workshop {
  readonly config: Config;
  readonly database: Database;
  readonly lockPath: string;
  readonly owner: string;
  readonly client: BridgeClient;
  readonly source: StagedSource;
  readonly history: History;
  /** Aborted by Ctrl-C: what runs stops at its next checkpoint. */
  readonly signal: AbortSignal;
}

/** Throws ConfigError and Failure. */
export async function withWorkshop<Result>(dataDir: string | undefined, work: (workshop: Workshop) => Promise<Result> | Result): Promise<Result> {
  const from = processEnvironment();
  const config = readConfig(dataDir === undefined ? from : { ...from, env: { ...from.env, WHATSAPP_DATA_DIR: dataDir } });
  const database = openStore(join(config.data_dir, files.messages), { mode: 'write' });
  const client = createBridgeClient(createAddressBook(config.data_dir, { whatsmeow: config.whatsmeow_port, baileys: config.baileys_port }));
  const ended = new AbortController();
  const events = createEventHub();
  const following = followBridges(client, events.publish, ended.signal);
  const interrupt = (): void => ended.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const shared = { database, lockPath: join(config.data_dir, files.mergeLock), owner: `sync-checkpoint, pid ${process.pid}`, source: bridgeSource(client.call) };
  const history = createHistory({ ...shared, ask: client.call, signals: events, now: Date.now, hex: (bytes) => randomBytes(bytes).toString('hex') });
  try {
    return await work({ ...shared, config, client, history, signal: ended.signal });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    ended.abort();
    await history.close();
    await following;
    await client.close();
    database.close();
  }
}

async function followBridges(client: BridgeClient, onEvent: Parameters<typeof followEvents>[1]['sink']['onEvent'], signal: AbortSignal): Promise<void> {
  const quiet = (): void => undefined;
  const log = pino({ level: 'silent' });
  await Promise.all(bridges.map((bridge) => followEvents(bridge, { client, sink: { onEvent, onOpen: quiet, onClosed: quiet }, log, random: Math.random }, signal)));
}
