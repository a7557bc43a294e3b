/** What each operation changes, whom it reaches, and how a person is asked about it. Policy derives from these rows. */
import type { Input, OperationName } from '@whatsapp-mcp/contract';
import type { Effect } from '../tool.ts';

/**
 * - `none`: nobody is asked
 * - `send`: asked when it goes to somebody new or to a group
 * - `risky`: asked always, unless confirmation is off
 */
export type Risk = 'none' | 'send' | 'risky';

export interface Rule<Name extends OperationName> {
  readonly effect: Effect | ((input: Input<Name>) => Effect);
  /** Chats and people whose content is read or changed on this account only: must be visible. */
  readonly reads?: (input: Input<Name>) => readonly string[];
  /** Chats and people that get something: must be allowed recipients. */
  readonly reaches?: (input: Input<Name>) => readonly string[];
  readonly risk: Risk;
  /** Completes "Allow the assistant to …?"; `name` gives the display name of a JID. */
  readonly describe?: (input: Input<Name>, name: (jid: string) => string) => string;
  /** Counts against the limits of sends. */
  readonly paced?: true;
}

export type Rules = { readonly [Name in OperationName]: Rule<Name> };

const reading = { effect: 'reads', risk: 'none' } as const;
const local = { effect: 'local', risk: 'none' } as const;

const excerpt = (text: string): string => (text.length > 500 ? `${text.slice(0, 500)}…` : text);
const list = (jids: readonly string[], name: (jid: string) => string): string => jids.map(name).join(', ');

const send = { effect: 'destroys', reaches: (input: { readonly to: string }) => [input.to], paced: true } as const;
const onMessage = { reaches: (input: { readonly key: { readonly chat: string } }) => [input.key.chat], paced: true } as const;
const onChat = { effect: 'writes', risk: 'none', reads: (input: { readonly chat: string }) => [input.chat] } as const;
const ofGroup = (input: { readonly jid?: string | undefined }): readonly string[] => (input.jid === undefined ? [] : [input.jid]);

export const rules: Rules = {
  'session.status': reading,
  'session.devices': reading,
  'session.pair_qr': local,
  'session.pair_code': local,
  'session.passkey_response': local,
  'session.logout': { effect: 'destroys', risk: 'risky', describe: () => 'unlink this device from your WhatsApp account' },

  'message.send_text': { ...send, risk: 'send', describe: (input, name) => `send to ${name(input.to)}: "${excerpt(input.text)}"` },
  'message.send_media': { ...send, risk: 'risky', describe: (input, name) => `send the ${input.kind} ${input.path} to ${name(input.to)}${input.caption ? ` with the caption "${excerpt(input.caption)}"` : ''}` },
  'message.send_location': { ...send, risk: 'send', describe: (input, name) => `send the place ${input.latitude}, ${input.longitude} to ${name(input.to)}` },
  'message.send_contact': { ...send, risk: 'send', describe: (input, name) => `send the contact card of ${input.display_name} to ${name(input.to)}` },
  'message.send_poll': { ...send, risk: 'send', describe: (input, name) => `send to ${name(input.to)} the poll "${excerpt(input.question)}" (${input.options.join(' / ')})` },
  'message.forward': { ...send, risk: 'risky', describe: (input, name) => `forward a message to ${name(input.to)}` },
  'message.react': { effect: 'writes', risk: 'none', ...onMessage },
  'message.edit': { effect: 'destroys', risk: 'none', ...onMessage },
  'message.revoke': { effect: 'destroys', risk: 'risky', ...onMessage, describe: (input, name) => `delete a message for everyone in ${name(input.key.chat)}` },
  'message.delete_for_me': { effect: 'destroys', risk: 'risky', reads: (input) => [input.key.chat], describe: (input, name) => `delete a message in ${name(input.key.chat)} on your own devices` },
  'media.download': { ...local, reads: (input) => [input.key.chat] },

  'chat.archive': onChat,
  'chat.pin': onChat,
  'chat.mute': onChat,
  'chat.mark_read': onChat,

  'contact.info': reading,
  'contact.check': reading,
  'contact.picture': reading,
  'contact.block': { effect: (input) => (input.blocked ? 'destroys' : 'writes'), risk: 'risky', describe: (input, name) => `${input.blocked ? 'block' : 'unblock'} ${name(input.jid)}` },
  'contact.blocklist': reading,
  'profile.set_picture': { effect: 'destroys', risk: 'risky', describe: (input) => `set your profile picture to ${input.path}` },
  'profile.set_about': { effect: 'destroys', risk: 'risky', describe: (input) => `set your about text to "${input.text}"` },

  'group.info': { ...reading, reads: ofGroup },
  'group.create': { effect: 'destroys', risk: 'risky', reaches: (input) => input.participants, paced: true, describe: (input, name) => `create the group "${input.name}" with ${list(input.participants, name)}` },
  'group.participants': {
    effect: 'destroys',
    risk: 'risky',
    reaches: (input) => (input.action === 'add' ? [input.jid, ...input.participants] : [input.jid]),
    paced: true,
    describe: (input, name) => `${input.action} ${list(input.participants, name)} in the group ${name(input.jid)}`,
  },
  'group.settings': { effect: 'destroys', risk: 'risky', reaches: ofGroup, describe: (input, name) => `change ${Object.keys(input).filter((key) => key !== 'jid').join(', ')} of the group ${name(input.jid)}` },
  'group.invite_link': {
    effect: (input) => (input.revoke === true ? 'destroys' : 'reads'),
    risk: 'none',
    reads: ofGroup,
  },
  'group.join_requests': { ...reading, reads: ofGroup },
  'group.review_requests': { effect: 'destroys', risk: 'risky', reaches: ofGroup, describe: (input, name) => `${input.action} the requests of ${list(input.participants, name)} to join ${name(input.jid)}` },
  'group.join': { effect: 'destroys', risk: 'risky', describe: () => 'join a group by its invite link' },
  'group.leave': { effect: 'destroys', risk: 'risky', reads: ofGroup, describe: (input, name) => `leave the group ${name(input.jid)}` },
  'community.list': reading,
  'community.groups': { ...reading, reads: ofGroup },

  'privacy.get': reading,
  'privacy.set': { effect: 'destroys', risk: 'risky', describe: (input) => `change the privacy setting "${input.name}" to "${input.value}"` },
  'business.profile': reading,
  'business.catalog': reading,
  'business.product': reading,
  'newsletter.list': reading,
  'newsletter.info': reading,
  'newsletter.follow': { effect: (input) => (input.following ? 'writes' : 'destroys'), risk: 'none' },
  'newsletter.create': { effect: 'writes', risk: 'risky', describe: (input) => `create the channel "${input.name}"` },
  'newsletter.react': { effect: 'writes', risk: 'none', reaches: (input) => [input.jid] },

  'history.request': { ...local, reads: (input) => [input.chat] },
  'history.page': local,
  'history.acknowledge': local,
  'history.clear': local,
};

/** The row of an operation, with its input type kept. */
export function ruleOf<Name extends OperationName>(operation: Name): Rule<Name> {
  return rules[operation];
}

export function effectOf<Name extends OperationName>(operation: Name, input: Input<Name>): Effect {
  const { effect } = ruleOf(operation);
  return typeof effect === 'function' ? effect(input) : effect;
}
