import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { AppStateStore } from './appstate/index.ts';
import { mountControl } from './control/endpoint.ts';
import type { Account } from './exchange/account.ts';
import { systemClock } from './exchange/clock.ts';
import type { Clock } from './exchange/clock.ts';
import { Directory } from './exchange/directory.ts';
import type { HappeningName, Happenings } from './exchange/events.ts';
import { Exchange } from './exchange/exchange.ts';
import type { Faults } from './exchange/faults.ts';
import type { LoginRefusal } from './exchange/login-refusals.ts';
import { createAuthority } from './noise/authority.ts';
import type { Authority } from './noise/authority.ts';
import { addressOf } from './phone/address.ts';
import { Phone } from './phone/phone.ts';
import { mountMedia } from './server/media.ts';
import { ChatListener } from './server/listener.ts';
import { BlobStore } from './media/index.ts';
import { KeptBlobStore } from './state/kept-blobs.ts';
import { dump } from './state/dump.ts';
import { restore } from './state/restore.ts';
import { readState, StateFile } from './state/state-file.ts';
import { namedWorld } from './world/named.ts';
import type { WorldName } from './world/named.ts';
import { NewsletterDesk } from './topics/newsletter-desk.ts';
import type { WorldState } from './world-state/index.ts';
import type { World } from './world/types.ts';

/** How to start a simulator; everything has a default. */
export interface SimulatorOptions {
  /** Loopback port; 0 takes a free one (default). */
  readonly port?: number;
  /** All keys come from it: the same seed is the same server. Default 7. */
  readonly seed?: number;
  /** Who exists and what was said before: a world, or the name of one (default `empty`). */
  readonly world?: World | WorldName;
  readonly clock?: Clock;
  /** Keeps linked devices in this file, and uploaded files in a folder beside it, so that they need not be linked again after a restart. */
  readonly state?: string;
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_SEED = 7;
/** Largest upload: a little above what WhatsApp takes for a document. */
const MAX_BODY_BYTES = 110 * 1024 * 1024;

/** Starts a WhatsApp server on loopback, with a phone for everybody in its world. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const http = Fastify({ logger: false, bodyLimit: MAX_BODY_BYTES });
  const simulator = new Simulator(http, options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

/** Files of the media servers, in memory, or in a folder beside the state file. */
function blobStore(world: World, clock: Clock, state: string | undefined): BlobStore {
  const options = { now: () => clock.now(), beneath: (directPath: string) => world.blob(directPath) };
  return state === undefined ? new BlobStore(options) : new KeptBlobStore(`${state}.files`, options);
}

/** A running WhatsApp. */
export class Simulator {
  readonly exchange: Exchange;
  private readonly http: FastifyInstance;
  private listening = 0;
  private readonly authority: Authority;
  private readonly chat: ChatListener;
  private readonly desk: NewsletterDesk;
  private readonly stateFile: StateFile | undefined;
  private readonly phones = new Map<string, Phone>();

  constructor(http: FastifyInstance, options: SimulatorOptions) {
    const { seed = DEFAULT_SEED, clock = systemClock } = options;
    const world = typeof options.world === 'object' ? options.world : namedWorld(options.world ?? 'empty', { seed });
    this.http = http;
    this.authority = createAuthority(seed);
    const kept = options.state === undefined ? undefined : readState(options.state, { seed, world: world.spec.name });
    const appStates = new Map(kept?.accounts.map(({ person, appState }) => [person, appState]));
    const directory: Directory = new Directory(world, seed, {
      switchOn: (account) => this.phones.set(account.person.id, new Phone(this.exchange, account, seed)),
      appStateOf: (person) => {
        const stored = appStates.get(person);
        return stored === undefined ? undefined : AppStateStore.from(stored);
      },
    });
    this.exchange = new Exchange(directory, { clock, seed, blobs: blobStore(world, clock, options.state) });
    const storeOf = (account: Account) => this.phone(account.person.id).signalStore;
    if (kept !== undefined) restore(this.exchange, kept, storeOf);
    // What linked devices have pinned, archived and the like shows in the world again.
    if (kept !== undefined) this.owner.readSettings();
    this.stateFile = options.state === undefined ? undefined : new StateFile(options.state, () => dump(this.exchange, seed, storeOf));
    this.exchange.watch.on('stanza', () => this.stateFile?.touch());
    this.desk = new NewsletterDesk(this.exchange);
    this.exchange.watch.on('active', ({ device }) => this.phones.get(device.account.person.id)?.welcome(device));
    this.chat = new ChatListener(http, this.exchange, this.authority);
    mountControl(http, this);
    mountMedia(http, this.exchange);
  }

  /** What a client connects to. */
  get url(): string {
    return `ws://${LOOPBACK}:${this.port}/ws/chat`;
  }

  /** Control endpoint and media. */
  get origin(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  /** The port it listens on, or did until it was closed. */
  get port(): number {
    return this.listening;
  }

  /** Public key of the certificate authority that clients must trust; 32 bytes. */
  get noiseRoot(): Uint8Array {
    return this.authority.root;
  }

  get world(): World {
    return this.exchange.world;
  }

  /** Channels, from the side of their publishers. */
  get newsletters(): NewsletterDesk {
    return this.desk;
  }

  /** What accounts have set and what the server keeps beside the world. */
  get state(): WorldState {
    return this.exchange.state;
  }

  /** What goes wrong between the server and clients: drop, delay, duplicate, reorder, corrupt, refuse. */
  get faults(): Faults {
    return this.exchange.faults;
  }

  /** Refuses logins; the function returned lifts it. */
  refuseLogins(refusal: LoginRefusal): () => void {
    return this.exchange.refusals.add(refusal);
  }

  /** The phone of the person whose account is linked. */
  get owner(): Phone {
    return this.phone(this.world.owner.pn);
  }

  /** The phone of anybody: digits, PN or LID. Throws a RangeError where nobody has that address. */
  phone(address: string): Phone {
    const account = this.exchange.directory.account(addressOf(address));
    const phone = account === undefined ? undefined : this.phones.get(account.person.id);
    if (phone === undefined) throw new RangeError(`"${address}" is nobody in this world: expected digits, a PN JID or a LID JID`);
    return phone;
  }

  /** Calls `listener` for each such event; the function returned stops it. */
  on<Name extends HappeningName>(name: Name, listener: (happening: Happenings[Name]) => void): () => void {
    return this.exchange.watch.on(name, listener);
  }

  /** The next event that fits; rejects after `timeoutMs` (default 10 000). */
  waitFor<Name extends HappeningName>(
    name: Name,
    fits?: (happening: Happenings[Name]) => boolean,
    options?: { timeoutMs?: number },
  ): Promise<Happenings[Name]> {
    return this.exchange.watch.next(name, fits, options);
  }

  /** Opens the port; 0 takes a free one. `startSimulator` does it. */
  async listen(port: number): Promise<void> {
    await this.http.listen({ host: LOOPBACK, port });
    this.listening = (this.http.server.address() as AddressInfo).port;
  }

  /** Cuts all connections, frees the port, and writes the state file where there is one. */
  async close(): Promise<void> {
    await this.chat.close();
    await this.http.close();
    for (const phone of this.phones.values()) await phone.settled();
    this.stateFile?.write();
  }
}
