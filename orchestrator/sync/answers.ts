/** Waits until the phone's answer to a request is in messages.db: staged by Baileys and merged, or stored by whatsmeow. */
import type { Bridge, BridgeEvent } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { ChatFactReader } from './chat-facts.ts';
import type { Answers } from './chat-walk.ts';

/** What the bridges tell, for this process. */
export interface BridgeSignals {
  /** Returns the function that ends the subscription. */
  subscribe(listener: (bridge: Bridge, event: BridgeEvent) => void): () => void;
  /** Resolves with true once `found` says so, asked again after every event; with false after `ms`, or when the signal aborts. */
  until(found: () => boolean, waiting: { readonly ms: number; readonly signal: AbortSignal }): Promise<boolean>;
}

export interface AnswerParts {
  readonly signals: BridgeSignals;
  readonly facts: ChatFactReader;
  /** Merges what is staged; one at a time however often it is asked. Rejects only with defects and store failures. */
  readonly merge: (signal: AbortSignal) => Promise<void>;
  readonly lookMs: number;
  readonly clock: () => number;
}

interface Told {
  readonly messages: number;
  readonly endOfHistory: number | undefined;
}

/** Answers that are remembered from events: far more than can be in flight. */
const MOST_TOLD = 1_000;

/** `close` ends the subscription. */
export function createAnswers({ signals, facts, merge, lookMs, clock }: AnswerParts): Answers & { close(): void } {
  const told = new Map<string, Told>();
  let staged = 0;
  const unsubscribe = signals.subscribe((bridge, event) => {
    if (bridge === 'baileys' && event.type === 'staged') staged += 1;
    if (event.type === 'history_answer' && event.request_id !== undefined) remember(told, event.request_id, event);
  });
  return {
    close: unsubscribe,
    told: (requestId) => told.get(requestId),
    wait: async (requestId, ms, signal) => {
      const deadline = clock() + ms;
      const here = (): boolean => told.has(requestId) || facts.answer(requestId) !== undefined;
      while (!signal.aborted) {
        const before = staged;
        // Told before the merge: its rows are in. Told during it, they may have been staged behind what it read.
        const toldBefore = told.has(requestId);
        await merge(signal);
        if (toldBefore || facts.answer(requestId) !== undefined) return true;
        const left = deadline - clock();
        if (left <= 0 && !here()) return false;
        await signals.until(() => staged !== before || here(), { ms: Math.max(0, Math.min(lookMs, left)), signal });
      }
      throw new Failure('cancelled', 'The retrieval was cancelled; its checkpoint stays.');
    },
  };
}

function remember(told: Map<string, Told>, requestId: string, event: BridgeEvent): void {
  told.set(requestId, { messages: event.messages ?? 0, endOfHistory: event.end_of_history });
  const [oldest] = told.keys();
  if (told.size > MOST_TOLD && oldest !== undefined) told.delete(oldest);
}
