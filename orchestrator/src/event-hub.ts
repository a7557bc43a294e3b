/** What the bridges tell, for whoever in this process waits for it. */
import type { Bridge, BridgeEvent } from '@whatsapp-mcp/contract';

export type EventListener = (bridge: Bridge, event: BridgeEvent) => void;

export interface EventHub {
  publish: EventListener;
  /** Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void;
  /** Resolves with true once `found` says so, asked again after every event; with false after `ms`, or when the signal aborts. */
  until(found: () => boolean, waiting: { readonly ms: number; readonly signal: AbortSignal }): Promise<boolean>;
}

export function createEventHub(): EventHub {
  const listeners = new Set<EventListener>();
  const subscribe = (listener: EventListener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    subscribe,
    publish: (bridge, event) => {
      for (const listener of listeners) listener(bridge, event);
    },
    until: (found, { ms, signal }) =>
      new Promise((resolve, reject) => {
        const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
        const end = (value: boolean): void => {
          unsubscribe();
          over.removeEventListener('abort', late);
          resolve(value);
        };
        const late = (): void => end(false);
        const ask = (): void => {
          try {
            if (found()) end(true);
          } catch (error) {
            end(false);
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        const unsubscribe = subscribe(ask);
        over.addEventListener('abort', late);
        if (over.aborted) late();
        else ask();
      }),
  };
}
