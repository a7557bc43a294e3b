import type { Account } from '../exchange/account.ts';
import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { notify } from '../exchange/notify.ts';
import { Jid } from '../wire/jid.ts';
import { attr, bytesOf, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { MAX_PICTURE_BYTES } from '../world-state/pictures.ts';
import type { Picture } from '../world-state/pictures.ts';
import type { Group } from '../world/types.ts';
import { actOf, memberOf } from './group-act.ts';
import { mayEdit } from './group-settings.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';
import { companionsOfOthers, publicJid } from './own-devices.ts';

/** Pictures of people and groups. */
export const PICTURE_ROWS: readonly IqRow[] = [
  { xmlns: 'w:profile:picture', type: 'get', answer: read },
  { xmlns: 'w:profile:picture', type: 'set', answer: write },
  { xmlns: 'w:g2', type: 'get', tag: 'pictures', answer: readOfCommunities },
];

/** The host of profile pictures; clients are made to dial the simulator for it. */
const PICTURE_HOST = 'https://pps.whatsapp.net';

/** Whose picture: a person's, or a group's. */
type Subject = { readonly account: Account; readonly group?: never } | { readonly group: Group; readonly account?: never };

const keyOf = ({ account, group }: Subject): string => account?.person.id ?? group?.jid ?? '';

function subjectOf({ exchange, from }: IqRequest, target: Jid | undefined): Subject {
  if (target === undefined) return { account: from.account };
  const group = exchange.world.groups.get(target.toString());
  if (group !== undefined) return { group };
  const account = exchange.directory.account(target);
  if (account === undefined) throw new Refusal(404, 'item-not-found');
  return { account };
}

/** 404: there is none; 401: it is not shown to who asks (whatsmeow user.go: GetProfilePictureInfo). */
function read(request: IqRequest): IqAnswer {
  const { exchange, child: asked } = request;
  const subject = subjectOf(request, jidAttr(request.iq, 'target'));
  if (!maySee(request, subject)) throw new Refusal(401, 'not-authorized');
  const picture = exchange.state.pictures.of(keyOf(subject));
  if (picture === undefined) throw new Refusal(404, 'item-not-found');
  return [pictureNode(picture, asked)];
}

function maySee({ exchange, from, child: asked }: IqRequest, { account, group }: Subject): boolean {
  const viewer = from.account.person;
  if (group !== undefined) return memberOf(group, viewer.id) !== undefined || attr(asked, 'invite') === group.inviteCode;
  const blocked = exchange.state.accounts.blocks(account.person, viewer);
  return !blocked && exchange.state.privacy.allows(account.person, 'profile', viewer);
}

function pictureNode(picture: Picture, asked: BinaryNode | undefined): BinaryNode {
  const { id, directPath, hash } = picture;
  if (attr(asked, 'id') === id) return node('picture', { status: 304 });
  return node('picture', { id, type: attr(asked, 'type') ?? 'image', url: `${PICTURE_HOST}${directPath}`, direct_path: directPath, hash });
}

function readOfCommunities(request: IqRequest): IqAnswer {
  const { exchange, group } = actOf(request);
  const shown = children(request.child, 'picture').map((asked) => {
    const picture = exchange.state.pictures.of(group.jid);
    if (picture === undefined) return node('picture', { status: 204 });
    return { ...pictureNode(picture, asked), tag: 'picture' };
  });
  return [node('pictures', {}, shown)];
}

/** Without a picture in it, the request removes the one that is there. 403: not yours to change; 406: no JPEG, or too big. */
function write(request: IqRequest): IqAnswer {
  const { exchange, from } = request;
  const subject = subjectOf(request, jidAttr(request.iq, 'target'));
  const mine = subject.account === undefined ? mayEdit(subject.group, from.account.person.id) : subject.account === from.account;
  if (!mine) throw new Refusal(403, 'forbidden');
  const jpeg = bytesOf(child(request.iq, 'picture'));
  if (jpeg.length > 0 && (jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || jpeg.length > MAX_PICTURE_BYTES)) throw new Refusal(406, 'not-acceptable');
  const picture = exchange.state.pictures.set(keyOf(subject), jpeg.length === 0 ? undefined : jpeg);
  announcePicture(exchange, from, { subject, picture });
  return picture === undefined ? [] : [node('picture', { id: picture.id })];
}

/** Tells who may see the picture that it is another one now, or none. */
function announcePicture(exchange: Exchange, from: Device, { subject, picture }: { subject: Subject; picture: Picture | undefined }): void {
  const { account, group } = subject;
  const jid = group === undefined ? publicJid(account) : Jid.parse(group.jid);
  const attrs = { jid, author: publicJid(from.account), id: picture?.id };
  const content = [node(picture === undefined ? 'delete' : 'set', attrs)];
  for (const device of audienceOf(exchange, from, subject)) notify(exchange, device, { type: 'picture', from: jid, content });
}

function audienceOf(exchange: Exchange, from: Device, { account, group }: Subject): Device[] {
  if (group !== undefined) {
    const known = [...exchange.directory.known()].filter(({ person }) => memberOf(group, person.id) !== undefined);
    return known.flatMap(({ devices }) => [...devices.values()]).filter((device) => device !== from);
  }
  const others = companionsOfOthers(exchange, account).filter((device) => exchange.state.privacy.allows(account.person, 'profile', device.account.person));
  return [...others, ...account.companions.filter((device) => device !== from)];
}
