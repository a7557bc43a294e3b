import { jidOf, lidJid, pnJid } from '../world/jids.ts';
import type { Chat, Person, World } from '../world/types.ts';
import { actions, type Action, type Range } from './actions.ts';

/** A chat's messages are searched this far back for stars: seeding must not build a whole history. */
const STAR_REACH = 300;

/** The JID under which app state files a chat: as history does, but one form for each chat. */
export function appStateJid(world: World, chat: Chat): string {
  const person = chat.person === undefined ? undefined : world.people.get(chat.person);
  return person ? jidOf(person, chat.addressing === 'pn' ? 'pn' : 'lid') : chat.jid;
}

const rangeOf = (world: World, chat: Chat): Range => ({ lastTimestamp: world.messagesOf(chat).at(0)?.timestamp ?? world.spec.baseTime });

function contactOf(person: Person): Action[] {
  if (person.name === undefined) return [];
  if (person.mapping === 'never') return [actions.lidContact(lidJid(person), person.name)];
  const other = person.mapping === 'known' ? { lidJid: lidJid(person) } : {};
  return [actions.contact(pnJid(person), { fullName: person.name, ...other })];
}

function chatActions(world: World, chat: Chat): Action[] {
  const jid = appStateJid(world, chat);
  const found: Action[] = [];
  if (chat.pinnedAt > 0) found.push(actions.pin(jid, true));
  if (chat.archived) found.push(actions.archive(jid, true, rangeOf(world, chat)));
  if (chat.mutedUntil !== 0) found.push(actions.mute(jid, chat.mutedUntil));
  if (chat.markedUnread) found.push(actions.markRead(jid, false, rangeOf(world, chat)));
  return found;
}

function starActions(world: World, chat: Chat): Action[] {
  const jid = appStateJid(world, chat);
  const group = chat.group === undefined ? undefined : world.groups.get(chat.group);
  return world
    .messagesOf(chat)
    .range(0, STAR_REACH)
    .filter((message) => message.starred)
    .map(({ id, fromMe, sender }) => {
      const author = group && !fromMe ? world.people.get(sender) : undefined;
      return actions.star({ chat: jid, id, fromMe, ...(author && group ? { participant: jidOf(author, group.addressing) } : {}) }, true);
    });
}

/** Labels exist on business accounts; phones write these five for everybody who has the business app. */
const labels = ['New customer', 'New order', 'Pending payment', 'Paid', 'Order complete'];

/**
 * What the phone has written before the first companion comes: names, settings, contacts, the
 * state of chats, stars, labels. Every collection gets something, because a client at version 0
 * takes its first patch for a full sync and reports nothing of it (whatsmeow appstate.go).
 */
export function seedActions(world: World): Action[] {
  const chats = [...world.chats.values()].filter((chat) => chat.kind !== 'status' && chat.kind !== 'newsletter');
  return [
    actions.pushName(world.owner.pushName),
    actions.locale('en_GB'),
    actions.unarchiveChats(false),
    ...[...world.people.values()].filter((person) => person !== world.owner).flatMap(contactOf),
    actions.contact(pnJid(world.owner), { fullName: world.owner.pushName, lidJid: lidJid(world.owner) }),
    ...chats.flatMap((chat) => chatActions(world, chat)),
    actions.mute(pnJid(world.owner), 0),
    ...chats.flatMap((chat) => starActions(world, chat)),
    ...labels.map((name, index) => actions.labelEdit(String(index + 1), { name, color: index })),
  ];
}
