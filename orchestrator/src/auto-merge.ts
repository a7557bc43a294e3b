/** Merges what the Baileys bridge has staged, without being asked. Of several orchestrators the one with the merge lock does it. */
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '@whatsapp-mcp/contract';
import type { BridgeStatus } from '@whatsapp-mcp/contract';
import type { EventHub } from './event-hub.ts';
import type { Log } from './log.ts';

export interface AutoMerge {
  readonly events: EventHub;
  readonly log: Log;
  /** The newest status of the Baileys bridge, where there is one. */
  readonly status: () => BridgeStatus | undefined;
  /** Asks the bridge for a fresh status; rejects when it does not answer. */
  readonly refresh: (signal: AbortSignal) => Promise<unknown>;
  /** Merges everything that is staged; gives the last sequence number that is durable. Throws Failure. */
  readonly merge: (signal: AbortSignal) => Promise<number>;
}

/** Chunks come in bursts: a page is fuller a moment later. */
const GATHER_MS = 300;
const RETRY_MS = 5_000;
/** Wakes up by itself this often, in case that an event was missed. */
const LOOK_MS = 60_000;

/** Ends when the signal aborts. */
export async function mergeWhenStaged(parts: AutoMerge, signal: AbortSignal): Promise<void> {
  const progress = { staged: 0, merged: 0 };
  const unsubscribe = parts.events.subscribe((bridge, event) => {
    if (bridge === 'baileys' && event.last_seq !== undefined) progress.staged = event.last_seq;
  });
  try {
    while (!signal.aborted) {
      const waiting = await parts.events.until(() => isWaiting(parts, progress), { ms: LOOK_MS, signal });
      if (waiting) await mergeOnce(parts, progress, signal);
    }
  } finally {
    unsubscribe();
  }
}

interface Seen {
  /** Newest staged row that an event told of. */
  staged: number;
  /** Newest row that this process merged. */
  merged: number;
}

function isWaiting({ status }: AutoMerge, { staged, merged }: Seen): boolean {
  const history = status()?.history;
  if (history === undefined) return false;
  // A new staging database counts from the beginning.
  const newest = Math.max(history.last_seq, staged);
  return newest > Math.max(history.acknowledged_seq, merged > newest ? 0 : merged);
}

async function mergeOnce({ merge, refresh, log }: AutoMerge, seen: Seen, signal: AbortSignal): Promise<void> {
  await patience(GATHER_MS, signal);
  try {
    seen.merged = await merge(signal);
    seen.staged = Math.min(seen.staged, seen.merged);
    await refresh(signal);
  } catch (error) {
    if (signal.aborted) return;
    const quiet = error instanceof Failure && (error.code === 'locked' || error.code === 'bridge_down');
    log[quiet ? 'debug' : 'warn']({ error: error instanceof Error ? error.message : String(error) }, 'the merge waits');
    await patience(RETRY_MS, signal);
    // Whoever holds the lock may have merged it all meanwhile.
    await refresh(signal).catch((later: unknown) => {
      log.debug({ error: String(later) }, 'no status');
    });
  }
}

async function patience(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
