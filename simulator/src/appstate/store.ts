import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { AppStateFault } from './failure.ts';
import { parsePatch } from './patch.ts';

/** The collections of an account (whatsmeow appstate/keys.go:AllPatchNames). */
export const collectionNames = ['critical_block', 'critical_unblock_low', 'regular_high', 'regular_low', 'regular'] as const;

export type CollectionName = (typeof collectionNames)[number];

export const isCollection = (name: string): name is CollectionName => (collectionNames as readonly string[]).includes(name);

/** What a client gets when it asks for everything after its version. */
export interface Fetched {
  /** The version of the last patch in this answer; the client's own if there is none. */
  readonly version: number;
  /** SyncdPatch bytes, oldest first, each with its version. */
  readonly patches: readonly Uint8Array[];
  readonly hasMore: boolean;
}

/** `version` is the collection's version now. On a conflict `missing` is what the author has to apply first. */
export type Submitted = { readonly accepted: true; readonly version: number } | ({ readonly accepted: false } & Fetched);

export type StoredCollections = Readonly<Record<CollectionName, readonly string[]>>;

/** Patches that one answer carries at most. */
const PAGE = 500;
/** Patches that a collection holds at most: far above what a person does to their chats. */
const LIMIT = 100_000;

/**
 * The app state of one account as the server keeps it: patches in the order of their versions,
 * of which it understands nothing but the version.
 */
export class AppStateStore {
  private readonly patches = new Map<CollectionName, Uint8Array[]>(collectionNames.map((name) => [name, []]));

  /** Version 0 = never written. */
  version(name: CollectionName): number {
    return this.of(name).length;
  }

  /** All patches after a version, at most `limit` at once. A version that lies ahead of the store gets nothing. */
  since(name: CollectionName, version: number, limit = PAGE): Fetched {
    const patches = this.of(name);
    const page = patches.slice(Math.max(0, version), Math.max(0, version) + limit);
    return { version: version + page.length, patches: page, hasMore: version + page.length < patches.length };
  }

  /**
   * Adds a patch that was made on top of `basedOn`, or says what its author has not seen yet.
   * Clients upload patches without version; the stored one has it (whatsmeow reads it for the MAC).
   * @throws AppStateFault `malformed`. @throws RangeError if the collection is full.
   */
  submit(name: CollectionName, basedOn: number, bytes: Uint8Array): Submitted {
    const patches = this.of(name);
    const patch = parsePatch(bytes, name);
    if (patch.mutations.length === 0 && !patch.externalMutations) throw new AppStateFault('malformed', name, 'It has no mutations.');
    if (basedOn !== patches.length) return { accepted: false, ...this.since(name, basedOn) };
    if (patches.length >= LIMIT) throw new RangeError(`The collection ${name} holds ${LIMIT} patches; no more fit.`);
    patch.version = { version: patches.length + 1 };
    patches.push(proto.SyncdPatch.encode(patch).finish());
    return { accepted: true, version: patches.length };
  }

  /** For keeping across restarts: base64 by collection. */
  dump(): StoredCollections {
    const entries = collectionNames.map((name) => [name, this.of(name).map((patch) => Buffer.from(patch).toString('base64'))] as const);
    return Object.fromEntries(entries) as Record<CollectionName, string[]>;
  }

  static from(stored: StoredCollections): AppStateStore {
    const store = new AppStateStore();
    for (const name of collectionNames) store.of(name).push(...stored[name].map((patch) => Buffer.from(patch, 'base64')));
    return store;
  }

  private of(name: CollectionName): Uint8Array[] {
    const patches = this.patches.get(name);
    if (!patches) throw new RangeError(`There is no collection ${name}: expected one of ${collectionNames.join(', ')}.`);
    return patches;
  }
}
