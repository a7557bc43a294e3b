import { Failure } from '@whatsapp-mcp/contract';
import type { Output } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { nameOf, resolveGroup } from '../recipient.ts';
import { shown } from '../store/display-text.ts';
import { fold } from '../store/fold.ts';
import { tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { limit, reference } from './arguments.ts';
import { markRead } from './chat-actions.ts';

const communities = { toolset: 'communities' } as const;

export const listCommunities = tool({
  ...communities,
  name: 'list_communities',
  title: 'Your communities',
  description: 'Lists the communities you are in.',
  effect: 'reads',
  route: 'community.list',
  input: z.strictObject({ query: z.string().max(200).optional(), limit: limit(200) }),
  examples: [{}, { query: 'school' }],
  run: async ({ query = '', limit: most = 50 }, context) => {
    const answer = await context.ask('community.list', {});
    const visible = context.policy.visibleChats();
    const seen = answer.communities.filter(({ jid, name }) => (visible?.has(jid) ?? true) && fold(name).includes(fold(query)));
    const rows = seen.slice(0, most).map(({ jid, name, description, size, owner }) => ({ jid, name: shown(name), description, size, owner }));
    return withNotice({ total: seen.length, communities: rows });
  },
});

export const getCommunityGroups = tool({
  ...communities,
  name: 'get_community_groups',
  title: 'Groups of a community',
  description: 'Lists the groups of a community.',
  effect: 'reads',
  route: 'community.groups',
  input: z.strictObject({ community_jid: reference }),
  examples: [{ community_jid: '1203@g.us' }],
  run: async ({ community_jid }, context) => {
    const jid = resolveGroup(context, community_jid);
    const { groups } = await context.ask('community.groups', { jid });
    return withNotice({ community_jid: jid, groups: groups.map((group) => ({ ...group, name: shown(group.name) })) });
  },
});

export const markCommunityAsRead = tool({
  ...communities,
  name: 'mark_community_as_read',
  title: 'Mark a community read',
  description: 'Marks every group of a community that you are in as read.',
  effect: 'writes',
  route: 'community.groups',
  operations: ['community.groups', 'chat.mark_read'],
  input: z.strictObject({ community_jid: reference }),
  examples: [{ community_jid: '1203@g.us' }],
  run: async ({ community_jid }, context) => {
    const jid = resolveGroup(context, community_jid);
    const groups = await joinedGroups(context, jid);
    const results: MarkedGroup[] = [];
    for (const [index, group] of groups.entries()) {
      results.push(await markGroup(context, group));
      context.progress({ done: index + 1, total: groups.length, message: `Marked ${index + 1} of ${groups.length} groups` });
    }
    return withNotice({ ...summaryOf(results), community_jid: jid, community_name: nameOf(context, jid), groups: results });
  },
});

export interface CommunityGroup {
  readonly jid: string;
  readonly name: string;
}

/** The groups of a community in which this account is; those it may only look at have nothing to read. */
export async function joinedGroups(context: Context, community: string): Promise<CommunityGroup[]> {
  const { groups }: Output<'community.groups'> = await context.ask('community.groups', { jid: community });
  return groups.filter(({ joined }) => joined !== false).map(({ jid, name }) => ({ jid, name: shown(name) }));
}

export interface MarkedGroup extends CommunityGroup {
  readonly marked: boolean;
  readonly receipts?: number;
  readonly problem?: string;
}

/** One group that fails does not stop the others; cancelling does. */
export async function markGroup(context: Context, group: CommunityGroup): Promise<MarkedGroup> {
  try {
    return { ...group, marked: true, receipts: await markRead(context, group.jid, undefined) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'cancelled') throw error;
    return { ...group, marked: false, problem: `${error.code}: ${error.message}` };
  }
}

export function summaryOf(results: readonly MarkedGroup[]): JsonObject {
  const marked = results.filter((group) => group.marked).length;
  return { success: marked === results.length, marked_groups: marked, failed_groups: results.length - marked };
}
