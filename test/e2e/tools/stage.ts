/** One system for the scenarios of a file: a small simulated WhatsApp, both bridges linked to it, an MCP host that is offered every tool. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridges } from '@whatsapp-mcp/contract';
import type { Bridge } from '@whatsapp-mcp/contract';
import { decryptMedia, sampleOf, specOf, worldOf } from 'wa-sim';
import type { MediaType, Phone, Received, Simulator, World } from 'wa-sim';
import { afterAll, beforeAll } from 'vitest';
import { importAll } from '../../harness/history-import.ts';
import type { McpHost } from '../../harness/mcp-client.ts';
import { ToolError } from '../../harness/mcp-client.ts';
import { System } from '../../harness/system.ts';
import { expectedRows } from '../../harness/truth.ts';
import { until } from '../../harness/until.ts';

/** What crosses processes is there by then, on a busy machine too. */
const WITHIN_MS = 20_000;

/** The people and groups of the demo, with few messages. */
export const smallWorld = (): World => worldOf(specOf('demo', { totalMessages: 300 }));

export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Waits until the phone's whole history is in messages.db. */
  readonly history?: true;
  /** What the phone hands over by itself. Default: all of its history. */
  readonly offer?: Parameters<Phone['offerHistory']>[0];
  /** Which bridges are linked. Default: both. */
  readonly linked?: readonly Bridge[];
}

export interface StoredMessage {
  readonly id: string;
  readonly chat_jid: string;
  readonly content: string | null;
  readonly kind: string;
  readonly is_from_me: number;
  readonly revoked: number;
  readonly deleted_for_me_at: number | null;
}

export class Stage {
  readonly #options: StageOptions;
  #system: System | undefined;
  #host: McpHost | undefined;

  constructor(options: StageOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const world = smallWorld();
    this.#system = await System.start({ world, env: { WHATSAPP_BAILEYS: 'always', WHATSAPP_SENDS_PER_MINUTE: '1000', ...this.#options.env } });
    this.#host = await this.#system.host();
    const { offer, linked = bridges, history } = this.#options;
    if (offer !== undefined) this.sim.owner.offerHistory(offer);
    for (const bridge of linked) await this.system.pair(this.host, bridge);
    if (history === true) await importAll(this.system, this.host, expectedRows(world).length);
  }

  async close(): Promise<void> {
    await this.#system?.close();
  }

  get system(): System {
    if (this.#system === undefined) throw new Error('the stage is not open');
    return this.#system;
  }

  /** The host that is offered every tool. */
  get host(): McpHost {
    if (this.#host === undefined) throw new Error('the stage is not open');
    return this.#host;
  }

  get sim(): Simulator {
    return this.system.simulator;
  }

  get world(): World {
    return this.sim.world;
  }

  call<Result = Record<string, unknown>>(tool: string, args: object = {}): Promise<Result> {
    return this.host.call<Result>(tool, args);
  }

  /** The named failure of a call that must not succeed. */
  async failure(tool: string, args: object = {}): Promise<ToolError> {
    const came: unknown = await this.host.call(tool, args).catch((error: unknown) => error);
    if (came instanceof ToolError) return came;
    throw new Error(`${tool} was to fail; it answered ${came instanceof Error ? came.message : JSON.stringify(came)}`);
  }

  /** The phone of somebody, by the name they chose. */
  phone(pushName: string): Phone {
    const person = [...this.world.people.values()].find((one) => one.pushName === pushName);
    if (person === undefined) throw new Error(`nobody is called ${pushName}`);
    return this.sim.phone(person.pn);
  }

  /** JID of a group or community that the owner is in from the start, by its subject. */
  group(subject: string): string {
    const group = [...this.world.groups.values()].find((one) => one.subject === subject && one.kind !== 'announcement');
    if (group === undefined) throw new Error(`no group is called ${subject}`);
    return group.jid;
  }

  /** Writes a file where files may be sent from; gives its path. */
  outgoing(name: string, bytes: Uint8Array): string {
    const folder = join(this.system.dataDir, 'outbox');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  }

  /** A sticker that may be sent. */
  sticker(): string {
    return this.outgoing('smile.webp', sampleOf('sticker', 0).bytes);
  }

  /** The message of this id on a phone, which must have come once. */
  async arrives(phone: Phone, id: string): Promise<Received> {
    const got = await phone.waitForMessage((message) => message.id === id, { timeoutMs: WITHIN_MS });
    if (got.deliveries !== 1) throw new Error(`${id} came ${got.deliveries} times`);
    return got;
  }

  /** The file of a message, fetched from the media servers and decrypted. */
  file({ directPath, mediaKey }: { directPath?: string | null; mediaKey?: Uint8Array | null }, type: MediaType): Buffer {
    const found = this.sim.exchange.blobs.get(directPath ?? '');
    if (found.status !== 'found' || mediaKey == null) throw new Error(`the media servers answer "${found.status}" for ${directPath}`);
    return decryptMedia(found.blob, mediaKey, type);
  }

  /** Waits for something to come true outside this process. */
  eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>, last?: () => unknown): Promise<T> {
    return until(what, ask, { withinMs: WITHIN_MS, ...(last && { last }) });
  }

  /** Waits for a row of messages.db; answers with it. */
  row(id: string, fits: (row: StoredMessage) => boolean = () => true): Promise<StoredMessage> {
    let seen: unknown;
    const ask = (): StoredMessage | undefined => {
      const rows = this.system.query<StoredMessage>('SELECT id, chat_jid, content, kind, is_from_me, revoked, deleted_for_me_at FROM messages WHERE id = ?', id);
      seen = rows;
      return rows.find(fits);
    };
    return this.eventually(`message ${id} in messages.db`, ask, () => seen);
  }

  /** Sends from somebody's phone to the owner (or a group) and waits until it is in messages.db. */
  async receive(from: Phone, draft: Omit<Parameters<Phone['send']>[0], 'to'> & { readonly to?: string }): Promise<string> {
    const { id } = await from.send({ to: this.sim.owner.pn, ...draft });
    await this.row(id);
    return id;
  }
}

/** A stage for the tests of the calling file: opened before them, closed after. */
export function useStage(options: StageOptions = {}): Stage {
  const stage = new Stage(options);
  beforeAll(() => stage.open());
  afterAll(() => stage.close());
  return stage;
}
