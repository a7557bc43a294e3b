import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { attr, child, children, textOf } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Stub, World, WorldMessage } from '../world/types.ts';

const { StubType } = proto.WebMessageInfo;
const NO_SECRET = new Uint8Array(32);

/** What a notification becomes in the chat: the line a phone shows for it. Others leave no line. */
const STUBS: Readonly<Record<string, (change: BinaryNode) => Stub>> = {
  create: (change) => ({ type: StubType.GROUP_CREATE, parameters: [attr(child(change, 'group'), 'subject') ?? ''] }),
  add: (change) => ({ type: StubType.GROUP_PARTICIPANT_ADD, parameters: peopleIn(change) }),
  remove: (change) => ({ type: StubType.GROUP_PARTICIPANT_REMOVE, parameters: peopleIn(change) }),
  promote: (change) => ({ type: StubType.GROUP_PARTICIPANT_PROMOTE, parameters: peopleIn(change) }),
  demote: (change) => ({ type: StubType.GROUP_PARTICIPANT_DEMOTE, parameters: peopleIn(change) }),
  subject: (change) => ({ type: StubType.GROUP_CHANGE_SUBJECT, parameters: [attr(change, 'subject') ?? ''] }),
  description: (change) => ({ type: StubType.GROUP_CHANGE_DESCRIPTION, parameters: [textOf(child(change, 'body'))] }),
  announcement: () => ({ type: StubType.GROUP_CHANGE_ANNOUNCE, parameters: ['on'] }),
  not_announcement: () => ({ type: StubType.GROUP_CHANGE_ANNOUNCE, parameters: ['off'] }),
  locked: () => ({ type: StubType.GROUP_CHANGE_RESTRICT, parameters: ['on'] }),
  unlocked: () => ({ type: StubType.GROUP_CHANGE_RESTRICT, parameters: ['off'] }),
  invite: (change) => ({ type: StubType.GROUP_CHANGE_INVITE_LINK, parameters: [attr(change, 'code') ?? ''] }),
  ephemeral: (change) => ({ type: StubType.CHANGE_EPHEMERAL_SETTING, parameters: [attr(change, 'expiration') ?? ''] }),
  not_ephemeral: () => ({ type: StubType.CHANGE_EPHEMERAL_SETTING, parameters: ['0'] }),
  member_add_mode: (change) => ({ type: StubType.GROUP_MEMBER_ADD_MODE, parameters: [textOf(change)] }),
  membership_approval_mode: (change) => ({ type: StubType.GROUP_MEMBERSHIP_JOIN_APPROVAL_MODE, parameters: [attr(child(change), 'state') ?? ''] }),
};

const peopleIn = (change: BinaryNode): string[] => children(change, 'participant').map((participant) => attr(participant, 'jid') ?? '');

/** One change of a group, and the notification that told of it. */
export interface GroupEvent {
  readonly id: string;
  readonly group: string;
  /** Person id of who did it, and the address the group knows them by. */
  readonly actor: string;
  readonly address: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly change: BinaryNode;
}

/** Writes a change into the owner's chat of the group, so that history carries it to devices that are linked later. */
export function chronicleChange(world: World, event: GroupEvent): void {
  const made = STUBS[event.change.tag]?.(event.change);
  if (made === undefined || !world.chats.has(event.group)) return;
  const left = made.type === StubType.GROUP_PARTICIPANT_REMOVE && made.parameters.length === 1 && made.parameters[0] === event.address;
  const stub = left ? { ...made, type: StubType.GROUP_PARTICIPANT_LEAVE } : made;
  const message: WorldMessage = {
    id: event.id,
    chat: event.group,
    sender: event.actor,
    fromMe: event.actor === world.owner.id,
    timestamp: event.at,
    kind: 'system',
    text: '',
    content: undefined,
    secret: NO_SECRET,
    edits: [],
    editForm: 'inline',
    reactions: [],
    votes: [],
    revoked: undefined,
    starred: false,
    stub,
    replyTo: undefined,
    viewOnce: false,
    ephemeral: 0,
    serverId: undefined,
  };
  world.record(message);
}
