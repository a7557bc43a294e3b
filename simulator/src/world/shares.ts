import { keyOf, Random } from './random.ts';
import type { Chat, WorldSpec } from './types.ts';

/** Groups talk more than two people do, and announcements are few. */
function weightOf(chat: Chat, rank: number, random: Random): number {
  const liveliness = 0.6 + random.fraction() * 0.8;
  if (chat.kind === 'announcement') return 0.12 * liveliness;
  const base = chat.kind === 'group' ? 2.2 / (rank + 1) ** 0.5 : 1.6 / (rank + 1.5) ** 0.7;
  return base * liveliness;
}

const talking = (chat: Chat): boolean => chat.kind === 'direct' || chat.kind === 'group' || chat.kind === 'announcement';

/**
 * How many generated messages each chat has, by chat JID. They and the `written` ones of stories
 * sum up to `totalMessages`, unless every chat is to have `messagesPerChat`.
 */
export function shareMessages(spec: WorldSpec, plans: readonly { readonly chat: Chat }[], written: number): Map<string, number> {
  const chats = plans.map(({ chat }) => chat).filter(talking);
  if (spec.messagesPerChat !== undefined) {
    const each = spec.messagesPerChat;
    return new Map(chats.map((chat) => [chat.jid, each]));
  }
  const ranks = { direct: 0, group: 0, announcement: 0 };
  const random = new Random(spec.seed, keyOf('shares'));
  const weights = chats.map((chat) => weightOf(chat, ranks[chat.kind as keyof typeof ranks]++, random));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const available = Math.max(0, spec.totalMessages - written);
  const exact = weights.map((weight) => (available * weight) / sum);
  const counts = exact.map(Math.floor);
  const missing = available - counts.reduce((total, count) => total + count, 0);
  const byRemainder = exact.map((value, index) => ({ index, rest: value % 1 })).sort((left, right) => right.rest - left.rest);
  for (const { index } of byRemainder.slice(0, missing)) counts[index] = (counts[index] ?? 0) + 1;
  return new Map(chats.map((chat, index) => [chat.jid, counts[index] ?? 0]));
}
