import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Device } from '../exchange/device.ts';
import { bundleNodes } from '../topics/encrypt.ts';
import { SERVERS } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, bytesOf, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { readableText } from './content.ts';
import type { Handset } from './handset.ts';
import { unpad } from './padding.ts';

/** A message of an own linked device that is for the phone itself. */
export interface PeerMessage {
  readonly id: string;
  readonly from: Device;
  readonly content: proto.Message.IProtocolMessage;
}

/** One decrypted message stanza and where it came from. */
interface Arrival {
  readonly stanza: BinaryNode;
  readonly sender: Device;
  readonly chat: Jid;
}

/** After this many tries a phone gives a message up, as both clients do. */
const MAX_RETRIES = 5;

/** What libsignal says when it has seen a message before; then nothing is lost. */
const ALREADY_READ = /DuplicatedMessage|old counter/;

/** Reads the messages that reach a phone. */
export class Incoming {
  private readonly handset: Handset;
  private readonly onPeer: (message: PeerMessage) => Promise<void>;
  private readonly retries = new Map<string, number>();

  constructor(handset: Handset, onPeer: (message: PeerMessage) => Promise<void>) {
    this.handset = handset;
    this.onPeer = onPeer;
  }

  /** Decrypts a `<message>`, puts it into the inbox and confirms it, or asks for it again. */
  async take(stanza: BinaryNode): Promise<void> {
    const from = jidAttr(stanza, 'from');
    const author = jidAttr(stanza, 'participant') ?? from;
    const sender = author === undefined ? undefined : this.handset.exchange.directory.device(author);
    if (from === undefined || sender === undefined) return;
    const arrival: Arrival = { stanza, sender, chat: from };
    const encrypted = children(stanza, 'enc');
    for (const enc of encrypted) {
      const content = await this.open(arrival, enc);
      if (content === undefined) return;
      await this.file(arrival, content, enc === encrypted.at(-1));
    }
  }

  private async open(arrival: Arrival, enc: BinaryNode): Promise<proto.Message | undefined> {
    try {
      const message = proto.Message.decode(unpad(await this.decrypt(arrival, enc)));
      const key = message.senderKeyDistributionMessage?.axolotlSenderKeyDistributionMessage;
      if (key != null) await this.handset.ciphers.learn(arrival.chat.toString(), arrival.sender, key);
      return message;
    } catch (error) {
      if (!ALREADY_READ.test(String(error))) this.askAgain(arrival);
      return undefined;
    }
  }

  private decrypt({ sender, chat }: Arrival, enc: BinaryNode): Promise<Uint8Array> {
    const type = attr(enc, 'type');
    if (type === 'skmsg') return this.handset.ciphers.decryptFromGroup(chat.toString(), sender, bytesOf(enc));
    if (type !== 'pkmsg' && type !== 'msg') throw new RangeError(`expected enc of type pkmsg, msg or skmsg, got ${type ?? 'none'}`);
    return this.handset.ciphers.decrypt(sender, { type, body: bytesOf(enc) });
  }

  private async file(arrival: Arrival, message: proto.Message, last: boolean): Promise<void> {
    const { stanza, sender } = arrival;
    const inner = message.deviceSentMessage?.message ?? message;
    if (attr(stanza, 'category') === 'peer') {
      // Baileys wraps peer messages in deviceSentMessage, whatsmeow does not.
      const content = inner.protocolMessage;
      if (content != null) await this.onPeer({ id: attr(stanza, 'id') ?? '', from: sender, content });
      return;
    }
    if (!isEmpty(inner)) this.show(arrival, inner, message.deviceSentMessage?.destinationJid ?? undefined);
    if (last) this.confirm(arrival);
  }

  private show({ stanza, sender, chat }: Arrival, content: proto.IMessage, destination: string | undefined): void {
    const { pn } = sender.account;
    const fromMe = sender.account === this.handset.account;
    this.handset.show({
      id: attr(stanza, 'id') ?? '',
      chat: fromMe && !isShared(chat) ? (destination ?? String(jidAttr(stanza, 'recipient'))) : chat.bare.toString(),
      sender: pn.toString(),
      senderDevice: sender.id,
      fromMe,
      timestamp: Number(attr(stanza, 't')),
      text: readableText(content),
      content,
      edit: attr(stanza, 'edit'),
    });
  }

  private confirm({ stanza, sender, chat }: Arrival): void {
    const own = sender.account === this.handset.account;
    const participant = isShared(chat) ? jidAttr(stanza, 'participant') : undefined;
    const address = { to: isShared(chat) ? chat : jidAttr(stanza, 'from'), participant, recipient: stanza.attrs['recipient'] };
    this.handset.submit(node('receipt', { id: attr(stanza, 'id'), ...address, type: own ? 'sender' : undefined }));
  }

  /** A retry receipt, with new keys from the second on (whatsmeow retry.go: sendRetryReceipt). */
  private askAgain({ stanza, chat }: Arrival): void {
    const [id, from] = [attr(stanza, 'id') ?? '', attr(stanza, 'from') ?? ''];
    const count = (this.retries.get(`${from} ${id}`) ?? 0) + 1;
    if (count > MAX_RETRIES) return;
    this.retries.set(`${from} ${id}`, count);
    const { store } = this.handset;
    const registration = Buffer.alloc(4);
    registration.writeUInt32BE(store.registrationId);
    const parts = [node('retry', { count, id, t: attr(stanza, 't'), v: 1 }), node('registration', {}, registration)];
    if (count > 1) {
      const bundle = { registrationId: store.registrationId, identity: store.identity.publicKey, signed: store.signedPreKey };
      const keys = bundleNodes({ ...bundle, oneTime: store.makePreKeys(1)[0] });
      parts.push(node('keys', {}, keys.filter(({ tag }) => tag !== 'registration')));
    }
    const participant = isShared(chat) ? stanza.attrs['participant'] : undefined;
    const address = { to: jidAttr(stanza, 'from'), participant, recipient: stanza.attrs['recipient'] };
    this.handset.submit(node('receipt', { id, ...address, type: 'retry' }, parts));
  }
}

function isShared(jid: Jid): boolean {
  return jid.server === SERVERS.group || jid.server === SERVERS.broadcast;
}

/** A message that only carries a sender key shows nothing. */
function isEmpty(message: proto.IMessage): boolean {
  return Object.entries(message).every(([field, value]) => value == null || NOT_SHOWN.has(field));
}

const NOT_SHOWN: ReadonlySet<string> = new Set(['senderKeyDistributionMessage', 'messageContextInfo']);
