/**
 * What the account receives, saved before WhatsApp hears that it arrived. Baileys sends receipts before it emits
 * anything (Socket/messages-recv.ts:handleMessage), so the plaintext is taken where it is decrypted.
 */
import type { BinaryNode, SignalKeyStoreWithTransaction, SignalRepositoryWithLIDStore, WAMessage } from '@whiskeysockets/baileys';
import { decodeMessageNode, normalizeMessageContent, proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import { noteNotification } from '../history/notifications.ts';
import type { LiveType, RowDraft, Staging } from '../history/staging.ts';
import { canonicalJid } from '../convert/jid.ts';
import type { Envelope } from '../convert/source.ts';
import type { Log } from '../log.ts';
import { filled, numberOf } from '../convert/values.ts';

export interface CaptureParts {
  readonly staging: Staging;
  readonly log: Log;
  readonly now: () => number;
  /** Own JIDs as credentials have them, with device. */
  readonly me: () => { readonly id: string; readonly lid: string } | undefined;
  /** A notification of history was noted. */
  readonly onNotification: () => void;
  /** Rows were staged. */
  readonly onStaged: (lastSeq: number) => void;
}

/** Ids of messages that were saved when they were decrypted, so that the event does not save them again. */
const REMEMBERED = 5000;

export class Capture {
  readonly #parts: CaptureParts;
  /** The stanza of each ciphertext that came in: decryption is handed the very same bytes. */
  readonly #stanzas = new WeakMap<Uint8Array, BinaryNode>();
  readonly #saved = new Set<string>();

  constructor(parts: CaptureParts) {
    this.#parts = parts;
  }

  /** To be called with every message stanza before Baileys sees it. */
  seeStanza(node: BinaryNode): void {
    if (!Array.isArray(node.content)) return;
    for (const { tag, content } of node.content) {
      if (tag === 'enc' && content instanceof Uint8Array) this.#stanzas.set(content, node);
    }
  }

  /**
   * Wraps decryption: what comes out is durable before Baileys goes on. Rejects where it cannot be saved, so that no receipt is sent.
   * It is saved inside the transaction that advances the ratchet, hence before it: after a kill in between the message is
   * delivered again and decrypts again. The other way round it would be "Key used already", which Baileys acknowledges
   * and drops (Socket/messages-recv.ts:handleMessage). Each key is the one that Baileys' own transaction, which joins this one, would lock.
   */
  wrap(repository: SignalRepositoryWithLIDStore, keys: SignalKeyStoreWithTransaction): SignalRepositoryWithLIDStore {
    const { decryptMessage, decryptGroupMessage } = repository;
    return Object.assign(repository, {
      decryptMessage: (options: Parameters<typeof decryptMessage>[0]) =>
        keys.transaction(async () => {
          const plaintext = await decryptMessage.call(repository, options);
          this.#mustSave(options.ciphertext, plaintext);
          return plaintext;
        }, options.jid),
      decryptGroupMessage: (options: Parameters<typeof decryptGroupMessage>[0]) =>
        keys.transaction(async () => {
          const plaintext = await decryptGroupMessage.call(repository, options);
          this.#mustSave(options.msg, plaintext);
          return plaintext;
        }, options.group),
    });
  }

  /** A failure looks to Baileys like one of decryption: it sends no receipt, and asks for the message again. */
  #mustSave(ciphertext: Uint8Array, plaintext: Uint8Array): void {
    try {
      this.#save(ciphertext, plaintext);
    } catch (error) {
      this.#parts.log.error({ reason: (error as Error).message }, 'a message could not be saved');
      throw error;
    }
  }

  #save(ciphertext: Uint8Array, plaintext: Uint8Array): void {
    const stanza = this.#stanzas.get(ciphertext);
    const me = this.#parts.me();
    if (stanza === undefined || me === undefined) return;
    const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
    const message = decoded.deviceSentMessage?.message ?? decoded;
    const { fullMessage } = decodeMessageNode(stanza, me.id, me.lid);
    const notification = historyIn(message);
    // Only the own phone pushes history; anybody could send the same protobuf.
    if (notification !== undefined) {
      if (fullMessage.key.fromMe) this.#noteHistory(stanza.attrs['id'] ?? '', notification);
    } else if (stanza.attrs['category'] !== 'peer') this.#stage({ ...fullMessage, message: decoded }, 'LIVE');
  }

  #noteHistory(messageId: string, notification: proto.Message.IHistorySyncNotification): void {
    const { staging, now } = this.#parts;
    const type: number = notification.syncType ?? -1;
    // 7 and later say that there is no history to come.
    if (type < 0 || type > 6) return;
    const noted = noteNotification(
      staging,
      {
        messageId,
        proto: proto.Message.HistorySyncNotification.encode(notification).finish(),
        syncType: type,
        chunkOrder: notification.chunkOrder ?? undefined,
        progress: notification.progress ?? undefined,
        sessionId: notification.peerDataRequestSessionId ?? undefined,
      },
      now(),
    );
    if (noted) this.#parts.onNotification();
  }

  /** Messages that Baileys emits: those that were not encrypted, and placeholders of what could not be decrypted. */
  seeUpsert(messages: readonly WAMessage[], requestId: string | undefined): void {
    for (const message of messages) {
      // Peer messages are between the devices of the account: keys, history, answers.
      if (message.category === 'peer' || isHistory(message) || this.#saved.has(nameOf(message))) continue;
      this.#stage(message, requestId === undefined ? 'LIVE' : 'RESEND');
    }
  }

  /** An own message that was just sent. */
  seeSent(message: WAMessage): void {
    this.#stage(message, 'LIVE');
  }

  #stage(message: WAMessage, type: LiveType): void {
    const row = liveRow(message);
    if (row === undefined) return;
    this.#parts.onStaged(this.#parts.staging.stageLive([row], type));
    if (message.message == null) return;
    this.#saved.add(nameOf(message));
    for (const oldest of this.#saved) {
      if (this.#saved.size <= REMEMBERED) break;
      this.#saved.delete(oldest);
    }
  }
}

const historyIn = (message: proto.IMessage): proto.Message.IHistorySyncNotification | undefined =>
  normalizeMessageContent(message)?.protocolMessage?.historySyncNotification ?? undefined;

const isHistory = ({ message }: WAMessage): boolean => message != null && historyIn(message) !== undefined;

const nameOf = ({ key }: WAMessage): string => `${key.fromMe === true ? 'me' : ''} ${key.id ?? ''} ${canonicalJid(key.remoteJid) ?? ''}`;

/** Fields of keys that only live messages have, and the protobuf does not. */
interface LiveKey {
  readonly remoteJidAlt?: string | undefined;
  readonly participantAlt?: string | undefined;
  readonly addressingMode?: string | undefined;
  readonly server_id?: string | undefined;
  readonly isViewOnce?: boolean | undefined;
}

/** The row of a live message; undefined for what is no message (keys alone, without stub). */
export function liveRow(message: WAMessage): RowDraft | undefined {
  const key: LiveKey & WAMessage['key'] = message.key;
  const viewOnce = key.isViewOnce === true && message.message == null;
  if (key.remoteJid == null || (message.message == null && message.messageStubType == null && !viewOnce)) return undefined;
  const envelope: Envelope = filled({
    chat_alt: key.remoteJidAlt,
    sender_alt: key.participantAlt,
    addressing_mode: key.addressingMode,
    server_id: key.server_id === undefined ? undefined : numberOf(Number(key.server_id)),
    view_once_unavailable: viewOnce ? true : undefined,
  });
  const info = proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(plain(message))).finish();
  return { kind: 'live', chat: key.remoteJid, id: key.id ?? undefined, proto: info, extra: JSON.stringify(envelope) };
}

/** Without `undefined` and the fields that the protobuf does not know, which fromObject refuses. */
function plain({ key, message, messageTimestamp, ...rest }: WAMessage): Record<string, unknown> {
  const { remoteJid, fromMe, id, participant } = key;
  return {
    key: filled({ remoteJid, fromMe, id, participant }),
    ...filled({ message: message == null ? undefined : proto.Message.fromObject(message), messageTimestamp: numberOf(messageTimestamp) }),
    ...filled({
      status: rest.status,
      participant: rest.participant,
      pushName: rest.pushName,
      broadcast: rest.broadcast,
      messageStubType: rest.messageStubType,
      messageStubParameters: rest.messageStubParameters as readonly string[] | null | undefined,
      verifiedBizName: rest.verifiedBizName,
    }),
  };
}
