/** A phone with old messages that answers on-demand requests through a staging database, as well or badly as a test wants. */
import type { Bridge, BridgeEvent, MessageRecord } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { BridgeSignals } from '../answers.ts';
import type { AskBridge } from '../bridge-source.ts';
import { NOW } from './facts.ts';
import { FakeSource } from './source.ts';
import { history } from './store.ts';

type Listener = (bridge: Bridge, event: BridgeEvent) => void;

/** An event hub for one test. */
export class Signals implements BridgeSignals {
  readonly #listeners = new Set<Listener>();

  publish(bridge: Bridge, event: Partial<BridgeEvent> & Pick<BridgeEvent, 'type'>): void {
    for (const listener of this.#listeners) listener(bridge, { id: 1, at: NOW, ...event });
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async until(found: () => boolean, { ms, signal }: { ms: number; signal: AbortSignal }): Promise<boolean> {
    if (found()) return true;
    return new Promise((resolve) => {
      const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
      const end = (value: boolean): void => {
        stop();
        resolve(value);
      };
      const stop = this.subscribe(() => {
        if (found()) end(true);
      });
      over.addEventListener('abort', () => end(false), { once: true });
    });
  }
}

export class FakePhone {
  readonly source = new FakeSource();
  readonly signals = new Signals();
  readonly requests: { bridge: Bridge; chat: string; anchor: string; count: number }[] = [];
  /** Newest first, by the JID under which the phone knows the chat. */
  readonly #messages = new Map<string, MessageRecord[]>();
  /** What the phone says when it has sent the oldest message of a chat. */
  endType: number | undefined = 1;
  silent = false;
  /** Bridges that refuse to ask, and how. */
  readonly refusing = new Map<Bridge, Failure>();
  mostInFlight = 0;
  #inFlight = 0;
  #requestCount = 0;

  /** Gives the phone `count` messages of a chat, one a minute, the newest at NOW. */
  add(chat: string, count: number, id: (index: number) => string = (index) => `${chat.slice(0, 12)}-${index}`): MessageRecord[] {
    const messages = Array.from({ length: count }, (_, index): MessageRecord => ({ chat, id: id(index), from_me: false, timestamp: NOW - 60_000 * index, kind: 'text', text: `text ${index}` }));
    this.#messages.set(chat, messages);
    return messages;
  }

  readonly ask = (async (bridge: Bridge, operation: string, input: { chat: string; anchor: { id: string }; count: number }) => {
    if (operation !== 'history.request') throw new Failure('unknown_operation', operation);
    const refusal = this.refusing.get(bridge);
    if (refusal !== undefined) throw refusal;
    this.requests.push({ bridge, chat: input.chat, anchor: input.anchor.id, count: input.count });
    const requestId = `R${++this.#requestCount}`;
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    setImmediate(() => this.#answer(requestId, input));
    return { request_id: requestId };
  }) as AskBridge;

  #answer(requestId: string, { chat, anchor, count }: { chat: string; anchor: { id: string }; count: number }): void {
    this.#inFlight -= 1;
    const known = this.#messages.get(chat);
    const at = known?.findIndex(({ id }) => id === anchor.id) ?? -1;
    if (this.silent || known === undefined || at < 0) return;
    const page = known.slice(at + 1, at + 1 + count);
    const last = at + 1 + count >= known.length;
    const chunk = { sync_type: 'ON_DEMAND' as const, request_id: requestId, received_at: NOW, messages: page.length, chats: 1 };
    const end = last ? this.endType : 2;
    this.source.stage(
      ...page.map((message) => ({ ...history({ message }), sync_type: 'ON_DEMAND' as const })),
      { ...history({ chat: { jid: chat, ...(end !== undefined && { end_of_history: end }) } }), sync_type: 'ON_DEMAND' },
      { ...history({ chunk }), chunk_id: Number(requestId.slice(1)), sync_type: 'ON_DEMAND' },
    );
    this.signals.publish('baileys', { type: 'staged', last_seq: this.source.rows.length });
  }
}
