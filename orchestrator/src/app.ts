/** Puts the parts together. Nothing here is opened before it is needed, except the event streams of the bridges. */
import { chmodSync, mkdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { bridges, files } from '@whatsapp-mcp/contract';
import type { Bridge } from '@whatsapp-mcp/contract';
import { createRouter } from '../routing/router.ts';
import type { Router } from '../routing/router.ts';
import { createAudit } from './audit.ts';
import { createAddressBook } from './bridge-address.ts';
import { followEvents } from './bridge-events.ts';
import { createBridgeClient } from './bridges.ts';
import type { BridgeClient } from './bridges.ts';
import type { Calls } from './call.ts';
import { createCatalog } from './catalog.ts';
import type { Config } from './config.ts';
import type { Clock, Ids, Store } from './context.ts';
import { createEventHub } from './event-hub.ts';
import type { EventHub } from './event-hub.ts';
import { createLazyStore } from './lazy-store.ts';
import type { Log } from './log.ts';
import { createPacing } from './pacing.ts';
import { createKnownChats } from './policy/known-chats.ts';
import { createPolicy } from './policy/policy.ts';
import { openStore } from './store/open.ts';
import { tools } from './tools/index.ts';

export interface App {
  readonly calls: Calls;
  /** Begins to listen to the bridges. */
  start(): void;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

const clock: Clock = { now: () => Date.now() };

const ids: Ids = {
  message: () => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`,
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};

/** Throws ConfigError where settings name tools that do not exist. */
export function createApp(config: Config, log: Log): App {
  const catalog = createCatalog(tools, config);
  makePrivateFolder(config.data_dir);
  const store = createLazyStore((mode) => openStore(join(config.data_dir, files.messages), { mode }));
  const client = createBridgeClient(createAddressBook(config.data_dir, { whatsmeow: config.whatsmeow_port, baileys: config.baileys_port }));
  const router = createRouter({ call: client.call, now: clock.now, off: new Set<Bridge>(config.baileys === 'off' ? ['baileys'] : []) });
  const events = createEventHub();
  const policy = createPolicy(config, createKnownChats(store));
  if (policy.unreadable.length > 0) log.error({ entries: policy.unreadable.length }, 'an allow-list has entries that are neither phone numbers nor JIDs: it allows nothing');
  const calls: Calls = {
    catalog,
    router,
    policy,
    pacing: createPacing({ sendsPerMinute: config.sends_per_minute, sendsPerDay: config.sends_per_day, sentToday: () => sentToday(store) }),
    audit: createAudit(join(config.data_dir, files.audit)),
    log,
    surroundings: { store, config, catalog, backends: router, events, clock, ids, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  };
  const listening = listenTo({ client, router, events, log });
  return {
    calls,
    start: listening.start,
    close: async () => {
      await listening.stop();
      await client.close();
      store.close();
    },
  };
}

function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // An existing folder may be open to others; on Windows the mode has no meaning.
  if (process.platform !== 'win32') chmodSync(path, 0o700);
}

/** Rows that are certain to have sent nothing do not count. */
function sentToday(store: Store): number {
  const since = clock.now() - DAY_MS;
  return store.read.prepare<[number], number>("SELECT count(*) FROM send_log WHERE created_at > ? AND outcome IN ('sent', 'unknown')").pluck().get(since) ?? 0;
}

interface Listening {
  readonly client: BridgeClient;
  readonly router: Router;
  readonly events: EventHub;
  readonly log: Log;
}

function listenTo({ client, router, events, log }: Listening): { start: () => void; stop: () => Promise<void> } {
  const ended = new AbortController();
  let followed: Promise<unknown> = Promise.resolve();
  const askStatus = (bridge: Bridge): void => {
    client.call(bridge, 'session.status', {}, { signal: ended.signal, deadlineMs: 5_000 }).then(
      (status) => router.observe(bridge, { type: 'status', status }),
      (error: unknown) => log.debug({ bridge, error: String(error) }, 'no status'),
    );
  };
  const sink = {
    onOpen: askStatus,
    onClosed: (bridge: Bridge) => router.observe(bridge, { type: 'failed', code: 'bridge_down' }),
    onEvent: (bridge: Bridge, event: Parameters<EventHub['publish']>[1]) => {
      if (event.status !== undefined) router.observe(bridge, { type: 'status', status: event.status });
      events.publish(bridge, event);
    },
  };
  return {
    start: () => {
      followed = Promise.all(bridges.map((bridge) => followEvents(bridge, { client, sink, log, random: Math.random }, ended.signal)));
    },
    stop: async () => {
      ended.abort();
      await followed;
    },
  };
}
