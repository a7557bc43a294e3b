import { Jid } from '../wire/jid.ts';
import { attr, child, jidAttr, node } from '../wire/node.ts';
import type { PrivacyCategory } from '../world-state/privacy.ts';
import { addressOf } from './address.ts';
import type { Handset } from './handset.ts';
import { ask } from './request.ts';

/** What a person sets about themselves on their phone. Everything throws RequestRefused where the server says no. */
export class PhoneProfile {
  private readonly handset: Handset;

  constructor(handset: Handset) {
    this.handset = handset;
  }

  /** The text beside the name. */
  setAbout(text: string): void {
    ask(this.handset, { xmlns: 'status', type: 'set' }, node('status', {}, text));
  }

  /** Sets the own picture, or that of a group; undefined removes it. Returns the id of the new one. */
  setPicture(jpeg: Uint8Array | undefined, group?: string): string | undefined {
    const target = group === undefined ? {} : { target: Jid.parse(group) };
    const picture = jpeg === undefined ? undefined : node('picture', { type: 'image' }, jpeg);
    return attr(child(ask(this.handset, { xmlns: 'w:profile:picture', type: 'set', ...target }, picture), 'picture'), 'id');
  }

  setPrivacy(category: PrivacyCategory, value: string): void {
    const change = node('privacy', {}, [node('category', { name: category, value })]);
    ask(this.handset, { xmlns: 'privacy', type: 'set' }, change);
  }

  block(person: string): void {
    this.setBlocked(person, 'block');
  }

  unblock(person: string): void {
    this.setBlocked(person, 'unblock');
  }

  /** LID JIDs of whom this person has blocked. */
  blocked(): string[] {
    const { state, directory } = this.handset.exchange;
    return state.accounts.blocklist(this.handset.account.person).map((id) => directory.accountOf(id).lid.toString());
  }

  /** Opens or closes WhatsApp: who watches this person sees them come and go. */
  setPresence(type: 'available' | 'unavailable'): void {
    this.handset.submit(node('presence', { type, name: this.handset.account.person.pushName }));
  }

  /** Shows "typing…", "recording…", or that it is over, in a chat. */
  setTyping(chat: string, state: 'composing' | 'recording' | 'paused'): void {
    const shown = state === 'recording' ? node('composing', { media: 'audio' }) : node(state);
    this.handset.submit(node('chatstate', { to: addressOf(chat) }, [shown]));
  }

  private setBlocked(person: string, action: 'block' | 'unblock'): void {
    const account = this.handset.exchange.directory.account(addressOf(person));
    if (account === undefined) throw new RangeError(`"${person}" is nobody in this world`);
    ask(this.handset, { xmlns: 'blocklist', type: 'set' }, node('item', { action, jid: account.lid, pn_jid: account.pn }));
  }
}

/** Calls that a person makes from their phone; nobody hears anything, but it rings. */
export class PhoneCalls {
  private readonly handset: Handset;

  constructor(handset: Handset) {
    this.handset = handset;
  }

  /** Rings at the devices of somebody; returns the id of the call. */
  start(to: string, { video = false }: { video?: boolean } = {}): string {
    const id = this.handset.newMessageId();
    const media = [node('audio', { enc: 'opus', rate: 16_000 }), ...(video ? [node('video', { enc: 'vp8' })] : [])];
    this.signal(to, id, 'offer', { attrs: { caller_pn: this.handset.account.pn }, content: media });
    return id;
  }

  /** Stops ringing, or hangs up. */
  end(to: string, id: string, reason = 'timeout'): void {
    this.signal(to, id, 'terminate', { attrs: { reason } });
  }

  private signal(to: string, id: string, tag: string, { attrs, content }: { attrs: Readonly<Record<string, Jid | string>>; content?: readonly ReturnType<typeof node>[] }): void {
    const { account } = this.handset;
    const signal = node(tag, { 'call-id': id, 'call-creator': account.lid, ...attrs }, content);
    const ack = this.handset.submit(node('call', { id: this.handset.newMessageId(), to: addressOf(to) }, [signal]));
    if (attr(ack, 'error') !== undefined) throw new RangeError(`nobody to call at ${String(jidAttr(ack, 'from'))}`);
  }
}
