import type { Account } from '../exchange/account.ts';
import { seconds } from '../exchange/clock.ts';
import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { notify } from '../exchange/notify.ts';
import { node } from '../wire/node.ts';
import type { NewChatCap, ReachoutTimelock } from '../world-state/restrictions.ts';

/** What an account may not do, from the side of WhatsApp: a test, or another process, holds it against somebody. */
export class Restrictions {
  private readonly exchange: Exchange;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Lets an account write to its present chats only, or lifts that; its linked devices are told. */
  setTimelock(account: Account, timelock: ReachoutTimelock | undefined): void {
    this.exchange.state.restrictions.setTimelock(account.person, timelock);
    const data = { xwa2_notify_account_reachout_timelock: timelockJson(this.exchange, account) };
    this.tell(account, 'NotificationUserReachoutTimelockUpdate', data);
  }

  /** Sets how many new chats an account may start; its linked devices are told. */
  setNewChatCap(account: Account, cap: NewChatCap | undefined): void {
    this.exchange.state.restrictions.setCap(account.person, cap);
    const data = { xwa2_notify_new_chat_messages_capping_info_update: capJson(this.exchange, account) };
    this.tell(account, 'MessageCappingInfoNotification', data);
  }

  private tell(account: Account, operation: string, data: object): void {
    const content = [node('update', { op_name: operation }, JSON.stringify({ data }))];
    for (const device of account.companions) notify(this.exchange, device, { type: 'mex', content });
  }
}

/** As both clients read it (Baileys Socket/socket.js: fetchAccountReachoutTimelock, whatsmeow types/events/events.go). */
export function timelockJson({ state, clock }: Exchange, { person }: Account): object {
  const timelock = state.restrictions.timelock(person, seconds(clock));
  if (timelock === undefined) return { is_active: false, enforcement_type: 'DEFAULT' };
  return { is_active: true, time_enforcement_ends: String(timelock.endsAt), enforcement_type: timelock.type };
}

/** Baileys Types/State.d.ts: NewChatMessageCapInfo. */
export function capJson({ state }: Exchange, { person }: Account): object {
  const cap = state.restrictions.cap(person);
  if (cap === undefined) return { capping_status: 'NONE', ote_status: 'NOT_ELIGIBLE', mv_status: 'NOT_ELIGIBLE' };
  return { capping_status: cap.status, total_quota: cap.total, used_quota: cap.used, ote_status: 'NOT_ELIGIBLE', mv_status: 'NOT_ELIGIBLE' };
}

/** Whether a message would start a chat that the sender may not start (`<ack error=463>`). Only the owner's chats are known. */
export function mayNotReachOut({ state, world, clock }: Exchange, sender: Device, recipient: Account): boolean {
  if (sender.account.person !== world.owner || recipient === sender.account) return false;
  const timelock = state.restrictions.timelock(sender.account.person, seconds(clock));
  if (timelock === undefined || (timelock.type === 'WEB_COMPANION_ONLY' && sender.id === 0)) return false;
  const chat = world.chat(recipient.pn.toString());
  return chat === undefined || world.messagesOf(chat).length === 0;
}
