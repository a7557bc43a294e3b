import type { Phrases } from './phrases/index.ts';
import type { Addressing, Chat, Density, Group, Person, Stub } from './types.ts';

/** A line that the phone wrote itself, at a fixed place in a chat. */
export interface StubLine extends Stub {
  readonly sender: Person;
}

/** All that the past of one chat is generated from. */
export interface Scene {
  readonly chat: Chat;
  readonly group: Group | undefined;
  /** The world's seed. */
  readonly seed: number;
  /** Stream key of this chat. */
  readonly key: number;
  /** Unix seconds, oldest first: as many as there are messages. */
  readonly times: Uint32Array;
  readonly owner: Person;
  /** Who may speak; the owner is one of them where they may. Never empty. */
  readonly voices: readonly Person[];
  /** Who may react and vote. */
  readonly audience: readonly Person[];
  /** Whose cards may be shared: people whose number is known. */
  readonly acquaintances: readonly Person[];
  readonly phrases: Phrases;
  readonly density: Density;
  /** How content (quotes, mentions) addresses people. */
  readonly addressing: Addressing;
  readonly stubs: ReadonlyMap<number, StubLine>;
  /** Seconds after which messages of the past disappear; 0 = never. Later changes of the chat leave the past alone. */
  readonly ephemeral: number;
}
