import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Description } from './vector.ts';
import { ann, annFrame, AT, base64, bob, bobFrame, bytes, fromAnn, fromBob, group, own, ownFrame, SECONDS, toAnn } from './vector.ts';

const { Status } = proto.WebMessageInfo;

const hello = { conversation: 'Hello' };
const said = { kind: 'text', text: 'Hello' };

const history: Description[] = [
  { name: 'a direct chat by LID', rules: ['C1', 'J2', 'S1', 'S4'], source: 'history', chat: ann.lid, info: { ...fromAnn(hello), key: { remoteJid: ann.lid, fromMe: false, id: 'M1' } }, expect: { message: { ...annFrame, chat: ann.lid, sender: ann.lid, sender_raw: ann.lid, addressing_mode: 'lid', ...said } } },
  { name: 'own, with a status', rules: ['S1', 'N2'], source: 'history', chat: ann.pn, info: toAnn(hello, { status: Status.READ }), expect: { message: { ...ownFrame, ...said, status: 4 } } },
  { name: 'own, where only the LID is known', rules: ['S1'], own: { lid: own.lid }, source: 'history', chat: ann.pn, info: toAnn(hello), expect: { message: { ...ownFrame, sender: own.lid, ...said } } },
  { name: 'the status of a received message says nothing', rules: ['N2'], source: 'history', chat: ann.pn, info: fromAnn(hello, { status: Status.READ }), expect: { message: { ...annFrame, ...said } } },
  { name: 'fromMe absent', rules: ['N1'], source: 'history', chat: ann.pn, info: { key: { remoteJid: ann.pn, id: 'M1' }, messageTimestamp: SECONDS, message: hello }, expect: { message: { ...annFrame, ...said } } },
  { name: 'a group member in the key', rules: ['S1', 'S2', 'S4'], source: 'history', chat: group, info: fromBob(hello), expect: { message: { ...bobFrame, ...said } } },
  { name: 'a group member at the top level, which wins', rules: ['S1', 'S2'], source: 'history', chat: group, info: fromBob(hello, { participant: '15550200:3@s.whatsapp.net' }), expect: { message: { ...bobFrame, sender: bob.pn, sender_raw: bob.pn, addressing_mode: 'pn', ...said } } },
  { name: 'a group message without a member', rules: ['S1'], source: 'history', chat: group, info: { key: { remoteJid: group, fromMe: false, id: 'M1' }, messageTimestamp: SECONDS, message: hello }, expect: { message: { chat: group, id: 'M1', from_me: false, timestamp: AT, ...said } } },
  { name: 'devices and agents', rules: ['J1', 'S2'], source: 'history', chat: group, info: fromBob(hello, { participant: '77200_1:17@lid' }), expect: { message: { ...bobFrame, ...said } } },
  { name: 'the old server of numbers', rules: ['J1'], source: 'history', chat: '15550100@c.us', info: fromAnn(hello), expect: { message: { ...annFrame, sender_raw: '15550100@c.us', ...said } } },
  { name: 'a hosted number', rules: ['J1', 'S2', 'S4'], source: 'history', chat: group, info: fromBob(hello, { participant: '15550200:99@hosted' }), expect: { message: { ...bobFrame, sender: bob.pn, sender_raw: '15550200@hosted', addressing_mode: 'pn', ...said } } },
  { name: 'a hosted LID', rules: ['J1', 'S2', 'S4'], source: 'history', chat: group, info: fromBob(hello, { participant: '77200:99@hosted.lid' }), expect: { message: { ...bobFrame, sender_raw: '77200@hosted.lid', ...said } } },
  { name: 'no JID at all', rules: ['J1'], source: 'history', chat: 'nobody', info: fromAnn(hello), expect: { unreadable: true } },
  { name: 'a status', rules: ['C4', 'S1'], source: 'history', chat: 'status@broadcast', info: { ...fromAnn(hello), key: { remoteJid: 'status@broadcast', fromMe: false, id: 'M1', participant: ann.pn } }, expect: { message: { ...annFrame, chat: 'status@broadcast', ...said } } },
  { name: 'a broadcast list of somebody', rules: ['C2'], source: 'history', chat: '1700@broadcast', info: { ...fromAnn(hello), key: { remoteJid: '1700@broadcast', fromMe: false, id: 'M1', participant: ann.pn } }, expect: { message: { ...annFrame, broadcast: '1700@broadcast', ...said } } },
  { name: 'an own broadcast list', rules: ['C2'], source: 'history', chat: '1700@broadcast', info: { ...toAnn(hello), key: { remoteJid: '1700@broadcast', fromMe: true, id: 'M1' } }, expect: { message: { ...ownFrame, chat: '1700@broadcast', ...said } } },
  { name: 'sent by another own device', rules: ['C3', 'U1'], source: 'history', chat: own.pn, info: { key: { remoteJid: own.pn, fromMe: true, id: 'M1' }, messageTimestamp: SECONDS, message: { deviceSentMessage: { destinationJid: ann.pn, message: hello } } }, expect: { message: { ...ownFrame, ...said } } },
  { name: 'push names', rules: ['S5'], source: 'history', chat: ann.pn, info: fromAnn(hello, { pushName: 'Ann' }), expect: { message: { ...annFrame, push_name: 'Ann', ...said } } },
  { name: 'a dash is no push name', rules: ['S5'], source: 'history', chat: ann.pn, info: fromAnn(hello, { pushName: '-' }), expect: { message: { ...annFrame, ...said } } },
  { name: 'no time', rules: ['T1'], source: 'history', chat: ann.pn, info: { key: { remoteJid: ann.pn, fromMe: false, id: 'M1' }, message: hello }, expect: { message: { ...annFrame, timestamp: 0, ...said } } },
  { name: 'a time beyond all', rules: ['T1'], source: 'history', chat: ann.pn, info: fromAnn(hello, { messageTimestamp: 99_999_999_999_999 }), expect: { message: { ...annFrame, timestamp: 9_000_000_000_000, ...said } } },
  { name: 'a time decades ahead stays', rules: ['T1'], source: 'history', chat: ann.pn, info: fromAnn(hello, { messageTimestamp: 4_100_000_000 }), expect: { message: { ...annFrame, timestamp: 4_100_000_000_000, ...said } } },
  { name: 'starred', rules: ['N2'], source: 'history', chat: ann.pn, info: fromAnn(hello, { starred: true }), expect: { message: { ...annFrame, ...said, starred: true } } },
  { name: 'not starred', rules: ['N2'], source: 'history', chat: ann.pn, info: fromAnn(hello, { starred: false }), expect: { message: { ...annFrame, ...said } } },
  { name: 'the secret beside the message', rules: ['U2'], source: 'history', chat: ann.pn, info: fromAnn(hello, { messageSecret: bytes(1, 2) }), expect: { message: { ...annFrame, ...said, message_secret: base64(1, 2) } } },
  { name: 'a disappearing message by its frame', rules: ['U5'], source: 'history', chat: ann.pn, info: fromAnn(hello, { ephemeralDuration: 604_800 }), expect: { message: { ...annFrame, ...said, ephemeral_seconds: 604_800 } } },
];

const live: Description[] = [
  { name: 'live, by number, with the LID beside it', rules: ['C5', 'S3', 'S4'], source: 'live', chat: ann.pn, info: fromAnn(hello, { pushName: 'Ann' }), envelope: { chat_alt: ann.lid, addressing_mode: 'pn' }, expect: { message: { ...annFrame, chat_alt: ann.lid, sender_alt: ann.lid, push_name: 'Ann', ...said } } },
  { name: 'live, by LID, with the number beside it', rules: ['C5', 'S3'], source: 'live', chat: ann.lid, info: { ...fromAnn(hello), key: { remoteJid: ann.lid, fromMe: false, id: 'M1' } }, envelope: { chat_alt: ann.pn, addressing_mode: 'lid' }, expect: { message: { ...annFrame, chat: ann.lid, chat_alt: ann.pn, sender: ann.lid, sender_alt: ann.pn, sender_raw: ann.lid, addressing_mode: 'lid', ...said } } },
  { name: 'the other form must be of the other server', rules: ['C5'], source: 'live', chat: ann.pn, info: fromAnn(hello), envelope: { chat_alt: bob.pn, addressing_mode: 'pn' }, expect: { message: { ...annFrame, ...said } } },
  { name: 'live, of another own device', rules: ['C5', 'S3'], source: 'live', chat: ann.lid, info: { key: { remoteJid: ann.lid, fromMe: true, id: 'M1' }, messageTimestamp: SECONDS, message: hello, status: Status.SERVER_ACK }, envelope: { chat_alt: ann.pn, addressing_mode: 'lid' }, expect: { message: { ...ownFrame, chat: ann.lid, chat_alt: ann.pn, addressing_mode: 'lid', status: 2, ...said } } },
  { name: 'live in a group', rules: ['S3', 'S4'], source: 'live', chat: group, info: fromBob(hello, { key: { remoteJid: group, fromMe: false, id: 'M1', participant: '77200:5@lid' } }), envelope: { sender_alt: '15550200:5@s.whatsapp.net', addressing_mode: 'lid' }, expect: { message: { ...bobFrame, sender_alt: bob.pn, ...said } } },
  { name: 'a post of a channel', rules: ['S1', 'N2'], source: 'live', chat: '120363999@newsletter', info: { key: { remoteJid: '120363999@newsletter', fromMe: false, id: 'M1' }, messageTimestamp: SECONDS, message: hello }, envelope: { server_id: 107 }, expect: { message: { chat: '120363999@newsletter', id: 'M1', from_me: false, timestamp: AT, server_id: 107, ...said } } },
  { name: 'only keys', rules: ['M2'], source: 'live', chat: group, info: fromBob({ senderKeyDistributionMessage: { groupId: group }, messageContextInfo: { deviceListMetadataVersion: 2 } }), expect: { nothing: true } },
];

export const sources = [...history, ...live];
