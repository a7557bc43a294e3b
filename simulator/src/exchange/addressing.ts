import { lidJid, pnJid } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import type { Addressing, World } from '../world/types.ts';
import type { Account } from './account.ts';
import type { Device } from './device.ts';

/** A person as one viewer sees them: the address used, and the other one where it is told. */
export interface Seen {
  readonly jid: Jid;
  /** Undefined where WhatsApp does not tell this viewer the number. */
  readonly other: Jid | undefined;
  readonly mode: Addressing;
}

/** How messages between two accounts are addressed: with the owner as the chat is filed, else by LID. */
export function directMode(world: World, one: Account, two: Account): Addressing {
  const { owner } = world;
  if (one.person !== owner && two.person !== owner) return 'lid';
  const peer = one.person === owner ? two.person : one.person;
  // The first message opens the chat, so that the addressing does not change with the second.
  return world.openChat(peer.id).addressing === 'pn' ? 'pn' : 'lid';
}

/** The address of an account's device for somebody who sees it in this mode. */
export function seenAs(account: Pick<Account, 'person'>, mode: Addressing, device = 0): Seen {
  const { pn, lid, mapping } = account.person;
  if (mode === 'pn') return { mode, jid: pnJid(pn, device), other: lidJid(lid, device) };
  return { mode, jid: lidJid(lid, device), other: mapping === 'never' ? undefined : pnJid(pn, device) };
}

/** The attributes of `<message>` that say who sent it, in a chat of two. */
export function directSender(world: World, sender: Device, recipient: Account) {
  const seen = seenAs(sender.account, directMode(world, sender.account, recipient), sender.id);
  const other = seen.mode === 'pn' ? { sender_lid: seen.other } : { sender_pn: seen.other };
  return { from: seen.jid, addressing_mode: seen.mode, ...other };
}

/** The attributes of the copy that a sender's own other devices get. */
export function ownCopy(world: World, sender: Device, chat: Account) {
  const mode = directMode(world, sender.account, chat);
  const peer = seenAs(chat, mode);
  const other = mode === 'pn' ? { peer_recipient_lid: peer.other } : { peer_recipient_pn: peer.other };
  return { from: seenAs(sender.account, mode, sender.id).jid, recipient: peer.jid, addressing_mode: mode, ...other };
}

/** The attributes that say who of a group it was. */
export function groupSender(sender: Device, mode: Addressing) {
  const seen = seenAs(sender.account, mode, sender.id);
  const other = mode === 'pn' ? { participant_lid: seen.other } : { participant_pn: seen.other };
  return { participant: seen.jid, addressing_mode: mode, ...other };
}
