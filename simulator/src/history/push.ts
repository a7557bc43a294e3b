import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { jidOf, lidJid, pnJid, STATUS_JID } from '../world/jids.ts';
import { keyOf, Random } from '../world/random.ts';
import type { MappingKnowledge, World } from '../world/types.ts';
import { addressesOf, conversationOf, stateOf, type Part } from './conversation.ts';
import { defaultHistory, planHistory, type HistoryOptions, type Piece } from './plan.ts';
import { webMessageOf } from './web-message.ts';

const { HistorySyncType } = proto.HistorySync;
const { EndOfHistoryTransferType } = proto.Conversation;
const { LeaveReason } = proto.PastParticipant;
const { CallResult } = proto.CallLogRecord;

/** One history-sync notification's worth of history. */
export interface HistoryChunk {
  readonly history: proto.IHistorySync;
  readonly syncType: proto.HistorySync.HistorySyncType;
  /** Counts from 1 within a sync type. */
  readonly chunkOrder: number;
  /** Percent of the sync type that has been sent with this chunk. */
  readonly progress: number;
  /** How many messages are in it. */
  readonly messages: number;
  /** Unix seconds; undefined if there is no message. */
  readonly oldestTimestamp: number | undefined;
}

interface Place {
  readonly syncType: proto.HistorySync.HistorySyncType;
  readonly chunkOrder: number;
  readonly progress: number;
}

/** Puts a part into its place in the sequence and counts what is in it. */
export function chunkOf(place: Place, content: proto.IHistorySync): HistoryChunk {
  const { syncType, chunkOrder, progress } = place;
  const messages = [...(content.conversations ?? []).flatMap((conversation) => conversation.messages ?? []).map((entry) => entry.message), ...(content.statusV3Messages ?? [])];
  const oldest = messages.reduce((time, message) => Math.min(time, Number(message?.messageTimestamp ?? Infinity)), Infinity);
  return {
    history: { syncType, chunkOrder, progress, ...content },
    ...place,
    messages: messages.length,
    oldestTimestamp: Number.isFinite(oldest) ? oldest : undefined,
  };
}

function mappings(world: World, knowledge: MappingKnowledge): proto.IPhoneNumberToLIDMapping[] {
  return [...world.people.values()].filter((person) => person.mapping === knowledge).map((person) => ({ pnJid: pnJid(person), lidJid: lidJid(person) }));
}

/** `endOfHistoryTransferType` 0 = more on the phone, 1 = nothing older; absent while the chat is still being sent. */
function endOf(piece: Piece): proto.IConversation {
  if (!piece.last) return {};
  const { COMPLETE_BUT_MORE_MESSAGES_REMAIN_ON_PRIMARY, COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY } = EndOfHistoryTransferType;
  return {
    endOfHistoryTransfer: true,
    endOfHistoryTransferType: piece.last.moreOnPhone ? COMPLETE_BUT_MORE_MESSAGES_REMAIN_ON_PRIMARY : COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY,
  };
}

function conversations(world: World, pieces: readonly Piece[], part: Part): proto.IConversation[] {
  return pieces.map((piece) => ({
    ...(part === 'newest' ? stateOf(world, piece.chat) : {}),
    ...conversationOf(world, piece.chat, addressesOf(world, piece.chat, part), piece),
    ...endOf(piece),
  }));
}

function bootstrap(world: World, pieces: readonly Piece[]): HistoryChunk {
  const random = new Random(world.seed, keyOf('bootstrap'));
  return chunkOf(
    { syncType: HistorySyncType.INITIAL_BOOTSTRAP, chunkOrder: 1, progress: 100 },
    {
      conversations: conversations(world, pieces, 'newest'),
      phoneNumberToLidMappings: mappings(world, 'known'),
      globalSettings: { mediaVisibility: proto.MediaVisibility.ON, autoUnarchiveChats: false, chatDbLidMigrationTimestamp: world.spec.baseTime - 8_640_000 },
      companionMetaNonce: random.hex(24),
    },
  );
}

function statuses(world: World): HistoryChunk {
  const chat = world.chats.get(STATUS_JID);
  const messages = chat ? world.messagesOf(chat).range(0, 500).map((message) => webMessageOf({ world, chat, remoteJid: STATUS_JID }, message)) : [];
  return chunkOf({ syncType: HistorySyncType.INITIAL_STATUS_V3, chunkOrder: 1, progress: 100 }, { statusV3Messages: messages });
}

/** Push names are filed under the number only where the number is known from the start. */
function pushNames(world: World): HistoryChunk {
  const pushnames = [...world.people.values()].map((person) => ({ id: jidOf(person, person.mapping === 'known' ? 'pn' : 'lid'), pushname: person.pushName }));
  return chunkOf({ syncType: HistorySyncType.PUSH_NAME, chunkOrder: 1, progress: 100 }, { pushnames });
}

function callLog(world: World): proto.ICallLogRecord[] {
  const random = new Random(world.seed, keyOf('calls'));
  const callers = [...world.people.values()].filter((person) => person !== world.owner && person.mapping === 'known').slice(0, 8);
  return callers.map((person, index) => ({
    callResult: index % 3 === 0 ? CallResult.MISSED : CallResult.CONNECTED,
    duration: index % 3 === 0 ? 0 : 30 + random.below(1500),
    startTime: world.spec.baseTime - 86_400 * index - random.below(40_000),
    isIncoming: index % 2 === 0,
    isVideo: index % 4 === 1,
    callId: random.hex(32),
    callCreatorJid: pnJid(index % 2 === 0 ? person : world.owner),
  }));
}

function pastParticipants(world: World): proto.IPastParticipants[] {
  return [...world.groups.values()]
    .filter((group) => group.past.length > 0)
    .map((group) => ({
      groupJid: group.jid,
      pastParticipants: group.past.map((member) => {
        const person = world.people.get(member.person);
        return { userJid: person ? jidOf(person, group.addressing) : member.person, leaveReason: member.reason === 'left' ? LeaveReason.LEFT : LeaveReason.REMOVED, leaveTs: member.leftAt };
      }),
    }));
}

function nonBlockingData(world: World): HistoryChunk {
  return chunkOf(
    { syncType: HistorySyncType.NON_BLOCKING_DATA, chunkOrder: 1, progress: 100 },
    { pastParticipants: pastParticipants(world), callLogRecords: callLog(world) },
  );
}

interface Series {
  readonly syncType: proto.HistorySync.HistorySyncType;
  readonly chunks: readonly (readonly Piece[])[];
  /** The last chunk of the last series tells the late mappings. */
  readonly final: boolean;
}

function* series(world: World, { syncType, chunks, final }: Series): Generator<HistoryChunk, void, undefined> {
  for (const [index, pieces] of chunks.entries()) {
    const place = { syncType, chunkOrder: index + 1, progress: Math.floor((100 * (index + 1)) / chunks.length) };
    const late = final && index === chunks.length - 1 ? mappings(world, 'late') : [];
    yield chunkOf(place, { conversations: conversations(world, pieces, 'older'), phoneNumberToLidMappings: late });
  }
}

/**
 * What the owner's phone pushes to a new companion, in the order in which it does, each chunk
 * built when it is asked for: bootstrap (newest messages, state of all chats, known mappings),
 * statuses, push names, other data, recent messages, and with `requireFullSync` all the rest.
 * Mappings of people who are `late` come with the very last chunk.
 */
export function* pushHistory(world: World, options: Partial<HistoryOptions> = {}): Generator<HistoryChunk, void, undefined> {
  const plan = planHistory(world, { ...defaultHistory, overlap: world.spec.overlap, ...options });
  yield bootstrap(world, plan.bootstrap);
  yield statuses(world);
  yield pushNames(world);
  yield nonBlockingData(world);
  // An empty RECENT at 100 % is how a client learns that there is no more to wait for.
  const recent = plan.recent.length > 0 ? plan.recent : [[]];
  yield* series(world, { syncType: HistorySyncType.RECENT, chunks: recent, final: plan.full.length === 0 });
  yield* series(world, { syncType: HistorySyncType.FULL, chunks: plan.full, final: true });
}

/** The bytes of a chunk: a HistorySync, compressed with zlib. They go inline or, encrypted as `history`, into a blob. */
export function encodeHistory(chunk: HistoryChunk): Buffer {
  return deflateSync(proto.HistorySync.encode(chunk.history).finish(), { level: 1 });
}
