import { GROUP_SERVER_JID, Jid } from '../wire/jid.ts';
import { attr, child, children, descend, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Handset } from './handset.ts';
import { addressOf } from './address.ts';
import { ask } from './request.ts';

/** How a new group is to be. */
export interface GroupOptions {
  /** A community, whose announcement group the server makes too. */
  readonly community?: boolean;
  /** The community it belongs to. */
  readonly parent?: string;
  readonly description?: string;
}

/** What became of each person: the code of a refusal (403, 404, 408, 409), or undefined. */
export type Outcomes = ReadonlyMap<string, number | undefined>;

/** What a setting of a group is changed to. */
export type GroupSetting =
  | { readonly subject: string }
  | { readonly description: string }
  | { readonly announce: boolean }
  | { readonly locked: boolean }
  | { readonly ephemeral: number }
  | { readonly memberAddMode: 'admin_add' | 'all_member_add' }
  | { readonly joinApproval: boolean };

/** What a person does to groups on their phone. Everything throws RequestRefused where the server says no. */
export class PhoneGroups {
  private readonly handset: Handset;

  constructor(handset: Handset) {
    this.handset = handset;
  }

  /** Makes a group and returns its JID. */
  create(subject: string, people: readonly string[], { community, parent, description }: GroupOptions = {}): string {
    const parts = [
      ...participants(people),
      ...(community === true ? [node('parent', { default_membership_approval_mode: 'request_required' })] : []),
      ...(parent === undefined ? [] : [node('linked_parent', { jid: Jid.parse(parent) })]),
      ...(description === undefined ? [] : [node('description', { id: this.handset.newMessageId() }, [node('body', {}, description)])]),
    ];
    const reply = this.set(undefined, node('create', { subject }, parts));
    return `${attr(child(reply, 'group'), 'id') ?? ''}@g.us`;
  }

  change(group: string, action: 'add' | 'remove' | 'promote' | 'demote', people: readonly string[]): Outcomes {
    const reply = this.set(group, node(action, {}, participants(people)));
    return outcomes(people, child(reply, action));
  }

  configure(group: string, setting: GroupSetting): void {
    this.set(group, settingNode(setting, this.handset.newMessageId()));
  }

  leave(group: string): void {
    this.set(undefined, node('leave', {}, [node('group', { id: Jid.parse(group) })]));
  }

  link(community: string, group: string): void {
    const content = [node('link', { link_type: 'sub_group' }, [node('group', { jid: Jid.parse(group) })])];
    this.set(community, node('links', {}, content));
  }

  unlink(community: string, group: string): void {
    this.set(community, node('unlink', { unlink_type: 'sub_group' }, [node('group', { jid: Jid.parse(group) })]));
  }

  /** The code of the invite link. */
  inviteCode(group: string): string {
    return attr(child(this.get(group, node('invite')), 'invite'), 'code') ?? '';
  }

  /** Makes a new invite link; the old one is void. */
  revokeLink(group: string): string {
    return attr(child(this.set(group, node('invite')), 'invite'), 'code') ?? '';
  }

  /** Follows an invite link: in at once, or asks the admins. */
  join(code: string): 'joined' | 'requested' {
    const reply = this.set(undefined, node('invite', { code }));
    return child(reply, 'membership_approval_request') === undefined ? 'joined' : 'requested';
  }

  /** JIDs of those who wait to be let in. */
  requests(group: string): string[] {
    const reply = this.get(group, node('membership_approval_requests'));
    return children(child(reply, 'membership_approval_requests')).map((entry) => String(jidAttr(entry, 'jid')));
  }

  decide(group: string, verdict: 'approve' | 'reject', people: readonly string[]): Outcomes {
    const action = node('membership_requests_action', {}, [node(verdict, {}, participants(people))]);
    return outcomes(people, descend(this.set(group, action), 'membership_requests_action', verdict));
  }

  private get(group: string, content: BinaryNode): BinaryNode {
    return ask(this.handset, { xmlns: 'w:g2', type: 'get', to: Jid.parse(group) }, content);
  }

  private set(group: string | undefined, content: BinaryNode): BinaryNode {
    return ask(this.handset, { xmlns: 'w:g2', type: 'set', to: group === undefined ? GROUP_SERVER_JID : Jid.parse(group) }, content);
  }
}

function participants(people: readonly string[]): BinaryNode[] {
  return people.map((person) => node('participant', { jid: addressOf(person) }));
}

function outcomes(people: readonly string[], answer: BinaryNode | undefined): Outcomes {
  const entries = children(answer, 'participant');
  return new Map(people.map((person, index) => [person, codeOf(entries[index])]));
}

function codeOf(entry: BinaryNode | undefined): number | undefined {
  const error = attr(entry, 'error');
  return error === undefined ? undefined : Number(error);
}

function settingNode(setting: GroupSetting, id: string): BinaryNode {
  if ('subject' in setting) return node('subject', {}, setting.subject);
  if ('description' in setting) return node('description', { id }, [node('body', {}, setting.description)]);
  if ('announce' in setting) return node(setting.announce ? 'announcement' : 'not_announcement');
  if ('locked' in setting) return node(setting.locked ? 'locked' : 'unlocked');
  if ('ephemeral' in setting) return setting.ephemeral === 0 ? node('not_ephemeral') : node('ephemeral', { expiration: setting.ephemeral });
  if ('memberAddMode' in setting) return node('member_add_mode', {}, setting.memberAddMode);
  return node('membership_approval_mode', {}, [node('group_join', { state: setting.joinApproval ? 'on' : 'off' })]);
}
