import type { Account } from '../exchange/account.ts';
import { Jid, SERVERS } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node, textOf } from '../wire/node.ts';
import type { Attribute, BinaryNode } from '../wire/node.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** Who has WhatsApp, with which devices and which hidden id. */
export const USYNC_ROWS: readonly IqRow[] = [{ xmlns: 'usync', type: 'get', tag: 'usync', answer: lookUp }];

interface Question {
  readonly account: Account | undefined;
  /** The `<user>` that was asked about. */
  readonly asked: BinaryNode;
  /** Epoch seconds. */
  readonly now: number;
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
  status: ({ account }) =>
    account === undefined ? [] : [node('status', { t: account.person.aboutSetAt }, account.person.about)],
  picture: () => [],
  business: ({ account }) => (account?.person.business === undefined ? [] : [node('business', {}, [])]),
  disappearing_mode: ({ now }) => [node('disappearing_mode', { duration: 0, t: now })],
};

function lookUp({ exchange, child: usync }: IqRequest): IqAnswer {
  const now = Math.floor(exchange.clock.now() / 1000);
  const protocols = children(child(usync, 'query')).map(({ tag }) => tag);
  const byLid = attr(children(child(usync, 'query'), 'contact')[0], 'addressing_mode') === 'lid';
  const users = children(child(usync, 'list'), 'user').map((asked) => {
    const jid = jidAttr(asked, 'jid') ?? jidFromPhone(textOf(child(asked, 'contact')));
    const account = jid === undefined ? undefined : exchange.directory.account(jid);
    const content = protocols.flatMap((protocol) => PROTOCOLS[protocol]?.({ account, asked, now }) ?? []);
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
