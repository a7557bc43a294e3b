import * as z from 'zod';
import type { GroupSetting } from '../phone/groups.ts';
import type { Simulator } from '../simulator.ts';
import type { Group } from '../world/types.ts';
import { account, method, phoneOf } from './method.ts';
import type { Method } from './method.ts';

const MAX_PEOPLE = 1_024;
const group = z.string().describe('JID of a group or community');
const people = z.array(z.string()).max(MAX_PEOPLE);

function groupOf({ world }: Simulator, jid: string): Group {
  const found = world.groups.get(jid);
  if (found === undefined) throw new RangeError(`there is no group "${jid}" in this world: expected the JID of one`);
  return found;
}

/** The fields of `configure_group`, each as the setting it stands for. */
const SETTINGS = {
  subject: z.string().max(100),
  description: z.string().max(2_048),
  announce: z.boolean(),
  locked: z.boolean(),
  ephemeral: z.int().min(0),
  member_add_mode: z.enum(['admin_add', 'all_member_add']),
  join_approval: z.boolean(),
};
const settingNames: Readonly<Record<string, string>> = { member_add_mode: 'memberAddMode', join_approval: 'joinApproval' };

/** Groups and communities, as people run them on their phones. */
export const groupMethods: Readonly<Record<string, Method>> = {
  groups: method({
    about: 'All groups and communities: JID, subject, kind, parent and number of members.',
    input: z.strictObject({}),
    run: ({ world }) => [...world.groups.values()].map(({ jid, subject, kind, parent, members }) => ({ jid, subject, kind, parent, members: members.length })),
  }),
  group: method({
    about: 'A group with its members, settings, invite code, and who waits to be let in.',
    input: z.strictObject({ group }),
    run: (simulator, input) => {
      const found = groupOf(simulator, input.group);
      return { ...found, requests: simulator.state.groups.requestsFor(found) };
    },
  }),
  create_group: method({
    about: 'Lets somebody make a group, a community, or a group in a community; answers its JID.',
    input: z.strictObject({
      account,
      subject: z.string().max(100),
      people,
      community: z.boolean().default(false),
      parent: z.string().optional(),
      description: z.string().max(2_048).optional(),
    }),
    run: (simulator, { account: who, subject, people: members, community, parent, description }) => {
      const options = { community, ...(parent === undefined ? {} : { parent }), ...(description === undefined ? {} : { description }) };
      return { jid: phoneOf(simulator, who).groups.create(subject, members, options) };
    },
  }),
  change_group_members: method({
    about: 'Lets somebody add, remove, promote or demote people; answers the code of each refusal, null where there was none.',
    input: z.strictObject({ account, group, action: z.enum(['add', 'remove', 'promote', 'demote']), people }),
    run: (simulator, input) => outcomes(phoneOf(simulator, input.account).groups.change(input.group, input.action, input.people)),
  }),
  configure_group: method({
    about: 'Lets somebody change the settings that are given.',
    input: z.strictObject({ account, group, ...SETTINGS }).partial({ subject: true, description: true, announce: true, locked: true, ephemeral: true, member_add_mode: true, join_approval: true }),
    run: (simulator, { account: who, group: jid, ...settings }) => {
      const { groups } = phoneOf(simulator, who);
      for (const [name, value] of Object.entries(settings)) groups.configure(jid, { [settingNames[name] ?? name]: value } as GroupSetting);
    },
  }),
  leave_group: method({
    about: 'Lets somebody leave a group or a community.',
    input: z.strictObject({ account, group }),
    run: (simulator, input) => phoneOf(simulator, input.account).groups.leave(input.group),
  }),
  group_link: method({
    about: 'The code of the invite link as an admin sees it; `renew` makes a new one.',
    input: z.strictObject({ account, group, renew: z.boolean().default(false) }),
    run: (simulator, { account: who, group: jid, renew }) => {
      const { groups } = phoneOf(simulator, who);
      return { code: renew ? groups.revokeLink(jid) : groups.inviteCode(jid) };
    },
  }),
  join_group: method({
    about: 'Lets somebody follow an invite link; answers joined or requested.',
    input: z.strictObject({ account, code: z.string().max(64) }),
    run: (simulator, input) => ({ outcome: phoneOf(simulator, input.account).groups.join(input.code) }),
  }),
  decide_join_requests: method({
    about: 'Lets an admin approve or reject people who wait to be let in.',
    input: z.strictObject({ account, group, verdict: z.enum(['approve', 'reject']), people }),
    run: (simulator, input) => outcomes(phoneOf(simulator, input.account).groups.decide(input.group, input.verdict, input.people)),
  }),
  link_group: method({
    about: 'Lets an admin put a group into a community, or take it out.',
    input: z.strictObject({ account, community: z.string(), group, linked: z.boolean().default(true) }),
    run: (simulator, { account: who, community, group: jid, linked }) => {
      const { groups } = phoneOf(simulator, who);
      if (linked) groups.link(community, jid);
      else groups.unlink(community, jid);
    },
  }),
};

function outcomes(of: ReadonlyMap<string, number | undefined>): Record<string, number | null> {
  return Object.fromEntries([...of].map(([person, code]) => [person, code ?? null]));
}
