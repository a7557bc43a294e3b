/** Everything a world is generated from. The same spec gives the same world, byte for byte. */
export interface WorldSpec {
  readonly name: string;
  readonly seed: number;
  /** Unix seconds: the newest generated message is not later than this. */
  readonly baseTime: number;
  /** How far back the oldest messages go. */
  readonly spanDays: number;
  /** Direct chats: one for each of the first `directChats` people. */
  readonly people: number;
  readonly directChats: number;
  readonly groups: number;
  readonly communities: number;
  readonly newsletters: number;
  readonly statusPosts: number;
  /** Messages over all chats, statuses and newsletters not counted; spread unevenly, as people do. */
  readonly totalMessages: number;
  /** Set instead of a spread: each direct chat and group gets exactly this many. */
  readonly messagesPerChat?: number;
  /** How many messages of each conversation are repeated at the seam between two history chunks. */
  readonly overlap: number;
  readonly density: Density;
  /** Adds the hand-written cast and stories of the demo. */
  readonly cast: 'generated' | 'demo';
}

/** Parts in a thousand messages. */
export interface Density {
  readonly media: number;
  readonly reply: number;
  readonly reaction: number;
  readonly edit: number;
  readonly revoke: number;
  readonly star: number;
  readonly longText: number;
  readonly other: number;
}
