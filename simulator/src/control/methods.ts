import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import * as z from 'zod';
import type { Companion } from '../phone/companion.ts';
import type { Received } from '../phone/inbox.ts';
import type { Simulator } from '../simulator.ts';
import { accountMethods } from './account-methods.ts';
import { faultMethods } from './fault-methods.ts';
import { groupMethods } from './group-methods.ts';
import { withoutGaps } from './gaps.ts';
import { account, method, phoneOf } from './method.ts';
import type { Method } from './method.ts';
import { newsletterMethods } from './newsletter-methods.ts';
import { settingMethods } from './setting-methods.ts';

/** Most messages one answer carries. */
const MAX_PAGE = 1_000;
/** 16 MB as base64; larger files are for the API. */
const MAX_FILE_CHARACTERS = 22_369_624;
/** Nobody waits longer than this in one request. */
const MAX_WAIT_MS = 120_000;

const timeout = z.int().min(1).max(MAX_WAIT_MS).default(10_000);
const device = z.int().min(1).max(255).describe('Device id of the linked device');

/** The methods of `POST /control/<name>`; the names are the keys. */
export const methods: Readonly<Record<string, Method>> = {
  ...groupMethods,
  ...newsletterMethods,
  ...accountMethods,
  ...faultMethods,
  ...settingMethods,
  scan_qr: method({
    about: 'Lets the phone scan the QR code a client shows; answers the linked device.',
    input: z.strictObject({ account, qr: z.string().max(2_000) }),
    run: (simulator, input) => phoneOf(simulator, input.account).scanQr(input.qr),
  }),
  enter_pairing_code: method({
    about: 'Types the code a client shows on the phone; answers the linked device.',
    input: z.strictObject({ account, code: z.string().max(20) }),
    run: (simulator, input) => phoneOf(simulator, input.account).enterPairingCode(input.code),
  }),
  send: method({
    about: 'Lets a phone send a text, or any message content as protobuf JSON.',
    input: z.strictObject({
      from: account,
      to: z.string(),
      text: z.string().max(65_536).optional(),
      content: z.record(z.string(), z.unknown()).optional(),
      id: z.string().max(64).optional(),
      edit: z.string().max(2).optional(),
      phones_only: z.boolean().describe('Linked devices must ask their phone for the content').default(false),
    }),
    run: (simulator, { from, to, text, content, id, edit, phones_only: phonesOnly }) =>
      phoneOf(simulator, from).send({
        to,
        phonesOnly,
        ...(text === undefined ? {} : { text }),
        ...(content === undefined ? {} : { content: proto.Message.fromObject(content) }),
        ...(id === undefined ? {} : { id }),
        ...(edit === undefined ? {} : { edit }),
      }),
  }),
  send_file: method({
    about: 'Lets a phone upload a file (base64) and send it.',
    input: z.strictObject({
      from: account,
      to: z.string(),
      kind: z.enum(['image', 'video', 'audio', 'ptt', 'document', 'sticker']),
      bytes: z.base64().max(MAX_FILE_CHARACTERS),
      mimetype: z.string().max(200),
      caption: z.string().max(65_536).optional(),
      file_name: z.string().max(255).optional(),
      seconds: z.int().min(0).optional(),
    }),
    run: (simulator, { from, bytes, file_name: fileName, ...draft }) =>
      phoneOf(simulator, from).sendFile(withoutGaps({ ...draft, fileName, bytes: Buffer.from(bytes, 'base64') })),
  }),
  download: method({
    about: 'The decrypted file of a message in a phone\'s inbox, as base64.',
    input: z.strictObject({ account, id: z.string() }),
    run: (simulator, { account: who, id }) => {
      const phone = phoneOf(simulator, who);
      const message = phone.inbox.find((candidate) => candidate.id === id);
      if (message === undefined) throw new RangeError(`${phone.pn} has no message ${id} in its inbox`);
      return { bytes: Buffer.from(phone.download(message)).toString('base64') };
    },
  }),
  inbox: method({
    about: 'The messages a phone has decrypted, oldest first, from position `after` on.',
    input: z.strictObject({ account, after: z.int().min(0).default(0), limit: z.int().min(1).max(MAX_PAGE).default(MAX_PAGE) }),
    run: (simulator, input) => {
      const { inbox } = phoneOf(simulator, input.account);
      return { total: inbox.length, messages: inbox.slice(input.after, input.after + input.limit).map(asJson) };
    },
  }),
  wait_for_message: method({
    about: 'The first message of a phone, past or future, that has this text, id or sender.',
    input: z.strictObject({
      account,
      text: z.string().optional(),
      id: z.string().optional(),
      sender: z.string().optional(),
      timeout_ms: timeout,
    }),
    run: async (simulator, { account: who, text, id, sender, timeout_ms }) => {
      const pn = sender === undefined ? undefined : simulator.phone(sender).pn;
      const fits = (message: Received) =>
        (text === undefined || message.text === text) && (id === undefined || message.id === id) && (pn === undefined || message.sender === pn);
      return asJson(await phoneOf(simulator, who).waitForMessage(fits, { timeoutMs: timeout_ms }));
    },
  }),
  mark_read: method({
    about: 'Lets a phone tell that it has read messages; in groups `sender` is who wrote them.',
    input: z.strictObject({ account, chat: z.string(), ids: z.array(z.string()).min(1).max(MAX_PAGE), sender: z.string().optional() }),
    run: (simulator, { account: who, chat, ids, sender }) => phoneOf(simulator, who).markRead(chat, ids, sender),
  }),
  set_online: method({
    about: 'Switches a phone on or off; one that is off answers nothing.',
    input: z.strictObject({ account, online: z.boolean() }),
    run: (simulator, input) => phoneOf(simulator, input.account).setOnline(input.online),
  }),
  companions: method({
    about: 'The linked devices of an account.',
    input: z.strictObject({ account }),
    run: (simulator, input) => phoneOf(simulator, input.account).companions,
  }),
  wait_until_bootstrapped: method({
    about: 'Answers when the phone has sent a linked device its keys and all history.',
    input: z.strictObject({ account, device, timeout_ms: timeout }),
    run: async (simulator, input) => {
      const found = companion(simulator, input);
      await found.whenBootstrapped({ timeoutMs: input.timeout_ms });
      return found;
    },
  }),
  drop: method({
    about: 'Cuts the connection of a linked device without a word.',
    input: z.strictObject({ account, device }),
    run: (simulator, input) => companion(simulator, input).drop(),
  }),
  logout: method({
    about: 'Takes the link of a device away, as "Log out" on the phone does.',
    input: z.strictObject({ account, device }),
    run: (simulator, input) => companion(simulator, input).logout(),
  }),
  world: method({
    about: 'Who the owner is and how much there is.',
    input: z.strictObject({}),
    run: ({ owner, world, url, noiseRoot }) => ({
      owner: { pn: owner.pn, lid: owner.lid, name: owner.name },
      counts: world.counts(),
      url,
      noise_root: Buffer.from(noiseRoot).toString('hex'),
    }),
  }),
  people: method({
    about: 'Everybody: numbers, hidden ids and names.',
    input: z.strictObject({}),
    run: ({ world }) =>
      [...world.people.values()].map(({ pn, lid, name, pushName, mapping }) => ({ pn, lid, name, push_name: pushName, mapping })),
  }),
  chats: method({
    about: 'The chats of the owner, with the number of messages in each.',
    input: z.strictObject({}),
    run: ({ world }) => [...world.chats.values()].map((chat) => ({ ...chat, messages: world.messagesOf(chat).length })),
  }),
};

function companion(simulator: Simulator, input: { account?: string | undefined; device: number }): Companion {
  const phone = phoneOf(simulator, input.account);
  const found = phone.companions.find(({ deviceId }) => deviceId === input.device);
  if (found === undefined) {
    const ids = phone.companions.map(({ deviceId }) => deviceId).join(', ');
    throw new RangeError(`${phone.pn} has no linked device ${input.device}; it has: ${ids === '' ? 'none' : ids}`);
  }
  return found;
}

/** Content as protobuf JSON: bytes are base64. */
function asJson(message: Received): object {
  return { ...message, content: proto.Message.fromObject(message.content).toJSON() };
}
