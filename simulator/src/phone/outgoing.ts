import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { directMode, seenAs } from '../exchange/addressing.ts';
import type { Account } from '../exchange/account.ts';
import type { Device } from '../exchange/device.ts';
import { readBundle } from '../topics/encrypt.ts';
import { SERVER_JID } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { mediaTypeOf, stanzaTypeOf } from './content.ts';
import type { Handset } from './handset.ts';
import { pad } from './padding.ts';

/** A message to send. */
export interface Outgoing {
  readonly to: Jid;
  readonly id: string;
  readonly content: proto.IMessage;
  /** `<message edit>`. */
  readonly edit?: string;
  /** See `Draft.phonesOnly`; for messages to one person. */
  readonly phonesOnly?: boolean;
}

/** The server refused a message of a simulated phone. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure';
}

/** Sends to one person, and a copy to the own linked devices. Returns the server's time (epoch seconds). */
export async function sendDirect(handset: Handset, recipient: Account, message: Outgoing): Promise<number> {
  const { account, exchange } = handset;
  const chat = seenAs(recipient, directMode(exchange.world, account, recipient));
  const copy = asOwnCopy(chat.jid, message.content);
  const theirs = recipient === account ? [] : [...recipient.devices.values()];
  const withheld = message.phonesOnly === true ? theirs.filter(({ id }) => id !== 0) : [];
  const entries = [
    ...withheld.map(({ lid }) => node('to', { jid: lid }, [unavailable(message.content)])),
    ...(await sealForEach(handset, theirs.filter((device) => !withheld.includes(device)), message.content)),
    ...(await sealForEach(handset, account.companions, copy)),
  ];
  return submitMessage(handset, message, [node('participants', {}, entries)]);
}

/** Stands for a ciphertext that a device does not get. Baileys does not ask the phone for view-once messages. */
function unavailable(content: proto.IMessage): BinaryNode {
  const viewOnce = content.viewOnceMessage != null || content.viewOnceMessageV2 != null || content.viewOnceMessageV2Extension != null;
  return node('unavailable', { type: viewOnce ? 'view_once' : undefined });
}

/** Sends to all members of a group; everybody gets the sender key with it, as whatsmeow does. */
export async function sendToGroup(handset: Handset, members: readonly Account[], message: Outgoing): Promise<number> {
  const { ciphers, device } = handset;
  const group = message.to.toString();
  const axolotlSenderKeyDistributionMessage = await ciphers.distribution(group, device);
  const key: proto.IMessage = { senderKeyDistributionMessage: { groupId: group, axolotlSenderKeyDistributionMessage } };
  const devices = members.flatMap((member) => [...member.devices.values()]).filter((other) => other !== device);
  const entries = await sealForEach(handset, devices, key);
  const plaintext = pad(proto.Message.encode(message.content).finish());
  const body = await ciphers.encryptToGroup(group, device, plaintext);
  const shared = node('enc', { v: 2, type: 'skmsg', mediatype: mediaTypeOf(message.content) }, body);
  return submitMessage(handset, message, [node('participants', {}, entries), shared]);
}

/** Sends to one device of the own account, past the chats: keys, history, answers. */
export async function sendPeer(handset: Handset, companion: Device, protocolMessage: proto.Message.IProtocolMessage): Promise<string> {
  const id = handset.newMessageId();
  const [entry] = await sealForEach(handset, [companion], { protocolMessage });
  if (entry === undefined) throw new SendFailure(`no session with ${companion.lid.toString()}: it has no keys on the server`);
  const attrs = { to: companion.pn, id, type: 'text', category: 'peer' };
  handset.submit(node('message', attrs, children(entry, 'enc')));
  return id;
}

/** Sends a message again to the one device that could not read it. */
export async function sendAgain(handset: Handset, device: Device, retry: { message: Outgoing; count: number; group: boolean }): Promise<void> {
  const { message, count, group } = retry;
  const own = device.account === handset.account;
  const plain = own && !group ? asOwnCopy(message.to, message.content) : message.content;
  const [entry] = await sealForEach(handset, [device], group ? await withSenderKey(handset, message) : plain, count);
  if (entry === undefined) return;
  const address = group ? { to: message.to, participant: device.lid } : { to: device.lid, recipient: own ? message.to : undefined };
  const attrs = { ...address, id: message.id, type: stanzaTypeOf(message.content), edit: message.edit };
  handset.submit(node('message', attrs, children(entry, 'enc')));
}

/** How own other devices get a message: with the chat it went to. */
function asOwnCopy(chat: Jid, message: proto.IMessage): proto.IMessage {
  return { deviceSentMessage: { destinationJid: chat.toString(), message } };
}

async function withSenderKey(handset: Handset, { to, content }: Outgoing): Promise<proto.IMessage> {
  const axolotlSenderKeyDistributionMessage = await handset.ciphers.distribution(to.toString(), handset.device);
  return { ...content, senderKeyDistributionMessage: { groupId: to.toString(), axolotlSenderKeyDistributionMessage } };
}

function submitMessage(handset: Handset, message: Outgoing, content: readonly BinaryNode[]): number {
  const attrs = { to: message.to, id: message.id, type: stanzaTypeOf(message.content), edit: message.edit };
  const ack = handset.submit(node('message', attrs, content));
  const error = attr(ack, 'error');
  if (error !== undefined) throw new SendFailure(`the server refused message ${message.id} to ${message.to.toString()} with ${error}`);
  return Number(attr(ack, 't'));
}

/** `<to jid><enc/></to>` for each device that has or gets a session; a device without keys is left out. */
async function sealForEach(
  handset: Handset,
  devices: readonly Device[],
  content: proto.IMessage,
  count?: number,
): Promise<BinaryNode[]> {
  await startSessions(handset, devices.filter((device) => !handset.ciphers.knows(device)));
  const encoded = proto.Message.encode(content).finish();
  const entries: BinaryNode[] = [];
  for (const device of devices.filter((candidate) => handset.ciphers.knows(candidate))) {
    const { type, body } = await handset.ciphers.encrypt(device, pad(encoded));
    const enc = node('enc', { v: 2, type, count, mediatype: mediaTypeOf(content) }, body);
    entries.push(node('to', { jid: device.lid }, [enc]));
  }
  return entries;
}

/** Fetches key bundles and starts sessions with them; devices that are gone are skipped. */
export async function startSessions(handset: Handset, devices: readonly Device[]): Promise<void> {
  if (devices.length === 0) return;
  const users = devices.map((device) => node('user', { jid: device.lid }));
  const iq = node('iq', { to: SERVER_JID, type: 'get', xmlns: 'encrypt', id: handset.newMessageId() }, [node('key', {}, users)]);
  for (const user of children(child(handset.submit(iq), 'list'), 'user')) {
    const jid = jidAttr(user, 'jid');
    const device = jid === undefined ? undefined : handset.exchange.directory.device(jid);
    if (device !== undefined && child(user, 'error') === undefined) await handset.ciphers.start(device, readBundle(user));
  }
}
