/** Which bridge serves an operation, and why. The one home of this fact; docs/routing.md derives from it. */
import type { OperationName, Operations } from '@whatsapp-mcp/contract';

type BridgesOf<Name extends OperationName> = Operations[Name]['bridges'][number];

/** First bridge, and the other one or none; only bridges that serve the operation. */
type Ordered<Name extends OperationName> = {
  [First in BridgesOf<Name>]: { readonly first: First; readonly then: Exclude<BridgesOf<Name>, First> | null; readonly why: string };
}[BridgesOf<Name>];

/** The caller says which bridge it means; there is no other. */
interface Named {
  readonly first: 'named';
  readonly then: null;
  readonly why: string;
}

export type RouteOf<Name extends OperationName> = Ordered<Name> | Named;
export type RoutingTable = { readonly [Name in OperationName]: RouteOf<Name> };

const live = 'whatsmeow owns the account in real time and keeps the store current';
const deviceOfItsOwn = 'each bridge is a linked device of its own';
const appState = 'whatsmeow holds the app state at all times; Baileys may be disconnected';
const onlyBaileysAsks = 'whatsmeow has no call for it';

const whatsmeowFirst = (why: string) => ({ first: 'whatsmeow', then: 'baileys', why }) as const;
const baileysOnly = (why: string) => ({ first: 'baileys', then: null, why }) as const;
const named = (why: string) => ({ first: 'named', then: null, why }) as const;

export const routes = {
  'session.status': named(deviceOfItsOwn),
  'session.pair_qr': named(deviceOfItsOwn),
  'session.pair_code': named(deviceOfItsOwn),
  'session.passkey_response': { first: 'whatsmeow', then: null, why: 'only whatsmeow can answer a passkey request' },
  'session.logout': named(deviceOfItsOwn),
  'session.devices': whatsmeowFirst(live),

  'message.send_text': whatsmeowFirst(live),
  'message.send_media': whatsmeowFirst(live),
  'message.send_location': whatsmeowFirst(live),
  'message.send_contact': whatsmeowFirst(live),
  'message.send_poll': whatsmeowFirst(live),
  'message.forward': whatsmeowFirst(live),
  'message.react': whatsmeowFirst(live),
  'message.edit': whatsmeowFirst(live),
  'message.revoke': whatsmeowFirst(live),
  'message.delete_for_me': baileysOnly(onlyBaileysAsks),
  'media.download': whatsmeowFirst('whatsmeow is connected anyway; Baileys can fetch the same file'),

  'chat.archive': whatsmeowFirst(appState),
  'chat.pin': whatsmeowFirst(appState),
  'chat.mute': whatsmeowFirst(appState),
  'chat.mark_read': whatsmeowFirst(appState),

  'contact.info': whatsmeowFirst(live),
  'contact.check': whatsmeowFirst(live),
  'contact.picture': whatsmeowFirst(live),
  'contact.block': whatsmeowFirst(live),
  'contact.blocklist': whatsmeowFirst(live),
  'profile.set_picture': whatsmeowFirst(live),
  'profile.set_about': whatsmeowFirst(live),

  'group.info': whatsmeowFirst(live),
  'group.create': whatsmeowFirst(live),
  'group.participants': whatsmeowFirst(live),
  'group.settings': whatsmeowFirst(live),
  'group.invite_link': whatsmeowFirst(live),
  'group.join_requests': whatsmeowFirst(live),
  'group.review_requests': whatsmeowFirst(live),
  'group.join': whatsmeowFirst(live),
  'group.leave': whatsmeowFirst(live),
  'community.list': whatsmeowFirst(live),
  'community.groups': whatsmeowFirst(live),

  'privacy.get': whatsmeowFirst(live),
  'privacy.set': whatsmeowFirst(live),
  'business.profile': whatsmeowFirst(live),
  'business.catalog': baileysOnly(onlyBaileysAsks),
  'business.product': baileysOnly(onlyBaileysAsks),
  'newsletter.list': { first: 'whatsmeow', then: null, why: 'Baileys has no call for it' },
  'newsletter.info': whatsmeowFirst(live),
  'newsletter.follow': whatsmeowFirst(live),
  'newsletter.create': whatsmeowFirst(live),
  'newsletter.react': whatsmeowFirst(live),

  'history.request': { first: 'baileys', then: 'whatsmeow', why: 'Baileys stages the answer durably, apart from live traffic' },
  'history.page': baileysOnly('the staged history is its database'),
  'history.acknowledge': baileysOnly('the staged history is its database'),
  'history.clear': baileysOnly('the staged history is its database'),
} as const satisfies RoutingTable;
