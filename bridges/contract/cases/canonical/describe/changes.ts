import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Description } from './vector.ts';
import { ann, annFrame, AT, base64, bob, bobFrame, bytes, fromAnn, fromBob, group, own, ownFrame, toAnn } from './vector.ts';

const { Type } = proto.Message.ProtocolMessage;
const { Type: Pin } = proto.Message.PinInChatMessage;

const hello = { conversation: 'Hello' };
const said = { kind: 'text', text: 'Hello' };
const byAnn = { op_id: 'M1', chat: ann.pn, from_me: false, actor: ann.pn };
const byBob = { op_id: 'M1', chat: group, from_me: false, actor: bob.lid };

const live = (name: string, rule: string, message: proto.IMessage, op: object): Description => ({
  name,
  rules: rule.split(' '),
  source: 'live',
  chat: ann.pn,
  info: fromAnn(message),
  expect: { ops: [{ ...byAnn, timestamp: AT, ...op }] },
});

const edited = (text: string, timestampMs?: number): proto.IMessage => ({
  protocolMessage: { type: Type.MESSAGE_EDIT, key: { id: 'T1' }, editedMessage: { conversation: text }, ...(timestampMs !== undefined && { timestampMs }) },
});

const ops: Description[] = [
  live('a reaction', 'O-reaction', { reactionMessage: { key: { id: 'T1' }, text: '❤️', senderTimestampMs: AT + 5 } }, { type: 'reaction', target_id: 'T1', text: '❤️', timestamp: AT + 5 }),
  live('a reaction taken back', 'O-reaction', { reactionMessage: { key: { id: 'T1' }, text: '' } }, { type: 'reaction', target_id: 'T1', text: '' }),
  live('an edit', 'O-edit', edited('Hi', AT + 7), { type: 'edit', target_id: 'T1', text: 'Hi', timestamp: AT + 7 }),
  live('an edit in its wrapper', 'O-edit U1', { editedMessage: { message: edited('Hi', AT + 7) } }, { type: 'edit', target_id: 'T1', text: 'Hi', timestamp: AT + 7 }),
  live('an edit of a caption, with a mention', 'O-edit Q2', { protocolMessage: { type: Type.MESSAGE_EDIT, key: { id: 'T1' }, editedMessage: { imageMessage: { caption: 'New', contextInfo: { mentionedJid: [bob.pn] } } } } }, { type: 'edit', target_id: 'T1', text: 'New', payload: { mentions: [bob.pn] } }),
  live('an encrypted edit', 'O-edit-secret', { secretEncryptedMessage: { targetMessageKey: { id: 'T1' }, encPayload: bytes(1), encIv: bytes(2), secretEncType: proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT } }, { type: 'edit', target_id: 'T1', raw_fields: ['secretEncryptedMessage'] }),
  live('a revoke', 'O-revoke', { protocolMessage: { type: Type.REVOKE, key: { id: 'T1' } } }, { type: 'revoke', target_id: 'T1' }),
  live('an encrypted vote', 'O-vote', { pollUpdateMessage: { pollCreationMessageKey: { id: 'T1' }, vote: { encPayload: bytes(1), encIv: bytes(2) }, senderTimestampMs: AT + 9 } }, { type: 'poll_vote', target_id: 'T1', timestamp: AT + 9, raw_fields: ['pollUpdateMessage'] }),
  live('a pin', 'O-pin', { pinInChatMessage: { key: { id: 'T1' }, type: Pin.PIN_FOR_ALL, senderTimestampMs: AT + 3 } }, { type: 'pin', target_id: 'T1', timestamp: AT + 3 }),
  live('an unpin', 'O-pin', { pinInChatMessage: { key: { id: 'T1' }, type: Pin.UNPIN_FOR_ALL } }, { type: 'unpin', target_id: 'T1' }),
  { name: 'an own revoke', rules: ['O-revoke', 'S1'], source: 'live', chat: ann.pn, info: toAnn({ protocolMessage: { type: Type.REVOKE, key: { id: 'T1' } } }), envelope: { chat_alt: ann.lid }, expect: { ops: [{ type: 'revoke', op_id: 'M1', chat: ann.pn, chat_alt: ann.lid, target_id: 'T1', from_me: true, actor: own.pn, timestamp: AT }] } },
  { name: 'a reaction in a group, with both forms of its actor', rules: ['O-reaction', 'S3'], source: 'live', chat: group, info: fromBob({ reactionMessage: { key: { id: 'T1' }, text: '👍' } }), envelope: { sender_alt: bob.pn, addressing_mode: 'lid' }, expect: { ops: [{ ...byBob, actor_alt: bob.pn, type: 'reaction', target_id: 'T1', text: '👍', timestamp: AT }] } },
  { name: 'a revoke in history', rules: ['O-revoke'], source: 'history', chat: ann.pn, info: fromAnn({ protocolMessage: { type: Type.REVOKE, key: { id: 'T1' } } }), expect: { ops: [{ ...byAnn, type: 'revoke', target_id: 'T1', timestamp: AT }] } },
];

const folded: Description[] = [
  { name: 'an edit in history is the message', rules: ['O-edit-history'], source: 'history', chat: ann.pn, info: fromAnn({ editedMessage: { message: edited('Hi', AT + 7) } }), expect: { message: { ...annFrame, id: 'T1', kind: 'text', text: 'Hi', edited_at: AT + 7 } } },
  { name: 'an edit in history without its time', rules: ['O-edit-history'], source: 'history', chat: ann.pn, info: fromAnn(edited('Hi')), expect: { message: { ...annFrame, id: 'T1', kind: 'text', text: 'Hi', edited_at: AT } } },
  { name: 'reactions of others in a group', rules: ['O-reactions'], source: 'history', chat: group, info: fromBob(hello, { reactions: [{ key: { id: 'R1', fromMe: false, participant: ann.lid }, text: '👍', senderTimestampMs: AT + 1 }, { key: { fromMe: true }, text: '🎉' }] }), expect: { message: { ...bobFrame, ...said }, ops: [{ type: 'reaction', op_id: 'R1', chat: group, target_id: 'M1', from_me: false, actor: ann.lid, text: '👍', timestamp: AT + 1 }, { type: 'reaction', op_id: `reaction:${own.pn}:M1`, chat: group, target_id: 'M1', from_me: true, actor: own.pn, text: '🎉', timestamp: AT }] } },
  { name: 'a reaction whose key repeats the message', rules: ['O-reactions'], source: 'history', chat: ann.pn, info: toAnn(hello, { reactions: [{ key: { id: 'M1', fromMe: false }, text: '👍' }] }), expect: { message: { ...ownFrame, ...said }, ops: [{ type: 'reaction', op_id: `reaction:${ann.pn}:M1`, chat: ann.pn, target_id: 'M1', from_me: false, actor: ann.pn, text: '👍', timestamp: AT }] } },
  { name: 'a reaction of nobody', rules: ['O-reactions'], source: 'history', chat: group, info: fromBob(hello, { reactions: [{ key: { id: 'R1', fromMe: false }, text: '👍' }] }), expect: { message: { ...bobFrame, ...said } } },
  { name: 'votes', rules: ['O-votes'], source: 'history', chat: group, info: fromBob({ pollCreationMessageV3: { name: 'Come?', options: [{ optionName: 'Yes' }] } }, { pollUpdates: [{ pollUpdateMessageKey: { id: 'V1', participant: ann.lid }, vote: { selectedOptions: [bytes(0xab, 0xcd)] }, senderTimestampMs: AT + 2 }, { pollUpdateMessageKey: { id: 'V2', fromMe: true }, vote: { selectedOptions: [] }, serverTimestampMs: AT + 4 }] }), expect: { message: { ...bobFrame, kind: 'poll', text: 'Come?', payload: { question: 'Come?', options: ['Yes'], selectable_count: 0 } }, raw_fields: ['pollCreationMessageV3'], ops: [{ type: 'poll_vote', op_id: 'V1', chat: group, target_id: 'M1', from_me: false, actor: ann.lid, timestamp: AT + 2, payload: { hashes: ['abcd'] } }, { type: 'poll_vote', op_id: 'V2', chat: group, target_id: 'M1', from_me: true, actor: own.pn, timestamp: AT + 4, payload: { hashes: [] } }] } },
  { name: 'receipts of an own message', rules: ['O-receipts'], source: 'history', chat: ann.pn, info: toAnn(hello, { status: proto.WebMessageInfo.Status.READ, userReceipt: [{ userJid: '15550100:4@s.whatsapp.net', receiptTimestamp: 1_700_000_001, readTimestamp: 1_700_000_002, playedTimestamp: 0 }] }), expect: { message: { ...ownFrame, ...said, status: 4 }, ops: [{ type: 'receipt', op_id: `receipt:delivered:${ann.pn}:M1`, chat: ann.pn, target_id: 'M1', from_me: false, actor: ann.pn, timestamp: 1_700_000_001_000, payload: { kind: 'delivered' } }, { type: 'receipt', op_id: `receipt:read:${ann.pn}:M1`, chat: ann.pn, target_id: 'M1', from_me: false, actor: ann.pn, timestamp: 1_700_000_002_000, payload: { kind: 'read' } }] } },
];

/** A stub of Bob in the group. `told`: its type and parameters. */
const stub = (name: string, rules: string, told: readonly [number, ...string[]], expect: Description['expect']): Description => {
  const [messageStubType, ...messageStubParameters] = told;
  return { name, rules: rules.split(' '), source: 'history', chat: group, info: fromBob(undefined, { messageStubType, messageStubParameters }), expect };
};

const by = { chat: group, id: 'M1', actor: bob.lid, timestamp: AT };

const events: Description[] = [
  stub('somebody was added', 'E-stub J1', [27, '15550100:1@s.whatsapp.net'], { event: { ...by, type: 'group_participant_add', parameters: [ann.pn] } }),
  stub('somebody was added, as live notices tell it', 'E-stub', [27, JSON.stringify({ id: ann.lid, phoneNumber: ann.pn })], { event: { ...by, type: 'group_participant_add', parameters: [ann.lid] } }),
  stub('a new subject', 'E-stub', [21, 'New name'], { event: { ...by, type: 'group_change_subject', parameters: ['New name'] } }),
  stub('a stub without a name', 'E-stub', [29_999], { event: { ...by, type: 'stub_29999', parameters: [] } }),
  stub('a missed call', 'E-missed-call', [41], { message: { ...bobFrame, kind: 'call', payload: { outcome: 'missed', video: true, type: 'regular' } } }),
  stub('undecryptable', 'E-undecryptable', [2, 'No session record'], { message: { ...bobFrame, kind: 'undecryptable' } }),
  stub('revoked', 'O-revoked', [1], { message: { ...bobFrame, kind: 'unknown', revoked: true } }),
  { name: 'a view-once message for other devices', rules: ['E-undecryptable'], source: 'live', chat: ann.pn, info: fromAnn(undefined), envelope: { view_once_unavailable: true }, expect: { message: { ...annFrame, kind: 'view_once_unavailable', view_once: true } } },
  { name: 'a new timer', rules: ['E-timer'], source: 'live', chat: ann.pn, info: fromAnn({ protocolMessage: { type: Type.EPHEMERAL_SETTING, ephemeralExpiration: 604_800 } }), expect: { event: { chat: ann.pn, type: 'change_ephemeral_setting', timestamp: AT, id: 'M1', actor: ann.pn, parameters: ['604800'] } } },
  { name: 'no timer any more', rules: ['E-timer'], source: 'live', chat: ann.pn, info: fromAnn({ ephemeralMessage: { message: { protocolMessage: { type: Type.EPHEMERAL_SETTING, ephemeralExpiration: 0 } } } }), expect: { event: { chat: ann.pn, type: 'change_ephemeral_setting', timestamp: AT, id: 'M1', actor: ann.pn, parameters: ['0'] } } },
  { name: 'a label of a member', rules: ['E-label'], source: 'live', chat: group, info: fromBob({ protocolMessage: { type: Type.GROUP_MEMBER_LABEL_CHANGE, memberLabel: { label: 'Coach' } } }), expect: { event: { chat: group, type: 'group_member_label_change', timestamp: AT, id: 'M1', actor: bob.lid, parameters: ['Coach'] } } },
  { name: 'a notification of history', rules: ['P-private'], source: 'live', chat: own.pn, info: { key: { remoteJid: own.pn, fromMe: true, id: 'M1' }, message: { protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification: { syncType: proto.Message.HistorySyncType.RECENT, mediaKey: bytes(1) } } } }, expect: { nothing: true } },
  { name: 'content and stub: content wins', rules: ['E-stub'], source: 'history', chat: ann.pn, info: fromAnn({ imageMessage: { caption: 'A', jpegThumbnail: bytes(1) } }, { messageStubType: proto.WebMessageInfo.StubType.GROUP_CHANGE_SUBJECT }), expect: { message: { ...annFrame, kind: 'image', text: 'A', thumbnail: base64(1), media: { kind: 'image' } }, raw_fields: ['imageMessage'] } },
];

export const changes = [...ops, ...folded, ...events];
