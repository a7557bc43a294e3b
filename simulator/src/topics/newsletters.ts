import { seconds } from '../exchange/clock.ts';
import { Jid } from '../wire/jid.ts';
import { attr, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { LIVE_UPDATE_SECONDS } from '../world-state/live-updates.ts';
import type { Newsletter } from '../world/types.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';
import { postNode } from './newsletter-push.ts';

/** Posts of channels; everything else about channels goes through `w:mex`. */
export const NEWSLETTER_ROWS: readonly IqRow[] = [
  { xmlns: 'newsletter', type: 'get', tag: 'messages', answer: messages },
  { xmlns: 'newsletter', type: 'get', tag: 'message_updates', answer: messageUpdates },
  { xmlns: 'newsletter', type: 'set', tag: 'live_updates', answer: subscribe },
];

const DEFAULT_COUNT = 50;
const MAX_COUNT = 300;

function messages(request: IqRequest): IqAnswer {
  const { child: asked } = request;
  const newsletter = channel(request, attr(asked, 'jid') ?? attr(asked, 'key') ?? '');
  const before = attr(asked, 'before');
  return [listNode(request, newsletter, { count: countIn(asked), ...(before === undefined ? {} : { before: Number(before) }) })];
}

function messageUpdates(request: IqRequest): IqAnswer {
  const { child: asked } = request;
  const newsletter = channel(request, jidAttr(request.iq, 'to')?.toString() ?? '');
  const page = { count: countIn(asked), after: Number(attr(asked, 'after') ?? 0), since: Number(attr(asked, 'since') ?? 0) };
  return [node('message_updates', {}, [listNode(request, newsletter, page)])];
}

function listNode({ exchange }: IqRequest, newsletter: Newsletter, page: { count: number; before?: number; after?: number; since?: number }): BinaryNode {
  const posts = exchange.state.newsletters.posts(newsletter, page).reverse();
  return node('messages', { jid: Jid.parse(newsletter.jid), t: seconds(exchange.clock) }, posts.map((post) => postNode(exchange, post, { full: true })));
}

function subscribe(request: IqRequest): IqAnswer {
  const { exchange, from } = request;
  const newsletter = channel(request, jidAttr(request.iq, 'to')?.toString() ?? '');
  exchange.state.liveUpdates.subscribe(from, newsletter.jid, seconds(exchange.clock));
  return [node('live_updates', { duration: LIVE_UPDATE_SECONDS })];
}

function channel({ exchange }: IqRequest, key: string): Newsletter {
  const found = exchange.state.newsletters.find(key);
  if (found === undefined) throw new Refusal(404, 'item-not-found');
  return found;
}

function countIn(asked: BinaryNode | undefined): number {
  return Math.min(Number(attr(asked, 'count') ?? DEFAULT_COUNT), MAX_COUNT);
}
