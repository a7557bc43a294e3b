import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Description } from './vector.ts';
import { ann, annFrame, base64, bob, bytes, fromAnn, kind } from './vector.ts';

const hello: proto.IMessage = { conversation: 'Hello' };
const said = { kind: 'text', text: 'Hello' };

const wrapped = ([
  'botInvokeMessage',
  'ephemeralMessage',
  'lottieStickerMessage',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'groupMentionedMessage',
  'botForwardedMessage',
  'botTaskMessage',
  'questionMessage',
  'questionReplyMessage',
  'pollCreationMessageV4',
  'statusAddYours',
] as const).map((wrapper) => kind(`wrapped in ${wrapper}`, 'U1', { [wrapper]: { message: hello } }, said));

const once = (['viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension'] as const).map((wrapper) =>
  kind(`wrapped in ${wrapper}`, 'U1 U4', { [wrapper]: { message: { imageMessage: { caption: 'Once' } } } }, { kind: 'image', text: 'Once', media: { kind: 'image' }, view_once: true, raw_fields: ['imageMessage'] }),
);

const nested: Description[] = [
  kind('wrapped three times, in another order', 'U1', { documentWithCaptionMessage: { message: { ephemeralMessage: { message: { botInvokeMessage: { message: hello } } } } } }, said),
  kind('view once by its own flag', 'U4', { imageMessage: { caption: 'Once', viewOnce: true } }, { kind: 'image', text: 'Once', media: { kind: 'image' }, view_once: true, raw_fields: ['imageMessage'] }),
  kind('an empty wrapper', 'U1 K-unknown', { ephemeralMessage: {} }, { kind: 'unknown', raw_fields: ['ephemeralMessage'] }),
  kind('a secret outside', 'U2', { messageContextInfo: { messageSecret: bytes(9, 9) }, ephemeralMessage: { message: hello } }, { ...said, message_secret: base64(9, 9) }),
  kind('a secret inside, which wins', 'U2', { messageContextInfo: { messageSecret: bytes(9, 9) }, ephemeralMessage: { message: { ...hello, messageContextInfo: { messageSecret: bytes(8, 8) } } } }, { ...said, message_secret: base64(8, 8) }),
  { name: 'a secret in both places', rules: ['U2'], source: 'history', chat: ann.pn, info: fromAnn({ ...hello, messageContextInfo: { messageSecret: bytes(5) } }, { messageSecret: bytes(6) }), expect: { message: { ...annFrame, ...said, message_secret: base64(5) } } },
  kind('raw without context and keys', 'U3', { imageMessage: { caption: 'A' }, messageContextInfo: { messageSecret: bytes(1) }, senderKeyDistributionMessage: { groupId: 'g' } }, { kind: 'image', text: 'A', media: { kind: 'image' }, message_secret: base64(1), raw_fields: ['imageMessage'] }),
];

const answer = (contextInfo: proto.IContextInfo): proto.IMessage => ({ extendedTextMessage: { text: 'Hello', contextInfo } });

const contexts: Description[] = [
  kind('a reply to text', 'Q1', answer({ stanzaId: 'Q1', participant: bob.lid, quotedMessage: { conversation: 'Before' } }), { ...said, quoted_id: 'Q1', quoted_sender: bob.lid, quoted_text: 'Before' }),
  kind('a reply to a wrapped image', 'Q1 U1', answer({ stanzaId: 'Q1', participant: '15550200:2@s.whatsapp.net', quotedMessage: { ephemeralMessage: { message: { imageMessage: { caption: 'Pic' } } } } }), { ...said, quoted_id: 'Q1', quoted_sender: bob.pn, quoted_text: 'Pic' }),
  kind('a reply to something without text', 'Q1', answer({ stanzaId: 'Q1', participant: bob.pn, quotedMessage: { stickerMessage: {} } }), { ...said, quoted_id: 'Q1', quoted_sender: bob.pn }),
  kind('mentions, each once, people only', 'Q2 J1', answer({ mentionedJid: [bob.pn, ann.lid, bob.pn, '120363001@g.us', '15550100@c.us'] }), { ...said, mentions: [bob.pn, ann.lid, ann.pn] }),
  kind('forwarded often', 'Q2', answer({ isForwarded: true, forwardingScore: 5 }), { ...said, forwarding_score: 5 }),
  kind('forwarded, uncounted', 'Q2', answer({ isForwarded: true }), { ...said, forwarding_score: 1 }),
  kind('not forwarded', 'Q2 N1', answer({ isForwarded: false, forwardingScore: 0 }), said),
  kind('a disappearing message', 'U5', answer({ expiration: 86_400 }), { ...said, ephemeral_seconds: 86_400 }),
];

export const content = [...wrapped, ...once, ...nested, ...contexts];
