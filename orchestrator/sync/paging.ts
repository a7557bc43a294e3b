/** Going back in one chat, page by page: what an answer of the phone means, and what to do next. Pure. */

/** How a chat's history stands. */
export type ChatState = 'idle' | 'requested' | 'complete' | 'stalled' | 'no_access' | 'phone_offline';

/** How a walk through a chat ended. `enough`: as far back, or as many, as was wanted. */
export type WalkEnd = Exclude<ChatState, 'idle' | 'requested'> | 'enough';

/** WhatsApp answers at most this many messages whatever is asked. */
export const LARGEST_PAGE = 50;

/** Conversation.EndOfHistoryTransferType. 0 and 2 say that the phone has more. */
const NOTHING_OLDER = 1;
const NO_ACCESS = 3;

export interface Anchor {
  readonly id: string;
  readonly timestamp: number;
  readonly from_me: boolean;
}

export interface Limits {
  /** ms: nothing older than this is wanted. */
  readonly until: number | undefined;
  readonly maxMessages: number | undefined;
}

export interface Position {
  /** Oldest stored message that the phone answers for. */
  readonly anchor: Anchor | undefined;
  /** Messages that came in answers so far. */
  readonly received: number;
  readonly endOfHistory: number | undefined;
}

/** What came of one request. */
export type Answer =
  | { readonly kind: 'page'; readonly messages: number; readonly endOfHistory: number | undefined; readonly position: Position }
  /** No answer in time: never a sign that there is nothing older. */
  | { readonly kind: 'silence' };

export type Next =
  | { readonly do: 'ask'; readonly anchor: Anchor; readonly count: number }
  /** The same again, after a pause. */
  | { readonly do: 'retry'; readonly reason: string }
  | { readonly do: 'stop'; readonly state: WalkEnd; readonly reason?: string };

/** What to ask for from a position, or why to stop. */
export function plan({ anchor, received, endOfHistory }: Position, { until, maxMessages = Infinity }: Limits): Next {
  if (endOfHistory === NOTHING_OLDER) return { do: 'stop', state: 'complete' };
  if (endOfHistory === NO_ACCESS) return { do: 'stop', state: 'no_access', reason: 'The phone has older messages but says that this account may not have them.' };
  if (received >= maxMessages) return { do: 'stop', state: 'enough' };
  if (anchor === undefined) {
    return { do: 'stop', state: 'stalled', reason: 'No message of this chat is stored that the phone could go back from. Once one has come in, try again.' };
  }
  if (until !== undefined && anchor.timestamp <= until) return { do: 'stop', state: 'enough' };
  return { do: 'ask', anchor, count: Math.min(LARGEST_PAGE, maxMessages - received) };
}

/** What an answer to a request from `asked` means. */
export function judge(asked: Anchor, answer: Answer, limits: Limits): Next {
  if (answer.kind === 'silence') return { do: 'retry', reason: 'The phone did not answer in time.' };
  const next = plan(answer.position, limits);
  if (next.do !== 'ask' || movedBack(asked, next.anchor)) return next;
  if (answer.messages === 0) return { do: 'retry', reason: 'The phone answered with nothing, and did not say that there is nothing older.' };
  return { do: 'retry', reason: 'The phone sent only messages that are stored already.' };
}

const movedBack = (from: Anchor, to: Anchor): boolean => to.timestamp < from.timestamp || (to.timestamp === from.timestamp && to.id !== from.id);
