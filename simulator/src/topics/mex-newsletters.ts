import * as z from 'zod';
import type { Account } from '../exchange/account.ts';
import { seconds } from '../exchange/clock.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { notify } from '../exchange/notify.ts';
import { Jid } from '../wire/jid.ts';
import { node } from '../wire/node.ts';
import type { Newsletter } from '../world/types.ts';
import type { IqRequest } from './iq.ts';
import { MexRefusal } from './mex-query.ts';
import type { MexQuery } from './mex-query.ts';

const Target = z.object({ newsletter_id: z.string() });
const TargetPerson = Target.extend({ user_id: z.string() });
const Draft = z.object({ name: z.string().min(1).max(128), description: z.string().max(2_048).nullish() });
const Creation = z.union([z.object({ input: Draft }), z.object({ newsletter_input: Draft })]);
const Lookup = z.object({ input: z.object({ key: z.string(), type: z.string() }), fetch_viewer_metadata: z.boolean().optional() });
const Update = Target.extend({ updates: z.object({ name: z.string().nullish(), description: z.string().nullish(), picture: z.string().nullish() }) });

/** Queries about channels. Ids: Baileys Types/Mex.js first, then whatsmeow newsletter.go. */
export const MEX_NEWSLETTERS: readonly MexQuery[] = [
  { ids: ['8823471724422422', '6234210096708695'], path: 'xwa2_newsletter_create', run: create },
  { ids: ['6563316087068696'], path: 'xwa2_newsletter', run: look },
  { ids: ['6388546374527196'], path: 'xwa2_newsletter_subscribed', run: subscribed },
  { ids: ['24404358912487870'], path: 'xwa2_newsletter_join_v2', run: follow },
  { ids: ['9926858900719341'], path: 'xwa2_newsletter_join_v2', run: follow },
  { ids: ['9767147403369991', '6392786840836363'], path: 'xwa2_newsletter_leave_v2', run: unfollow },
  { ids: ['29766401636284406', '6274038279359549'], path: 'xwa2_newsletter_mute_v2', run: (request, variables) => mute(request, variables, true) },
  { ids: ['9864994326891137', '6068417879924485'], path: 'xwa2_newsletter_unmute_v2', run: (request, variables) => mute(request, variables, false) },
  { ids: ['24250201037901610', '7150902998257522'], path: 'xwa2_newsletter_update', run: update },
  { ids: ['9783111038412085', '9800646650009898'], path: 'xwa2_newsletter_subscribers', run: subscribers },
  { ids: ['7130823597031706'], path: 'xwa2_newsletter_admin', run: adminCount },
  { ids: ['7341777602580933'], path: 'xwa2_newsletter_change_owner', run: changeOwner },
  { ids: ['6551828931592903'], path: 'xwa2_newsletter_demote', run: demote },
  { ids: ['30062808666639665'], path: 'xwa2_newsletter_delete_v2', run: remove },
  { ids: ['6190824427689257'], path: 'xwa2_newsletters_directory_list', run: directory },
  { ids: ['7263823273662354'], path: 'xwa2_newsletters_recommended', run: directory },
];

/** A channel as JSON (whatsmeow types/newsletter.go: NewsletterMetadata; Baileys Socket/newsletter.js). */
function metadata({ state }: Exchange, newsletter: Newsletter, viewer: Account | undefined): object {
  const { jid, name, description, inviteCode, createdAt, verified } = newsletter;
  const text = (value: string, id: string) => ({ text: value, id, update_time: String(createdAt * 1_000_000) });
  const shown = state.pictures.of(jid);
  const picture = { id: shown?.id ?? '', direct_path: shown?.directPath ?? '', type: 'IMAGE', url: '' };
  const thread = {
    creation_time: String(createdAt),
    invite: inviteCode,
    name: text(name, `${createdAt}1`),
    description: text(description, `${createdAt}2`),
    subscribers_count: String(newsletter.subscribers),
    verification: verified ? 'VERIFIED' : 'UNVERIFIED',
    picture,
    preview: { ...picture, type: 'PREVIEW' },
    settings: { reaction_codes: { value: 'ALL' } },
  };
  return { id: jid, state: { type: 'ACTIVE' }, thread_metadata: thread, viewer_metadata: viewer === undefined ? null : viewerOf(state, newsletter, viewer) };
}

function viewerOf(state: Exchange['state'], newsletter: Newsletter, { person }: Account) {
  const { role, muted } = state.newsletters.of(newsletter, person);
  return { mute: muted ? 'ON' : 'OFF', role: role.toUpperCase() };
}

function create({ exchange, from }: IqRequest, variables: unknown): object {
  const parsed = Creation.parse(variables);
  const { name, description } = 'input' in parsed ? parsed.input : parsed.newsletter_input;
  const draft = { name, description: description ?? '', at: seconds(exchange.clock) };
  const newsletter = exchange.state.newsletters.create(draft, from.account.person);
  tellOwnDevices({ exchange, from, newsletter }, 'NotificationNewsletterJoin', { xwa2_notify_newsletter_on_join: metadata(exchange, newsletter, from.account) });
  return metadata(exchange, newsletter, from.account);
}

function look({ exchange, from }: IqRequest, variables: unknown): object {
  const { input, fetch_viewer_metadata: asViewer = false } = Lookup.parse(variables);
  return metadata(exchange, found(exchange, input.key), asViewer ? from.account : undefined);
}

function found({ state }: Exchange, key: string): Newsletter {
  const newsletter = state.newsletters.find(key);
  if (newsletter === undefined) throw new MexRefusal(404, 'Not Found');
  return newsletter;
}

function subscribed({ exchange, from }: IqRequest): object[] {
  return exchange.state.newsletters.followedBy(from.account.person).map((newsletter) => metadata(exchange, newsletter, from.account));
}

function follow({ exchange, from }: IqRequest, variables: unknown): object {
  const newsletter = found(exchange, Target.parse(variables).newsletter_id);
  const { role } = exchange.state.newsletters.of(newsletter, from.account.person);
  if (role === 'guest') exchange.state.newsletters.relate(newsletter, from.account.person, { role: 'subscriber' });
  tellOwnDevices({ exchange, from, newsletter }, 'NotificationNewsletterJoin', { xwa2_notify_newsletter_on_join: metadata(exchange, newsletter, from.account) });
  return metadata(exchange, newsletter, from.account);
}

function unfollow({ exchange, from }: IqRequest, variables: unknown): object {
  const newsletter = found(exchange, Target.parse(variables).newsletter_id);
  const { role } = exchange.state.newsletters.of(newsletter, from.account.person);
  if (role === 'owner') throw new MexRefusal(403, 'Forbidden');
  exchange.state.newsletters.relate(newsletter, from.account.person, { role: 'guest', muted: false });
  const gone = { id: newsletter.jid, role: 'GUEST' };
  tellOwnDevices({ exchange, from, newsletter }, 'NotificationNewsletterLeave', { xwa2_notify_newsletter_on_leave: gone });
  return gone;
}

function mute({ exchange, from }: IqRequest, variables: unknown, muted: boolean): object {
  const newsletter = found(exchange, Target.parse(variables).newsletter_id);
  if (exchange.state.newsletters.of(newsletter, from.account.person).role === 'guest') throw new MexRefusal(403, 'Forbidden');
  exchange.state.newsletters.relate(newsletter, from.account.person, { muted });
  const change = { id: newsletter.jid, mute: muted ? 'ON' : 'OFF' };
  tellOwnDevices({ exchange, from, newsletter }, 'NotificationNewsletterUserSettingChange', { xwa2_notify_newsletter_on_mute_change: change });
  return { id: newsletter.jid, viewer_metadata: viewerOf(exchange.state, newsletter, from.account) };
}

/** The channel as its owner or an admin may change it. */
function owned({ exchange, from }: IqRequest, jid: string, roles: readonly string[] = ['owner']): Newsletter {
  const newsletter = found(exchange, jid);
  if (!roles.includes(exchange.state.newsletters.of(newsletter, from.account.person).role)) throw new MexRefusal(403, 'Forbidden');
  return newsletter;
}

function update(request: IqRequest, variables: unknown): object {
  const { newsletter_id: jid, updates } = Update.parse(variables);
  const newsletter = owned(request, jid, ['owner', 'admin']);
  if (updates.name != null) newsletter.name = updates.name;
  if (updates.description != null) newsletter.description = updates.description;
  if (updates.picture != null) request.exchange.state.pictures.set(jid, Buffer.from(updates.picture, 'base64'));
  return metadata(request.exchange, newsletter, undefined);
}

function subscribers(request: IqRequest, variables: unknown): object {
  const Wrapped = z.union([Target, z.object({ input: Target }).transform(({ input }) => input)]);
  const newsletter = owned(request, Wrapped.parse(variables).newsletter_id, ['owner', 'admin']);
  const edges = request.exchange.state.newsletters.followers(newsletter).map((person) => ({
    node: { id: request.exchange.directory.accountOf(person).lid.toString() },
    role: request.exchange.state.newsletters.of(newsletter, { id: person }).role.toUpperCase(),
  }));
  return { subscribers: { edges }, subscribers_count: String(newsletter.subscribers) };
}

function adminCount(request: IqRequest, variables: unknown): object {
  const { newsletters } = request.exchange.state;
  const newsletter = found(request.exchange, Target.parse(variables).newsletter_id);
  const admins = newsletters.followers(newsletter).filter((id) => ['owner', 'admin'].includes(newsletters.of(newsletter, { id }).role));
  return { admin_count: admins.length };
}

function changeOwner(request: IqRequest, variables: unknown): object {
  const { newsletter_id: jid, user_id: user } = TargetPerson.parse(variables);
  const newsletter = owned(request, jid);
  const { state, world } = request.exchange;
  const heir = world.person(user);
  if (heir === undefined || state.newsletters.of(newsletter, heir).role === 'guest') throw new MexRefusal(404, 'Not Found');
  state.newsletters.relate(newsletter, request.from.account.person, { role: 'admin' });
  state.newsletters.relate(newsletter, heir, { role: 'owner' });
  return { id: jid };
}

function demote(request: IqRequest, variables: unknown): object {
  const { newsletter_id: jid, user_id: user } = TargetPerson.parse(variables);
  const newsletter = owned(request, jid);
  const { state, world } = request.exchange;
  const admin = world.person(user);
  if (admin === undefined || state.newsletters.of(newsletter, admin).role !== 'admin') throw new MexRefusal(404, 'Not Found');
  state.newsletters.relate(newsletter, admin, { role: 'subscriber' });
  return { id: jid };
}

function remove(request: IqRequest, variables: unknown): object {
  const newsletter = owned(request, Target.parse(variables).newsletter_id);
  request.exchange.state.newsletters.delete(newsletter);
  return { id: newsletter.jid, state: { type: 'DELETED' } };
}

function directory({ exchange, from }: IqRequest): object {
  const all = [...exchange.world.newsletters.keys()].map((jid) => exchange.state.newsletters.find(jid));
  const result = all.filter((newsletter) => newsletter !== undefined).map((newsletter) => metadata(exchange, newsletter, from.account));
  return { result, page_info: { hasNextPage: false } };
}

/** Tells the other devices of the account (whatsmeow notification.go: handleMexNotification). */
function tellOwnDevices({ exchange, from, newsletter }: Pick<IqRequest, 'exchange' | 'from'> & { newsletter: Newsletter }, operation: string, data: object): void {
  const content = [node('update', { op_name: operation }, JSON.stringify({ data }))];
  for (const device of from.account.devices.values()) {
    if (device !== from) notify(exchange, device, { type: 'mex', from: Jid.parse(newsletter.jid), content });
  }
}
