/** The shape of a description, and the people and frames that descriptions share. */
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

export interface Description {
  readonly name: string;
  /** Ids of README.md. */
  readonly rules: readonly string[];
  readonly own?: { readonly pn?: string; readonly lid?: string };
  readonly source: 'history' | 'live';
  readonly chat: string;
  readonly info: proto.IWebMessageInfo;
  readonly envelope?: Readonly<Record<string, unknown>>;
  /** Written by hand from the rules. `payload` as an object, `raw_fields` instead of `raw`. */
  readonly expect: Readonly<Record<string, unknown>>;
}

export const own = { pn: '15550001@s.whatsapp.net', lid: '99001@lid' };
export const ann = { pn: '15550100@s.whatsapp.net', lid: '77100@lid' };
export const bob = { pn: '15550200@s.whatsapp.net', lid: '77200@lid' };
export const group = '120363001@g.us';

/** Seconds, as WhatsApp writes them; records have AT. */
export const SECONDS = 1_700_000_000;
export const AT = 1_700_000_000_000;

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
export const base64 = (...values: number[]): string => Buffer.from(values).toString('base64');

/** A received message of Ann in the direct chat with her, in history. */
export const fromAnn = (message: proto.IMessage | undefined, more: proto.IWebMessageInfo | object = {}): proto.IWebMessageInfo => ({
  key: { remoteJid: ann.pn, fromMe: false, id: 'M1' },
  messageTimestamp: SECONDS,
  ...(message !== undefined && { message }),
  ...more,
});

/** An own message in the direct chat with Ann, in history. */
export const toAnn = (message: proto.IMessage | undefined, more: object = {}): proto.IWebMessageInfo => ({ ...fromAnn(message), key: { remoteJid: ann.pn, fromMe: true, id: 'M1' }, ...more });

/** A message of Bob in the group, addressed by LID. */
export const fromBob = (message: proto.IMessage | undefined, more: object = {}): proto.IWebMessageInfo => ({
  key: { remoteJid: group, fromMe: false, id: 'M1', participant: bob.lid },
  messageTimestamp: SECONDS,
  ...(message !== undefined && { message }),
  ...more,
});

/** What is expected of fromAnn, toAnn and fromBob beside the content. */
export const annFrame = { chat: ann.pn, id: 'M1', from_me: false, sender: ann.pn, sender_raw: ann.pn, addressing_mode: 'pn', timestamp: AT };
export const ownFrame = { chat: ann.pn, id: 'M1', from_me: true, sender: own.pn, timestamp: AT };
export const bobFrame = { chat: group, id: 'M1', from_me: false, sender: bob.lid, sender_raw: bob.lid, addressing_mode: 'lid', timestamp: AT };

/** A kind in history: content of Ann, and what the record says beside her frame (and `raw_fields`). */
export function kind(name: string, rules: string, message: proto.IMessage, expected: Readonly<Record<string, unknown>>): Description {
  const { raw_fields, ...record } = expected;
  return {
    name,
    rules: rules.split(' '),
    source: 'history',
    chat: ann.pn,
    info: fromAnn(message),
    expect: { message: { ...annFrame, ...record }, ...(raw_fields !== undefined && { raw_fields }) },
  };
}
