/** Puts together what answers calls, from parts that come in: the same in the server and in tests. */
import { join } from 'node:path';
import { files } from '@whatsapp-mcp/contract';
import type { Bridge } from '@whatsapp-mcp/contract';
import { createRouter } from '../routing/router.ts';
import { bridgeSource } from '../sync/bridge-source.ts';
import type { AskBridge } from '../sync/bridge-source.ts';
import { createHistory } from '../sync/history.ts';
import type { History, HistoryParts } from '../sync/history.ts';
import type { CallBridge, Router } from '../routing/router.ts';
import { createAudit } from './audit.ts';
import type { Calls } from './call.ts';
import { createCatalog } from './catalog.ts';
import type { Config } from './config.ts';
import type { Clock, Ids, Store } from './context.ts';
import type { EventHub } from './event-hub.ts';
import type { Log } from './log.ts';
import { createPacing } from './pacing.ts';
import { createKnownChats } from './policy/known-chats.ts';
import { createPolicy } from './policy/policy.ts';
import { tools } from './tools/index.ts';

export interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly store: Store;
  readonly call: CallBridge;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timeZone: string;
  /** Shorter waits, for tests. */
  readonly timing?: HistoryParts['timing'];
}

export interface Assembled {
  readonly calls: Calls;
  readonly router: Router;
  readonly history: () => History;
  /** Stops the history runs of this process; they stay resumable. */
  readonly close: () => Promise<void>;
}

const DAY_MS = 86_400_000;

/** Throws ConfigError where settings name tools that do not exist. */
export function assemble({ config, log, call, timing, ...surroundings }: Parts): Assembled {
  const { store, clock } = surroundings;
  const catalog = createCatalog(tools, config);
  const router = createRouter({ call, now: () => clock.now(), off: new Set<Bridge>(config.baileys === 'off' ? ['baileys'] : []) });
  const policy = createPolicy(config, createKnownChats(store));
  if (policy.unreadable.length > 0) log.error({ entries: policy.unreadable.length }, 'an allow-list has entries that are neither phone numbers nor JIDs: it allows nothing');
  const pacing = createPacing({ sendsPerMinute: config.sends_per_minute, sendsPerDay: config.sends_per_day, sentToday: () => sentSince(store, clock.now() - DAY_MS) });
  const audit = createAudit(join(config.data_dir, files.audit));
  const memory = lazyHistory({ config, router, timing, ...surroundings });
  return {
    router,
    history: memory.get,
    close: memory.close,
    calls: { catalog, router, policy, pacing, audit, log, surroundings: { ...surroundings, config, catalog, backends: router, history: memory.get } },
  };
}

type HistoryNeeds = Pick<Parts, 'config' | 'store' | 'events' | 'clock' | 'ids'> & { readonly router: Router; readonly timing: HistoryParts['timing'] };

function lazyHistory({ config, store, events, clock, ids, router, timing }: HistoryNeeds): { get: () => History; close: () => Promise<void> } {
  const ask: AskBridge = (bridge, operation, input, options) => router.ask(operation, input, { ...options, bridge });
  let history: History | undefined;
  return {
    get: () => {
      history ??= createHistory({
        database: store.write,
        lockPath: join(config.data_dir, files.mergeLock),
        source: bridgeSource(ask),
        ask,
        signals: events,
        now: () => clock.now(),
        hex: (bytes) => ids.hex(bytes),
        owner: `whatsapp-mcp, pid ${process.pid}`,
        ...(timing && { timing }),
      });
      return history;
    },
    close: async () => {
      await history?.close();
    },
  };
}

/** Rows that are certain to have sent nothing do not count; what is pending here is the send that asks. */
function sentSince(store: Store, since: number): number {
  return store.read.prepare<[number], number>("SELECT count(*) FROM send_log WHERE created_at > ? AND outcome IN ('sent', 'unknown')").pluck().get(since) ?? 0;
}
