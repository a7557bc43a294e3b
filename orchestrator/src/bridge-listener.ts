/** Keeps what is known of the bridges current: their event streams, and their status whenever a stream begins. */
import { bridges } from '@whatsapp-mcp/contract';
import type { Bridge, BridgeStatus } from '@whatsapp-mcp/contract';
import type { Router } from '../routing/router.ts';
import { followEvents } from './bridge-events.ts';
import type { EventSink } from './bridge-events.ts';
import type { BridgeClient } from './bridges.ts';
import type { EventHub } from './event-hub.ts';
import type { Log } from './log.ts';

export interface Listening {
  readonly client: BridgeClient;
  readonly router: Router;
  readonly events: EventHub;
  readonly log: Log;
  readonly now: () => number;
}

const STATUS_MS = 5_000;

/** Ends when the signal aborts. */
export async function listenToBridges(listening: Listening, signal: AbortSignal): Promise<void> {
  const { client, log } = listening;
  const sink = sinkOf(listening, signal);
  await Promise.all(bridges.map((bridge) => followEvents(bridge, { client, sink, log, random: Math.random }, signal)));
}

function sinkOf({ client, router, events, log, now }: Listening, signal: AbortSignal): EventSink {
  const tell = (bridge: Bridge, status: BridgeStatus): void => {
    router.observe(bridge, { type: 'status', status });
    events.publish(bridge, { id: 1, type: 'status', at: now(), status });
  };
  return {
    onOpen: (bridge) => {
      client.call(bridge, 'session.status', {}, { signal, deadlineMs: STATUS_MS }).then(
        (status) => {
          tell(bridge, status);
        },
        (error: unknown) => {
          log.debug({ bridge, error: String(error) }, 'no status');
        },
      );
    },
    onClosed: (bridge) => {
      router.observe(bridge, { type: 'failed', code: 'bridge_down' });
    },
    onEvent: (bridge, event) => {
      if (event.status !== undefined) router.observe(bridge, { type: 'status', status: event.status });
      events.publish(bridge, event);
    },
  };
}
