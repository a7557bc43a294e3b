import type { Chat, World } from '../world/types.ts';
import type { Slice } from './conversation.ts';

/** How much the phone sends, and in pieces of what size. */
export interface HistoryOptions {
  /** From the companion's DeviceProps: everything, or only what is recent. */
  readonly requireFullSync: boolean;
  /** Messages of each chat in the bootstrap. */
  readonly bootstrapPerChat: number;
  /** Days before the world's base time that count as recent; a companion without full sync gets no more. */
  readonly recentDays: number;
  /** Days that a full sync goes back; a phone keeps the rest for requests. */
  readonly fullDays: number;
  /** Messages in one chunk. */
  readonly chunkMessages: number;
  /** Messages of each conversation that are repeated at the seam between two parts. */
  readonly overlap: number;
}

/** Three months without full sync is what phones send (verygoodplugins whatsapp-mcp pull request 37, whatsmeow discussion 358). */
export const defaultHistory: HistoryOptions = { requireFullSync: true, bootstrapPerChat: 25, recentDays: 90, fullDays: Infinity, chunkMessages: 2000, overlap: 0 };

/** Part of one chat, in one chunk. */
export interface Piece extends Slice {
  readonly chat: Chat;
  /** Set on the piece that ends this chat's transfer: do older messages remain on the phone? */
  readonly last: { readonly moreOnPhone: boolean } | undefined;
}

export interface HistoryPlan {
  readonly bootstrap: readonly Piece[];
  /** Chunks of pieces. */
  readonly recent: readonly (readonly Piece[])[];
  readonly full: readonly (readonly Piece[])[];
}

const DAY = 86_400;

/** Chats that history carries: statuses travel in a part of their own, newsletters never. */
export function historyChats(world: World): Chat[] {
  const chats = [...world.chats.values()].filter((chat) => chat.kind !== 'status' && chat.kind !== 'newsletter');
  const newest = (chat: Chat): number => world.messagesOf(chat).at(0)?.timestamp ?? 0;
  const times = new Map(chats.map((chat) => [chat, newest(chat)]));
  return chats.sort((left, right) => (times.get(right) ?? 0) - (times.get(left) ?? 0));
}

interface Cuts {
  readonly chat: Chat;
  readonly length: number;
  /** Index after the bootstrap's last message. */
  readonly bootstrap: number;
  /** Index after the last recent message. */
  readonly recent: number;
  /** Index after the last message of a full sync. */
  readonly full: number;
}

function cutsOf(world: World, options: HistoryOptions): Cuts[] {
  const since = (days: number): number => world.spec.baseTime - days * DAY;
  return historyChats(world).map((chat) => {
    const log = world.messagesOf(chat);
    const bootstrap = Math.min(log.length, options.bootstrapPerChat);
    const recent = Math.max(bootstrap, log.firstBefore(since(options.recentDays)));
    return { chat, length: log.length, bootstrap, recent, full: Math.max(recent, log.firstBefore(since(options.fullDays))) };
  });
}

/** Fills chunks with slices of chats, chat by chat; a long chat goes on in the next chunk. */
function chunksOf(pieces: readonly Piece[], size: number): Piece[][] {
  const chunks: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    for (let start = piece.start; start < piece.end; ) {
      if (room === 0) {
        chunks.push([]);
        room = size;
      }
      const end = Math.min(piece.end, start + room);
      chunks.at(-1)?.push({ ...piece, start, end, last: end === piece.end ? piece.last : undefined });
      room -= end - start;
      start = end;
    }
  }
  return chunks;
}

/** The part of a chat between two cuts, a few messages of the part before repeated; none if it is empty. */
function pieceBetween({ chat, length }: Cuts, { start: from, end: to }: Slice, overlap: number, ends: boolean): Piece[] {
  if (to <= from) return [];
  return [{ chat, start: Math.max(0, from - overlap), end: to, last: ends ? { moreOnPhone: to < length } : undefined }];
}

/** What will be sent, without building a single message but the newest of each chat. */
export function planHistory(world: World, options: HistoryOptions): HistoryPlan {
  const cuts = cutsOf(world, options);
  const end = (cut: Cuts): number => (options.requireFullSync ? cut.full : cut.recent);
  const bootstrap = cuts.map((cut): Piece => ({
    chat: cut.chat,
    start: 0,
    end: cut.bootstrap,
    last: end(cut) === cut.bootstrap ? { moreOnPhone: cut.bootstrap < cut.length } : undefined,
  }));
  const recent = cuts.flatMap((cut) => pieceBetween(cut, { start: cut.bootstrap, end: cut.recent }, options.overlap, end(cut) === cut.recent));
  const full = options.requireFullSync ? cuts.flatMap((cut) => pieceBetween(cut, { start: cut.recent, end: cut.full }, options.overlap, true)) : [];
  return { bootstrap, recent: chunksOf(recent, options.chunkMessages), full: chunksOf(full, options.chunkMessages) };
}
