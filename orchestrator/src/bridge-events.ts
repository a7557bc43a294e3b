/** The event stream of a bridge: goes on where it broke off, and begins again with patience when the bridge is away. */
import { setTimeout as pause } from 'node:timers/promises';
import { BridgeEvent } from '@whatsapp-mcp/contract';
import type { Bridge } from '@whatsapp-mcp/contract';
import { createParser } from 'eventsource-parser';
import type { BridgeClient } from './bridges.ts';
import { parseJson } from './json.ts';
import type { Log } from './log.ts';

export interface EventSink {
  readonly onEvent: (bridge: Bridge, event: BridgeEvent) => void;
  /** The stream stands: whatever happened while it did not may have been missed. */
  readonly onOpen: (bridge: Bridge) => void;
  readonly onClosed: (bridge: Bridge) => void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const MAX_EVENT_CHARACTERS = 1_000_000;

export interface Following {
  readonly client: BridgeClient;
  readonly sink: EventSink;
  readonly log: Log;
  readonly random: () => number;
}

/** Follows until the signal aborts; resolves then. Never rejects: a bridge that is away is no error. */
export async function followEvents(bridge: Bridge, following: Following, signal: AbortSignal): Promise<void> {
  const place: Place = { lastId: undefined, run: undefined };
  let wait = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const stood = await followOnce(bridge, following, { place, signal });
    wait = stood ? FIRST_PAUSE_MS : Math.min(wait * 2, LONGEST_PAUSE_MS);
    await patience(wait * (0.5 + following.random() / 2), signal);
  }
}

interface Place {
  /** Id of the newest event that was seen, for Last-Event-ID. */
  lastId: string | undefined;
  /** The bridge process that gave it; another one counts anew. */
  run: string | undefined;
}

async function followOnce(bridge: Bridge, { client, sink, log }: Following, { place, signal }: { place: Place; signal: AbortSignal }): Promise<boolean> {
  let open = false;
  try {
    const connection = client.connect(bridge);
    if (connection === undefined) return false;
    if (place.run !== connection.run) place.lastId = undefined;
    place.run = connection.run;
    const headers = { authorization: `Bearer ${connection.token}`, accept: 'text/event-stream', ...(place.lastId !== undefined && { 'last-event-id': place.lastId }) };
    const response = await connection.pool.request({ method: 'GET', path: '/v1/events', headers, signal });
    if (response.statusCode !== 200) {
      await response.body.dump();
      return false;
    }
    open = true;
    sink.onOpen(bridge);
    await readEvents(response.body, (id, data) => {
      place.lastId = id ?? place.lastId;
      deliver(bridge, data, { sink, log });
    });
  } catch (error) {
    if (!signal.aborted && open) log.debug({ bridge, error: String(error) }, 'event stream ended');
  } finally {
    if (open) sink.onClosed(bridge);
  }
  return open;
}

async function readEvents(body: AsyncIterable<Buffer>, onMessage: (id: string | undefined, data: string) => void): Promise<void> {
  const parser = createParser({ onEvent: ({ id, data }) => onMessage(id, data), maxBufferSize: MAX_EVENT_CHARACTERS });
  const decoder = new TextDecoder();
  for await (const part of body) parser.feed(decoder.decode(part, { stream: true }));
}

function deliver(bridge: Bridge, data: string, { sink, log }: Pick<Following, 'sink' | 'log'>): void {
  const parsed = BridgeEvent.safeParse(parseJson(data));
  if (parsed.success) sink.onEvent(bridge, parsed.data);
  else log.warn({ bridge, problem: parsed.error.issues[0]?.message }, 'event that the contract does not know');
}

async function patience(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
