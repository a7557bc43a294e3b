/** The protobuf types of WhatsApp, without the rest of the library that ships them. */
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

export { proto };
export type WebMessageInfo = proto.IWebMessageInfo;
export type MessageContent = proto.IMessage;
export type ContextInfo = proto.IContextInfo;
export type MessageKey = proto.IMessageKey;
