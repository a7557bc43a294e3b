import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Action, CollectionName } from '../appstate/index.ts';
import type { Account } from '../exchange/account.ts';
import type { Device, Link } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { HistoryOptions } from '../history/index.ts';
import { Restrictions } from '../topics/restrictions.ts';
import { Jid, STATUS_JID } from '../wire/jid.ts';
import { attr, describe, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { NewChatCap, ReachoutTimelock } from '../world-state/restrictions.ts';
import { addressOf } from './address.ts';
import { Bootstrap } from './bootstrap.ts';
import { Companion } from './companion.ts';
import { downloadFile, uploadFile } from './files.ts';
import type { FileDraft } from './files.ts';
import { PhoneGroups } from './groups.ts';
import { Handset } from './handset.ts';
import type { Received, WaitOptions } from './inbox.ts';
import { Incoming } from './incoming.ts';
import { linkByCode } from './linking-code.ts';
import { linkByQr } from './linking.ts';
import { answerMediaRetry } from './media-retry.ts';
import { sendDirect, sendToGroup } from './outgoing.ts';
import { answerPeer } from './peer.ts';
import { PhoneCalls, PhoneProfile } from './profile.ts';
import { answerRetry } from './retry.ts';
import type { SignalStore } from './signal-store.ts';
import { Settings } from './settings.ts';

/** What a phone is told to send: a text, or any content. */
export interface Draft {
  /** A person (digits, PN or LID), a group, or `status@broadcast`. */
  readonly to: string;
  readonly text?: string;
  readonly content?: proto.IMessage;
  /** Made by the phone where it is left out. */
  readonly id?: string;
  /** `<message edit>`: 1 edit, 2 pin, 7 revoke. */
  readonly edit?: string;
  /** Linked devices get the message without its content and must ask their phone for it. */
  readonly phonesOnly?: boolean;
}

/** A message the server has taken. */
export interface Receipt {
  readonly id: string;
  /** Epoch seconds, of the server. */
  readonly timestamp: number;
}

/** The simulated phone of a person: it scans codes, sends, receives, and can be switched off. */
export class Phone {
  /** Name, picture, privacy, presence. */
  readonly profile: PhoneProfile;
  readonly calls: PhoneCalls;
  /** What the person does to groups. */
  readonly groups: PhoneGroups;
  private readonly handset: Handset;
  private readonly incoming: Incoming;
  private readonly bootstrap: Bootstrap;
  private readonly settings: Settings;
  private readonly line: Link = { send: (stanza) => this.take(stanza), close: () => undefined };

  constructor(exchange: Exchange, account: Account, seed: number) {
    this.handset = new Handset(exchange, account, seed);
    this.groups = new PhoneGroups(this.handset);
    this.profile = new PhoneProfile(this.handset);
    this.calls = new PhoneCalls(this.handset);
    this.settings = new Settings(this.handset, seed);
    this.bootstrap = new Bootstrap(this.handset, this.settings);
    this.incoming = new Incoming(this.handset, (message) => answerPeer(this.handset, this.settings, message));
    this.setOnline(true);
  }

  /** Phone-number JID. */
  get pn(): string {
    return this.handset.account.pn.toString();
  }

  /** Hidden-id JID. */
  get lid(): string {
    return this.handset.account.lid.toString();
  }

  get name(): string {
    return this.handset.account.person.pushName;
  }

  /** The Signal identity of the account; 32 bytes. */
  get identity(): Uint8Array {
    return this.handset.account.identity.publicKey;
  }

  get online(): boolean {
    return this.handset.device.link !== undefined;
  }

  /** What WhatsApp holds against this account. */
  get restrictions(): { setTimelock: (timelock: ReachoutTimelock | undefined) => void; setNewChatCap: (cap: NewChatCap | undefined) => void } {
    const { account, exchange } = this.handset;
    const restrictions = new Restrictions(exchange);
    return {
      setTimelock: (timelock) => restrictions.setTimelock(account, timelock),
      setNewChatCap: (cap) => restrictions.setNewChatCap(account, cap),
    };
  }

  /** Linked devices, oldest first. */
  get companions(): Companion[] {
    return this.handset.account.companions.map((device) => new Companion(this.handset.exchange, device));
  }

  /** Every message decrypted by this phone, oldest first, once each; repeats are counted in `deliveries`. */
  get inbox(): readonly Received[] {
    return this.handset.inbox.messages;
  }

  /** Links the client that shows this QR code. Throws a LinkFailure that says what is wrong with it. */
  async scanQr(text: string): Promise<Companion> {
    this.settings.prepare();
    return new Companion(this.handset.exchange, await linkByQr(this.handset, text));
  }

  /** Links the client that shows this code, e.g. `ABCD-EFGH`. Throws a LinkFailure that says what is wrong with it. */
  async enterPairingCode(code: string): Promise<Companion> {
    this.settings.prepare();
    return new Companion(this.handset.exchange, await linkByCode(this.handset, code));
  }

  /** Encrypts for every device of the chat and sends. Throws a SendFailure if the server refuses. */
  send(draft: Draft): Promise<Receipt> {
    const content = draft.content ?? { conversation: draft.text ?? '' };
    const id = draft.id ?? this.handset.newMessageId();
    return this.handset.serially(async () => {
      const timestamp = await this.dispatch({ ...draft, content, id });
      this.handset.write({ id, chat: addressOf(draft.to).toString(), sender: this.handset.account.person.id, fromMe: true, timestamp, content });
      return { id, timestamp };
    });
  }

  /** Uploads a file and sends it. */
  sendFile(draft: FileDraft): Promise<Receipt> {
    return this.send({ to: draft.to, content: uploadFile(this.handset, draft) });
  }

  /** The file of a message that came, decrypted. Throws a FileFailure where there is none. */
  download(message: Received): Uint8Array {
    return downloadFile(this.handset, message.content);
  }

  /** The first message that fits, past or future; rejects after `timeoutMs` (default 10 000). */
  waitForMessage(fits: (message: Received) => boolean, options?: WaitOptions): Promise<Received> {
    return this.handset.inbox.waitFor(fits, options);
  }

  /** Tells the sender that messages were read. */
  markRead(chat: string, ids: readonly string[], sender?: string): void {
    const [first, ...more] = ids;
    const participant = sender === undefined ? undefined : Jid.parse(sender);
    const list = more.length === 0 ? undefined : [node('list', {}, more.map((id) => node('item', { id })))];
    this.handset.submit(node('receipt', { to: addressOf(chat), id: first, type: 'read', participant }, list));
  }

  /** Changes settings that linked devices share, e.g. `actions.pin(chat, true)`. */
  change(...changes: readonly Action[]): void {
    this.settings.change(changes);
  }

  /** Reads what linked devices have set; a phone that is on does so whenever they set something. */
  readSettings(): void {
    this.settings.catchUp();
  }

  /** What is set at an index of a collection, e.g. `('regular_low', ['archive', jid])`. */
  setting(collection: CollectionName, index: readonly string[]): proto.ISyncActionValue | undefined {
    return this.settings.value(collection, index);
  }

  /** Changes what devices that are linked from now on get by themselves; the rest they can ask for. */
  offerHistory(offer: Partial<HistoryOptions>): void {
    this.handset.historyOffer = offer;
  }

  /** A phone that is off answers nothing; what comes meanwhile reaches it when it is on again. */
  setOnline(online: boolean): void {
    const { device, exchange } = this.handset;
    if (!online) {
      device.disconnect();
      return;
    }
    device.link = this.line;
    exchange.activate(device);
    this.bootstrap.catchUp();
  }

  /** Called by the simulator when a linked device is there. */
  welcome(device: Device): void {
    this.bootstrap.welcome(device);
  }

  /** Its keys and sessions, for keeping them over a restart. */
  get signalStore(): SignalStore {
    return this.handset.store;
  }

  /** Resolves when everything that reached the phone so far has been worked on. */
  async settled(): Promise<void> {
    await this.handset.settled();
  }

  private async dispatch(draft: Draft & { content: proto.IMessage; id: string }): Promise<number> {
    const { directory, world } = this.handset.exchange;
    const to = addressOf(draft.to);
    const message = { to, id: draft.id, content: draft.content, ...(draft.edit === undefined ? {} : { edit: draft.edit }), phonesOnly: draft.phonesOnly ?? false };
    const group = world.groups.get(to.toString());
    this.handset.remember(draft.id, message);
    if (to.equals(STATUS_JID)) return sendToGroup(this.handset, statusAudience(this.handset), message);
    if (group !== undefined) {
      return sendToGroup(this.handset, group.members.map(({ person }) => directory.accountOf(person)), message);
    }
    const recipient = directory.account(to);
    if (recipient === undefined) throw new RangeError(`"${draft.to}" is nobody in this world: expected a person or a group of it`);
    return sendDirect(this.handset, recipient, message);
  }

  private get parts(): Parts {
    const { handset, incoming, settings } = this;
    return { handset, incoming, settings };
  }

  private take(stanza: BinaryNode): void {
    void this.handset.serially(async () => {
      if (!this.online) return;
      try {
        await TAKERS[stanza.tag]?.(this.parts, stanza);
      } catch (error) {
        this.handset.exchange.watch.emit('trouble', { where: `phone of ${this.pn}, ${describe(stanza)}`, error });
      }
      // What broke once would break again: it must not come back at every start.
      this.acknowledge(stanza);
    });
  }

  private acknowledge(stanza: BinaryNode): void {
    const attrs = { class: stanza.tag, id: attr(stanza, 'id'), to: stanza.attrs['from'], type: attr(stanza, 'type') };
    this.handset.submit(node('ack', attrs));
  }
}

/** Who sees a status post: the owner's goes to everybody the owner chats with, those of others to the owner. */
function statusAudience({ exchange, account }: Handset): Account[] {
  const { world, directory } = exchange;
  const owner = directory.accountOf(world.owner.id);
  if (account !== owner) return [owner, account];
  const people = [...world.chats.values()].flatMap(({ kind, person }) => (kind === 'direct' && person !== undefined ? [person] : []));
  return [owner, ...people.map((person) => directory.accountOf(person))];
}

/** The parts of a phone that stanzas go to. */
interface Parts {
  readonly handset: Handset;
  readonly incoming: Incoming;
  readonly settings: Settings;
}

type Taker = (parts: Parts, stanza: BinaryNode) => Promise<void>;

/** What a phone does with each kind of stanza; the others it only acknowledges. */
const TAKERS: Readonly<Record<string, Taker>> = {
  message: ({ incoming }, stanza) => incoming.take(stanza),
  receipt: async ({ handset }, stanza) => {
    if (attr(stanza, 'type') === 'retry') await answerRetry(handset, stanza);
    if (attr(stanza, 'type') === 'server-error') answerMediaRetry(handset, stanza);
    if (attr(stanza, 'type') === 'hist_sync') handset.unconfirmed.delete(attr(stanza, 'id') ?? '');
  },
  notification: async ({ settings }, stanza) => {
    if (attr(stanza, 'type') === 'server_sync') settings.catchUp();
    await Promise.resolve();
  },
};
