import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** Wrappers that hold another message, in the order in which phones nest them. */
const wrappers = ['ephemeralMessage', 'viewOnceMessageV2', 'documentWithCaptionMessage'] as const;

/** Fields of a message whose value has a `contextInfo`. */
const withContext = [
  'extendedTextMessage',
  'imageMessage',
  'videoMessage',
  'audioMessage',
  'documentMessage',
  'stickerMessage',
  'locationMessage',
  'contactMessage',
  'contactsArrayMessage',
  'pollCreationMessageV3',
  'eventMessage',
] as const satisfies readonly (keyof proto.IMessage)[];

/** Fields of a message whose value has a caption. */
const withCaption = ['imageMessage', 'videoMessage', 'documentMessage'] as const satisfies readonly (keyof proto.IMessage)[];

/** Changes the innermost message and leaves the wrappers around it as they are; the input is not touched. */
function mapInner(content: proto.IMessage, change: (inner: proto.IMessage) => proto.IMessage): proto.IMessage {
  for (const wrapper of wrappers) {
    const inner = content[wrapper]?.message;
    if (inner) return { ...content, [wrapper]: { message: mapInner(inner, change) } };
  }
  return change(content);
}

/** The message inside all wrappers. */
export function innerContent(content: proto.IMessage): proto.IMessage {
  let inner = content;
  mapInner(content, (found) => (inner = found));
  return inner;
}

/** Adds to the context of a message (quote, mentions, expiry); a plain text becomes an extended one. */
export function withContextInfo(content: proto.IMessage, context: proto.IContextInfo): proto.IMessage {
  return mapInner(content, (inner) => {
    if (typeof inner.conversation === 'string') {
      const { conversation, ...rest } = inner;
      return { ...rest, extendedTextMessage: { text: conversation, contextInfo: context } };
    }
    for (const field of withContext) {
      const value = inner[field];
      if (value) return { ...inner, [field]: { ...value, contextInfo: { ...value.contextInfo, ...context } } };
    }
    return inner;
  });
}

/** The message as another one quotes it: no wrappers and no context of its own. */
export function quotable(content: proto.IMessage): proto.IMessage {
  const inner = innerContent(content);
  for (const field of withContext) {
    const value = inner[field];
    if (value) return { [field]: { ...value, contextInfo: null } };
  }
  return inner;
}

/** The message with another text or caption, all else as it was. */
export function withText(content: proto.IMessage, text: string): proto.IMessage {
  return mapInner(content, (inner) => {
    if (typeof inner.conversation === 'string') return { ...inner, conversation: text };
    if (inner.extendedTextMessage) return { ...inner, extendedTextMessage: { ...inner.extendedTextMessage, text } };
    for (const field of withCaption) {
      const value = inner[field];
      if (value) return { ...inner, [field]: { ...value, caption: text } };
    }
    return inner;
  });
}

/** As a chat with disappearing messages sends it. */
export function asEphemeral(content: proto.IMessage, seconds: number): proto.IMessage {
  return { ephemeralMessage: { message: withContextInfo(content, { expiration: seconds }) } };
}
