/** What a tool is given to work with. Everything that changes from call to call comes in here, nothing from globals. */
import type { Bridge, Input, OperationName, Output } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import type { History } from '../sync/history.ts';
import type { Health } from '../routing/health.ts';
import type { Catalog } from './catalog.ts';
import type { Config } from './config.ts';
import type { EventHub } from './event-hub.ts';

export interface Context {
  readonly store: Store;
  readonly config: Config;
  /** Made at its first use: needs the store, and throws Failure `store_unavailable` where that cannot be opened. */
  readonly history: () => History;
  readonly policy: Visibility;
  readonly catalog: Catalog;
  readonly backends: Backends;
  readonly events: EventHub;
  readonly clock: Clock;
  /** IANA name of the user's zone: times go out with its offset. */
  readonly timeZone: string;
  readonly ids: Ids;
  /** Aborted when the host cancels the call, or after its deadline. */
  readonly signal: AbortSignal;
  /** Asks the bridge that the routing table names, within policy. Throws Failure. */
  readonly ask: Ask;
  /** What is left of the time that hosts wait for a call, milliseconds. */
  readonly remainingMs: () => number;
  /** Tells the host how far the call has come; does nothing where the host did not ask for it. */
  readonly progress: (progress: Progress) => void;
}

export type Ask = <Name extends OperationName>(operation: Name, input: Input<Name>, options?: AskOptions) => Promise<Output<Name>>;

export interface AskOptions {
  /** Only this bridge: for tools whose argument names it. */
  readonly bridge?: Bridge;
  /** Shorter than the operation's own, milliseconds. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** messages.db. Each connection is opened at its first use and throws Failure `store_unavailable` when it cannot be. */
export interface Store {
  /** For queries; query_only. */
  readonly read: Database;
  /** For short BEGIN IMMEDIATE transactions. */
  readonly write: Database;
}

export interface Visibility {
  /** Canonical JIDs of the chats that may be read; undefined: all. Every query on chats or messages takes it. */
  visibleChats(): ReadonlySet<string> | undefined;
}

/** What is known of the bridges without asking them. */
export interface Backends {
  health(bridge: Bridge): Health;
  circuit(bridge: Bridge): 'closed' | 'open' | 'half_open';
}

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

export interface Ids {
  /** New message id: 3EB0 and 18 hex digits. */
  message(): string;
  /** Random hex of that many bytes, for file names and handles. */
  hex(bytes: number): string;
}

export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly message: string;
}
