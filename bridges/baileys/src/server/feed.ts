/** Events for GET /v1/events: counted, kept for those who come back, pushed to those who listen. */
import type { BridgeEvent } from '@whatsapp-mcp/contract';

type Told = Omit<BridgeEvent, 'id' | 'at'>;
type Listener = (event: BridgeEvent) => void;

/** Events kept for Last-Event-ID. Who missed more asks for the status and reads on from its cursor. */
const KEPT = 1000;

export class Feed {
  readonly #now: () => number;
  readonly #kept: BridgeEvent[] = [];
  readonly #listeners = new Set<Listener>();
  #lastId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  tell(event: Told): void {
    this.#lastId += 1;
    const numbered: BridgeEvent = { ...event, id: this.#lastId, at: this.#now() };
    this.#kept.push(numbered);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(numbered);
  }

  /** Sends what is kept after `afterId` (undefined: nothing old), then everything new, until the returned function is called. */
  listen(afterId: number | undefined, listener: Listener): () => void {
    // An id that was never given is of an earlier process: everything kept is new to its owner.
    const after = afterId === undefined ? this.#lastId : afterId > this.#lastId ? 0 : afterId;
    for (const event of this.#kept) if (event.id > after) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
