import { randomBytes } from 'node:crypto';
import { seconds } from '../exchange/clock.ts';
import { notify } from '../exchange/notify.ts';
import { attr, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { isPrivacyCategory, mayBe, privacyCategories } from '../world-state/privacy.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';
import { publicJid, syncAccount } from './own-devices.ts';

/** Who may see and do what, who is blocked, how long messages last. */
export const PRIVACY_ROWS: readonly IqRow[] = [
  { xmlns: 'privacy', type: 'get', answer: readPrivacy },
  { xmlns: 'privacy', type: 'set', tag: 'privacy', answer: writePrivacy },
  { xmlns: 'privacy', type: 'set', tag: 'tokens', answer: passTokens },
  { xmlns: 'blocklist', type: 'get', answer: readBlocklist },
  { xmlns: 'blocklist', type: 'set', tag: 'item', answer: writeBlocklist },
  { xmlns: 'disappearing_mode', type: 'set', tag: 'disappearing_mode', answer: setDisappearingMode },
  { xmlns: 'status', type: 'get', tag: 'privacy', answer: readAudience },
  { xmlns: 'status', type: 'set', tag: 'privacy', answer: writeAudience },
];

function readPrivacy({ exchange, from }: IqRequest): IqAnswer {
  const settings = exchange.state.privacy.of(from.account.person);
  return [node('privacy', {}, privacyCategories.map((name) => node('category', { name, value: settings[name] })))];
}

function writePrivacy({ exchange, from, child: asked }: IqRequest): IqAnswer {
  const categories = children(asked, 'category').map((category) => {
    const [name, value] = [attr(category, 'name') ?? '', attr(category, 'value') ?? ''];
    if (!isPrivacyCategory(name) || !mayBe(name, value)) throw new Refusal(400, 'bad-request');
    return { name, value };
  });
  if (categories.length === 0) throw new Refusal(400, 'bad-request');
  for (const { name, value } of categories) exchange.state.privacy.set(from.account.person, name, value);
  const changed = node('privacy', {}, categories.map((category) => node('category', category)));
  syncAccount(exchange, from, changed);
  return [changed];
}

const TOKEN_BYTES = 11;

/** A token lets the person named ask about the account that issued it: they are given it at once. */
function passTokens({ exchange, from, child: asked }: IqRequest): IqAnswer {
  for (const token of children(asked, 'token')) {
    const jid = jidAttr(token, 'jid');
    const holder = jid === undefined ? undefined : exchange.directory.account(jid);
    const given = node('token', { type: 'trusted_contact', t: attr(token, 't') }, randomBytes(TOKEN_BYTES));
    for (const device of holder?.companions ?? []) {
      const attrs = { sender_lid: from.account.lid };
      notify(exchange, device, { type: 'privacy_token', from: publicJid(from.account), attrs, content: [node('tokens', {}, [given])] });
    }
  }
  return [];
}

function readBlocklist({ exchange, from }: IqRequest): IqAnswer {
  const { accounts } = exchange.state;
  const items = accounts.blocklist(from.account.person).map((id) => {
    const { lid, pn, person } = exchange.directory.accountOf(id);
    return node('item', { jid: lid, pn_jid: person.mapping === 'never' ? undefined : pn });
  });
  return [node('list', { dhash: accounts.blocklistHash(from.account.person) }, items)];
}

function writeBlocklist(request: IqRequest): IqAnswer {
  const { exchange, from, child: asked } = request;
  const [jid, action] = [jidAttr(asked, 'jid'), attr(asked, 'action')];
  const other = jid === undefined ? undefined : exchange.directory.account(jid);
  if (other === undefined) throw new Refusal(404, 'item-not-found');
  if ((action !== 'block' && action !== 'unblock') || other === from.account) throw new Refusal(400, 'bad-request');
  const { accounts } = exchange.state;
  const before = accounts.blocklistHash(from.account.person);
  if (accounts.setBlocked(from.account.person, other.person, action === 'block')) {
    const item = node('item', { jid: other.lid, action });
    const hashes = { action: 'modify', prev_dhash: before, dhash: accounts.blocklistHash(from.account.person) };
    syncAccount(exchange, from, node('blocklist', hashes, [item]));
  }
  return readBlocklist(request);
}

function setDisappearingMode({ exchange, from, child: asked }: IqRequest): IqAnswer {
  const duration = Number(attr(asked, 'duration'));
  if (!Number.isInteger(duration) || duration < 0) throw new Refusal(400, 'bad-request');
  const setAt = seconds(exchange.clock);
  exchange.state.accounts.setDisappearingMode(from.account.person, { duration, setAt });
  syncAccount(exchange, from, node('disappearing_mode', { duration, t: setAt }));
  return [];
}

function readAudience({ exchange, from }: IqRequest): IqAnswer {
  const { type, people } = exchange.state.accounts.statusAudience(from.account.person);
  const users = people.map((id) => node('user', { jid: exchange.directory.accountOf(id).lid }));
  return [node('privacy', {}, [node('list', { type, default: 'true' }, users)])];
}

const AUDIENCES = ['contacts', 'blacklist', 'whitelist'] as const;

function writeAudience({ exchange, from, child: asked }: IqRequest): IqAnswer {
  const list: BinaryNode | undefined = child(asked, 'list');
  const type = AUDIENCES.find((known) => known === attr(list, 'type'));
  if (type === undefined) throw new Refusal(400, 'bad-request');
  const people = children(list, 'user').flatMap((user) => exchange.world.person(jidAttr(user, 'jid')?.bare.toString() ?? '')?.id ?? []);
  exchange.state.accounts.setStatusAudience(from.account.person, { type, people });
  return [];
}
