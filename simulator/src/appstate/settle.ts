import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Chat, World } from '../world/types.ts';
import type { Mutation } from './mutation.ts';

/** Writes one kind of action into the world. `rest` is the index without the kind. */
type Settler = (world: World, rest: readonly string[], value: proto.ISyncActionValue) => void;

function forChat(change: (chat: Chat, value: proto.ISyncActionValue) => void): Settler {
  return (world, [jid = ''], value) => {
    const chat = world.chat(jid);
    if (chat) change(chat, value);
  };
}

const settlers: Readonly<Record<string, Settler>> = {
  pin_v1: forChat((chat, { pinAction, timestamp }) => {
    chat.pinnedAt = pinAction?.pinned ? Number(timestamp ?? 1) : 0;
  }),
  archive: forChat((chat, { archiveChatAction }) => {
    chat.archived = archiveChatAction?.archived ?? false;
  }),
  mute: forChat((chat, { muteAction }) => {
    chat.mutedUntil = muteAction?.muted ? Number(muteAction.muteEndTimestamp ?? -1) : 0;
  }),
  markChatAsRead: forChat((chat, { markChatAsReadAction }) => {
    chat.markedUnread = !(markChatAsReadAction?.read ?? true);
    if (!chat.markedUnread) chat.unread = 0;
  }),
  star: (world, [jid = '', id = ''], { starAction }) => {
    const chat = world.chat(jid);
    if (chat) world.amend(chat.jid, id, { starred: starAction?.starred ?? false });
  },
  contact: (world, [jid = ''], { contactAction }) => {
    const person = world.person(jid);
    if (person && contactAction?.fullName) person.name = contactAction.fullName;
  },
  lid_contact: (world, [jid = ''], { lidContactAction }) => {
    const person = world.person(jid);
    if (person && lidContactAction?.fullName) person.name = lidContactAction.fullName;
  },
  setting_pushName: (world, _rest, { pushNameSetting }) => {
    if (pushNameSetting?.name) world.owner.pushName = pushNameSetting.name;
  },
};

/** Makes the owner's phone show what a companion has done. False for kinds of action that show nowhere in a world. */
export function settleMutation(world: World, { operation, index: [kind = '', ...rest], value }: Mutation): boolean {
  const settler = settlers[kind];
  if (!settler) return false;
  settler(world, rest, operation === 'set' ? value : {});
  return true;
}
