import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Action } from './actions.ts';
import { AppStateFault } from './failure.ts';
import { KeyRing, type SyncKey } from './keys.ts';
import type { Mutation } from './mutation.ts';
import { emptyState, readPatch, writePatch, type CollectionState } from './patch.ts';
import { collectionNames, type AppStateStore, type CollectionName } from './store.ts';

/** A change that another device has written and this one has read. */
export interface Applied {
  readonly collection: CollectionName;
  /** Of the patch that carried it. */
  readonly version: number;
  readonly mutation: Mutation;
}

export interface CaughtUp {
  readonly applied: readonly Applied[];
  /** At most one per collection: nothing after a bad patch can be read. */
  readonly faults: readonly AppStateFault[];
}

export interface ParticipantOptions {
  readonly store: AppStateStore;
  /** The last one is used for writing. */
  readonly keys: readonly [SyncKey, ...SyncKey[]];
  /** Fresh random bytes, for initialisation vectors. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/**
 * A device that reads and writes the app state of its account: the phone. It applies every patch
 * of its companions, with all MACs checked, before it writes one of its own; otherwise its hash
 * would not be the one the others have.
 */
export class AppStateParticipant {
  private readonly store: AppStateStore;
  private readonly ring: KeyRing;
  private key: SyncKey;
  private readonly randomBytes: (length: number) => Uint8Array;
  private readonly states = new Map<CollectionName, CollectionState>(collectionNames.map((name) => [name, emptyState(name)]));
  private readonly broken = new Map<CollectionName, AppStateFault>();
  private readonly values = new Map<string, proto.ISyncActionValue>();

  constructor({ store, keys, randomBytes }: ParticipantOptions) {
    this.store = store;
    this.ring = new KeyRing(keys);
    this.key = keys.at(-1) ?? keys[0];
    this.randomBytes = randomBytes;
  }

  /** From now on patches are written with this key; it has to be shared with the companions first. */
  rotate(key: SyncKey): void {
    this.ring.add(key);
    this.key = key;
  }

  version(name: CollectionName): number {
    return this.state(name).version;
  }

  /** The present value at an index; undefined if it was never set or has been removed. */
  value(collection: CollectionName, index: readonly string[]): proto.ISyncActionValue | undefined {
    return this.values.get(valueKey(collection, index));
  }

  /** Reads what has been written since the last time. A collection with a fault stays where it was. */
  catchUp(): CaughtUp {
    const applied: Applied[] = [];
    const faults: AppStateFault[] = [];
    for (const name of collectionNames) {
      const fault = this.broken.get(name) ?? this.catchUpWith(name, applied);
      if (fault) faults.push(fault);
    }
    return { applied, faults };
  }

  /**
   * Writes actions, one patch per collection, and returns the collections with their new versions
   * (what `server_sync` tells the companions). Call `catchUp` first and act on what it returns.
   * @throws AppStateFault if a collection cannot be read up to its present version.
   */
  write(actions: readonly Action[], nowMs: number): { name: CollectionName; version: number }[] {
    const { faults } = this.catchUp();
    const byCollection = Map.groupBy(actions, (action) => action.collection);
    const fault = faults.find((one) => byCollection.has(one.collection as CollectionName));
    if (fault) throw fault;
    return [...byCollection].map(([name, group]) => ({ name, version: this.writeTo(name, group, nowMs) }));
  }

  private writeTo(name: CollectionName, actions: readonly Action[], nowMs: number): number {
    const mutations = actions.map(({ index, apiVersion, value }): Mutation => ({ operation: 'set', index, apiVersion, value: { timestamp: nowMs, ...value } }));
    const { patch, state } = writePatch(this.state(name), mutations, { key: this.key, randomBytes: this.randomBytes });
    const result = this.store.submit(name, state.version - 1, patch);
    if (!result.accepted) throw new Error(`${name} moved on to version ${result.version} between reading and writing, which one thread cannot see.`);
    this.states.set(name, state);
    for (const mutation of mutations) this.keep(name, mutation);
    return state.version;
  }

  private catchUpWith(name: CollectionName, applied: Applied[]): AppStateFault | undefined {
    for (;;) {
      const { patches, hasMore } = this.store.since(name, this.state(name).version);
      for (const patch of patches) {
        const fault = this.apply(name, patch, applied);
        if (fault) return fault;
      }
      if (!hasMore) return undefined;
    }
  }

  private apply(name: CollectionName, patch: Uint8Array, applied: Applied[]): AppStateFault | undefined {
    try {
      const { mutations, state } = readPatch(this.state(name), patch, this.ring);
      this.states.set(name, state);
      for (const mutation of mutations) {
        this.keep(name, mutation);
        applied.push({ collection: name, version: state.version, mutation });
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof AppStateFault)) throw error;
      this.broken.set(name, error);
      return error;
    }
  }

  private keep(name: CollectionName, { operation, index, value }: Mutation): void {
    if (operation === 'set') this.values.set(valueKey(name, index), value);
    else this.values.delete(valueKey(name, index));
  }

  private state(name: CollectionName): CollectionState {
    return this.states.get(name) ?? emptyState(name);
  }
}

const valueKey = (collection: CollectionName, index: readonly string[]): string => JSON.stringify([collection, ...index]);
