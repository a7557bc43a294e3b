import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Device } from '../exchange/device.ts';
import { answerOnDemand, resendPlaceholder } from '../history/index.ts';
import type { Handset } from './handset.ts';
import { sendOnDemand } from './history-push.ts';
import type { PeerMessage } from './incoming.ts';
import { sendPeer } from './outgoing.ts';
import type { Settings } from './settings.ts';

const { Type } = proto.Message.ProtocolMessage;
const { PeerDataOperationRequestType: Operation } = proto.Message;

/** A request of a linked device, and who answers it. */
interface Asked {
  readonly handset: Handset;
  readonly settings: Settings;
  readonly from: Device;
  /** Id of the stanza that asked: answers name it. */
  readonly id: string;
  readonly content: proto.Message.IProtocolMessage;
}

type Answerer = (asked: Asked) => Promise<void>;

/** By the type of the protocol message; the others need no answer. */
const ANSWERERS: Readonly<Partial<Record<proto.Message.ProtocolMessage.Type, Answerer>>> = {
  [Type.APP_STATE_SYNC_KEY_REQUEST]: ({ settings, from }) => settings.shareKey(from),
  [Type.PEER_DATA_OPERATION_REQUEST_MESSAGE]: async (asked) => {
    const request = asked.content.peerDataOperationRequestMessage;
    const operation = request?.peerDataOperationRequestType;
    if (request == null || operation == null) return;
    await OPERATIONS[operation]?.(asked, request);
  },
};

type OperationAnswerer = (asked: Asked, request: proto.Message.IPeerDataOperationRequestMessage) => Promise<void>;

/** What linked devices fetch from their phone. A phone says nothing where it cannot answer. */
const OPERATIONS: Readonly<Partial<Record<proto.Message.PeerDataOperationRequestType, OperationAnswerer>>> = {
  [Operation.HISTORY_SYNC_ON_DEMAND]: answerHistory,
  [Operation.PLACEHOLDER_MESSAGE_RESEND]: answerPlaceholder,
};

/** Answers what a linked device asks its phone. */
export async function answerPeer(handset: Handset, settings: Settings, { from, id, content }: PeerMessage): Promise<void> {
  if (content.type != null) await ANSWERERS[content.type]?.({ handset, settings, from, id, content });
}

async function answerHistory({ handset, from, id }: Asked, { historySyncOnDemandRequest: request }: proto.Message.IPeerDataOperationRequestMessage): Promise<void> {
  const { world, watch } = handset.exchange;
  if (request?.chatJid == null || handset.account.person !== world.owner) return;
  const answer = answerOnDemand(world, {
    chatJid: request.chatJid,
    oldestMsgId: request.oldestMsgId ?? '',
    oldestMsgFromMe: request.oldestMsgFromMe ?? false,
    oldestMsgTimestamp: Number(request.oldestMsgTimestampMs ?? 0),
    count: request.onDemandMsgCount ?? 0,
  });
  if ('silence' in answer) {
    watch.emit('silence', { device: from, chat: request.chatJid, reason: answer.silence });
    return;
  }
  await sendOnDemand(handset, from, { chunk: answer.chunk, request: id });
}

async function answerPlaceholder({ handset, from, id }: Asked, request: proto.Message.IPeerDataOperationRequestMessage): Promise<void> {
  const { world } = handset.exchange;
  if (handset.account.person !== world.owner) return;
  const found = (request.placeholderMessageResendRequest ?? [])
    .map(({ messageKey }) => (messageKey == null ? undefined : resendPlaceholder(world, messageKey)))
    .filter((bytes) => bytes !== undefined);
  if (found.length === 0) return;
  await sendPeer(handset, from, {
    type: Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
    peerDataOperationRequestResponseMessage: {
      stanzaId: id,
      peerDataOperationRequestType: Operation.PLACEHOLDER_MESSAGE_RESEND,
      peerDataOperationResult: found.map((webMessageInfoBytes) => ({ placeholderMessageResendResponse: { webMessageInfoBytes } })),
    },
  });
}
