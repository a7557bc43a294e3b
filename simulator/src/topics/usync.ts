import type { Account } from '../exchange/account.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Jid, SERVERS } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node, textOf } from '../wire/node.ts';
import type { Attribute, BinaryNode } from '../wire/node.ts';
import { verifiedNameNode } from './verified-name.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** Who has WhatsApp, with which devices and which hidden id. */
export const USYNC_ROWS: readonly IqRow[] = [{ xmlns: 'usync', type: 'get', tag: 'usync', answer: lookUp }];

interface Question {
  readonly account: Account | undefined;
  /** The `<user>` that was asked about. */
  readonly asked: BinaryNode;
  readonly exchange: Exchange;
  /** Who asks. */
  readonly viewer: Account;
}

type Protocol = (question: Question) => readonly BinaryNode[];

/** What each protocol of the query adds to a user of the answer. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  devices: ({ account }) => (account === undefined ? [] : [deviceList(account)]),
  lid: ({ account }) => (account === undefined ? [] : [node('lid', { val: account.lid })]),
  contact: ({ account, asked }) => {
    // whatsmeow reads its question back from the content (user.go: IsOnWhatsApp).
    return [node('contact', { type: account === undefined ? 'out' : 'in' }, child(asked, 'contact')?.content)];
  },
  status: (question) => {
    const { account } = question;
    if (account === undefined) return [];
    // 401: hidden from who asks (Baileys WAUSync/Protocols/USyncStatusProtocol.js).
    if (!shows(question, 'status')) return [node('status', { code: 401, type: 'fail' })];
    return [node('status', { t: account.person.aboutSetAt }, account.person.about)];
  },
  picture: (question) => {
    const { account, exchange } = question;
    const picture = account === undefined || !shows(question, 'profile') ? undefined : exchange.state.pictures.of(account.person.id);
    return picture === undefined ? [] : [node('picture', { id: picture.id })];
  },
  business: ({ account }) => (account?.person.business === undefined ? [] : [node('business', {}, [verifiedNameNode(account.person.business)])]),
  disappearing_mode: ({ account, exchange }) => {
    if (account === undefined) return [];
    const { duration, setAt } = exchange.state.accounts.disappearingMode(account.person);
    return [node('disappearing_mode', { duration, t: setAt })];
  },
};

/** Whether who asks is let see this of who is asked about. */
function shows({ account, exchange, viewer }: Question, what: 'status' | 'profile'): boolean {
  if (account === undefined || exchange.state.accounts.blocks(account.person, viewer.person)) return false;
  return exchange.state.privacy.allows(account.person, what, viewer.person);
}

function lookUp({ exchange, from, child: usync }: IqRequest): IqAnswer {
  const protocols = children(child(usync, 'query')).map(({ tag }) => tag);
  const byLid = attr(children(child(usync, 'query'), 'contact')[0], 'addressing_mode') === 'lid';
  const users = children(child(usync, 'list'), 'user').map((asked) => {
    const jid = jidAttr(asked, 'jid') ?? jidFromPhone(textOf(child(asked, 'contact')));
    const account = jid === undefined ? undefined : exchange.directory.account(jid);
    const content = protocols.flatMap((protocol) => PROTOCOLS[protocol]?.({ account, asked, exchange, viewer: from.account }) ?? []);
    return node('user', userAttrs({ asked, jid, account, byLid }), content);
  });
  const echoed = ['sid', 'mode', 'context', 'last', 'index'].map((name): [string, Attribute | undefined] => [name, usync?.attrs[name]]);
  return [node('usync', Object.fromEntries(echoed), [node('result'), node('list', {}, users)])];
}

/** A user that was asked for by address is answered under exactly that address. */
function userAttrs(user: { asked: BinaryNode; jid: Jid | undefined; account: Account | undefined; byLid: boolean }) {
  const { asked, jid, account, byLid } = user;
  if (asked.attrs['jid'] !== undefined) return { jid: asked.attrs['jid'] };
  if (account === undefined) return { jid };
  return byLid ? { jid: account.lid, pn_jid: account.pn } : { jid: account.pn };
}

/** `+digits`, or `+digits@c.us` as whatsmeow asks. */
function jidFromPhone(text: string): Jid | undefined {
  const digits = /^\+?(\d{5,20})(?:@c\.us)?$/.exec(text)?.[1];
  return digits === undefined ? undefined : new Jid(digits, SERVERS.user);
}

function deviceList(account: Account): BinaryNode {
  // Baileys drops a linked device that has no key-index (Utils/signal.js: extractDeviceJids).
  const devices = [...account.devices.values()].map((device) =>
    node('device', { id: device.id, 'key-index': device.companion?.keyIndex }),
  );
  return node('devices', {}, [node('device-list', {}, devices)]);
}
