/** Where a message came from, and who sent it in which chat: rules C1 to C5 and S1 to S5. */
import type { MessageKey, WebMessageInfo } from './protos.ts';
import { canonicalJid, canonicalUser, deviceless, isBroadcastList, isDirect, isNewsletter, otherForm, serverOf } from './jid.ts';
import { filled } from './values.ts';

/** The account that this device belongs to. */
export interface Own {
  readonly pn?: string | undefined;
  readonly lid?: string | undefined;
}

/** What a live stanza tells beside its protobuf. */
export interface Envelope {
  readonly chat_alt?: string | undefined;
  readonly sender_alt?: string | undefined;
  readonly addressing_mode?: string | undefined;
  readonly server_id?: number | undefined;
  readonly view_once_unavailable?: boolean | undefined;
}

export interface SourceMessage {
  readonly source: 'history' | 'live';
  /** Raw JID: conversation.id in history, the chat as addressed live. */
  readonly chat: string;
  readonly info: WebMessageInfo;
  readonly envelope: Envelope;
}

export interface Sender {
  readonly chat: string | undefined;
  readonly chat_alt?: string;
  readonly broadcast?: string;
  readonly from_me: boolean;
  readonly sender?: string;
  readonly sender_alt?: string;
  readonly sender_raw?: string;
  readonly addressing_mode?: string;
}

const modes: Readonly<Record<string, string>> = { lid: 'lid', 'hosted.lid': 'lid', 's.whatsapp.net': 'pn', 'c.us': 'pn', hosted: 'pn' };

export const ownJid = (own: Own): string | undefined => own.pn ?? own.lid;

export function senderOf(message: SourceMessage, own: Own, destination: string | undefined): Sender {
  const { info, envelope } = message;
  const fromMe = info.key?.fromMe === true;
  const told = canonicalJid(fromMe && destination !== undefined ? destination : message.chat);
  const participant = info.participant || info.key?.participant || undefined;
  const raw = deviceless(participant ?? (!fromMe && isDirect(told) ? message.chat : undefined));
  const sender = fromMe ? ownJid(own) : directOr(told, participant);
  const chat = !fromMe && isBroadcastList(told) ? sender : told;
  const mode = envelope.addressing_mode ?? modes[serverOf(raw)];
  return {
    ...filled({
      chat_alt: otherForm(chat, envelope.chat_alt),
      broadcast: chat === told ? undefined : told,
      sender,
      sender_alt: fromMe ? undefined : (otherForm(sender, envelope.sender_alt) ?? (isDirect(told) ? otherForm(sender, envelope.chat_alt) : undefined)),
      sender_raw: raw,
      addressing_mode: mode === 'pn' || mode === 'lid' ? mode : undefined,
    }),
    chat,
    from_me: fromMe,
  };
}

function directOr(chat: string | undefined, participant: string | undefined): string | undefined {
  if (isDirect(chat)) return chat;
  return isNewsletter(chat) ? undefined : canonicalUser(participant);
}

/** Who did what a key names (a reaction, a vote) in `chat`; undefined where it does not say. */
export function actorOf(key: MessageKey | null | undefined, chat: string, own: Own): string | undefined {
  if (key?.fromMe === true) return ownJid(own);
  return canonicalUser(key?.participant) ?? (isDirect(chat) ? chat : undefined);
}
