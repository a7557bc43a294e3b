import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Chat, World } from '../world/types.ts';
import { answeringAddresses, conversationOf } from './conversation.ts';
import { chunkOf, type HistoryChunk } from './push.ts';
import { webMessageOf } from './web-message.ts';

/** Phones never send more at once, whatever is asked for. */
export const ON_DEMAND_LIMIT = 50;

/** A companion asks for messages older than one it has. */
export interface OnDemandRequest {
  readonly chatJid: string;
  readonly oldestMsgId: string;
  readonly oldestMsgFromMe: boolean;
  /** Unix seconds, although the field on the wire is called `oldestMsgTimestampMs`. */
  readonly oldestMsgTimestamp: number;
  readonly count: number;
}

/** Why a phone lets a request go unanswered. The companion sees nothing at all. */
export type Silence = 'unknown_chat' | 'companion_anchor' | 'unknown_anchor' | 'anchor_mismatch';

export type OnDemandAnswer = { readonly chunk: HistoryChunk } | { readonly silence: Silence };

const { EndOfHistoryTransferType } = proto.Conversation;
const { HistorySyncType } = proto.HistorySync;

/** Phones do not answer for anchors that a linked device has sent: those ids begin with 3EB0. */
const fromCompanion = (id: string): boolean => id.startsWith('3EB0');

/** Where in the chat the page begins, or why there is none. A timestamp in milliseconds is a mismatch. */
function anchorOf(world: World, chat: Chat, request: OnDemandRequest): number | Silence {
  if (fromCompanion(request.oldestMsgId)) return 'companion_anchor';
  const log = world.messagesOf(chat);
  const index = log.indexOf(request.oldestMsgId);
  const anchor = log.at(index);
  if (!anchor) return 'unknown_anchor';
  const same = anchor.fromMe === request.oldestMsgFromMe && anchor.timestamp === request.oldestMsgTimestamp;
  return same ? index + 1 : 'anchor_mismatch';
}

/** The page of at most fifty messages that are older than the anchor; empty if there are none. */
export function answerOnDemand(world: World, request: OnDemandRequest): OnDemandAnswer {
  const chat = world.chat(request.chatJid);
  if (!chat) return { silence: 'unknown_chat' };
  const start = anchorOf(world, chat, request);
  if (typeof start === 'string') return { silence: start };
  const { length } = world.messagesOf(chat);
  const end = Math.min(length, start + Math.min(ON_DEMAND_LIMIT, Math.max(1, request.count)));
  const { COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY, COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY } = EndOfHistoryTransferType;
  const conversation = {
    ...conversationOf(world, chat, answeringAddresses(world, chat, request.chatJid), { start, end }),
    endOfHistoryTransfer: true,
    endOfHistoryTransferType: end === length ? COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY : COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY,
  };
  return { chunk: chunkOf({ syncType: HistorySyncType.ON_DEMAND, chunkOrder: 1, progress: 100 }, { conversations: [conversation] }) };
}

/** The bytes of a WebMessageInfo for a message that a companion could not decrypt; undefined if the phone has no such message. */
export function resendPlaceholder(world: World, key: proto.IMessageKey): Uint8Array | undefined {
  const { remoteJid, id } = key;
  const chat = remoteJid ? world.chat(remoteJid) : undefined;
  if (!chat || !remoteJid || !id) return undefined;
  const log = world.messagesOf(chat);
  const message = log.at(log.indexOf(id));
  return message && proto.WebMessageInfo.encode(webMessageOf({ world, chat, remoteJid }, message)).finish();
}
