import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** Wrappers around the message a person wrote. */
const WRAPPERS = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'deviceSentMessage',
] as const;

/** The message without its wrappers. */
export function unwrap(content: proto.IMessage): proto.IMessage {
  for (const wrapper of WRAPPERS) {
    const inner = content[wrapper]?.message;
    if (inner != null) return unwrap(inner);
  }
  return content;
}

/** What a person reads: body or caption, the new body of an edit, a poll's question; undefined where there is none. */
export function readableText(content: proto.IMessage): string | undefined {
  const inner = unwrap(content);
  const edited = inner.protocolMessage?.editedMessage;
  if (edited != null) return readableText(edited);
  return (
    inner.conversation ??
    inner.extendedTextMessage?.text ??
    inner.imageMessage?.caption ??
    inner.videoMessage?.caption ??
    inner.documentMessage?.caption ??
    pollOf(inner)?.name ??
    undefined
  );
}

function pollOf(content: proto.IMessage) {
  return content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3;
}

/** `<enc mediatype>` of each kind of media (Baileys Socket/messages-send.js: getMediaType). */
const MEDIA_TYPES: readonly (readonly [keyof proto.IMessage, string])[] = [
  ['imageMessage', 'image'],
  ['stickerMessage', 'sticker'],
  ['documentMessage', 'document'],
  ['contactMessage', 'vcard'],
  ['contactsArrayMessage', 'contact_array'],
  ['locationMessage', 'location'],
  ['liveLocationMessage', 'livelocation'],
  ['listMessage', 'list'],
];

/** `<enc mediatype>`; undefined for messages without media. */
export function mediaTypeOf(content: proto.IMessage): string | undefined {
  const inner = unwrap(content);
  if (inner.videoMessage != null) return inner.videoMessage.gifPlayback === true ? 'gif' : 'video';
  if (inner.audioMessage != null) return inner.audioMessage.ptt === true ? 'ptt' : 'audio';
  return MEDIA_TYPES.find(([field]) => inner[field] != null)?.[1];
}

/** `<message type>`. */
export function stanzaTypeOf(content: proto.IMessage): string {
  const inner = unwrap(content);
  if (inner.reactionMessage != null || inner.encReactionMessage != null) return 'reaction';
  if (pollOf(inner) != null || inner.pollUpdateMessage != null) return 'poll';
  if (inner.eventMessage != null) return 'event';
  return mediaTypeOf(content) === undefined ? 'text' : 'media';
}
