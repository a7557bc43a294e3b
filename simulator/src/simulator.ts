import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { mountControl } from './control/endpoint.ts';
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
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_SEED = 7;
/** Largest upload: a little above what WhatsApp takes for a document. */
const MAX_BODY_BYTES = 110 * 1024 * 1024;

/** Starts a WhatsApp server on loopback, with a phone for everybody in its world. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const http = Fastify({ logger: false, bodyLimit: MAX_BODY_BYTES });
  const simulator = new Simulator(http, options);
  await http.listen({ host: LOOPBACK, port: options.port ?? 0 });
  return simulator;
}

/** A running WhatsApp. */
export class Simulator {
  readonly exchange: Exchange;
  private readonly http: FastifyInstance;
  private readonly authority: Authority;
  private readonly chat: ChatListener;
  private readonly desk: NewsletterDesk;
  private readonly phones = new Map<string, Phone>();

  constructor(http: FastifyInstance, options: SimulatorOptions) {
    const { seed = DEFAULT_SEED, clock = systemClock } = options;
    const world = typeof options.world === 'object' ? options.world : namedWorld(options.world ?? 'empty', { seed });
    this.http = http;
    this.authority = createAuthority(seed);
    const directory: Directory = new Directory(world, seed, (account) => {
      this.phones.set(account.person.id, new Phone(this.exchange, account, seed));
    });
    this.exchange = new Exchange(directory, clock);
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

  get port(): number {
    return (this.http.server.address() as AddressInfo).port;
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

  /** Cuts all connections and frees the port. */
  async close(): Promise<void> {
    await this.chat.close();
    await this.http.close();
  }
}
