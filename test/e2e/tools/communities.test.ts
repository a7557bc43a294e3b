/** Toolset communities: their groups, and marking all of them read with the history that is missing. */
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage({ history: true });

const SCHOOL = 'Lakeside Primary';
const ROAD = 'Mill Road residents';

const community = (subject: string): string => [...stage.world.groups.values()].find((group) => group.subject === subject && group.kind === 'community')!.jid;
const groupsOf = (jid: string): string[] => [...stage.world.groups.values()].filter(({ parent }) => parent === jid).map((group) => group.jid);
const unreadOf = (jid: string): number => stage.system.query<{ n: number }>('SELECT unread_count AS n FROM chats WHERE jid = ?', jid)[0]?.n ?? 0;

interface Marked {
  readonly groups: readonly { readonly jid: string; readonly marked: boolean; readonly stored_messages?: number }[];
}

/** A new message of a member in a group, unread. */
async function newMessageIn(subject: string): Promise<{ jid: string; id: string; sender: string }> {
  const jid = stage.group(subject);
  const member = stage.world.groups.get(jid)!.members.find(({ person }) => person !== stage.world.owner.id)!;
  const id = await stage.receive(stage.sim.phone(member.person), { to: jid, text: `News for ${subject}` });
  return { jid, id, sender: member.person };
}

/** Resolves when the sender's side is told that this message was read. */
const readReceipt = (id: string) => stage.sim.waitFor('receipt', (receipt) => receipt.id === id && receipt.type === 'read', { timeoutMs: 40_000 });

tool('list_communities', 'both of them, and one by its name', async () => {
  interface Listed {
    readonly total: number;
    readonly communities: readonly { readonly jid: string; readonly name: string }[];
  }
  const all = await stage.call<Listed>('list_communities');
  expect(all.communities.map(({ jid }) => jid).toSorted()).toEqual([community(SCHOOL), community(ROAD)].toSorted());
  expect((await stage.call<Listed>('list_communities', { query: 'mill' })).communities).toMatchObject([{ jid: community(ROAD), name: ROAD }]);
});

tool('get_community_groups', 'are those that the server links to it', async () => {
  const { groups } = await stage.call<{ groups: readonly { jid: string }[] }>('get_community_groups', { community_jid: community(SCHOOL) });
  expect(groups.map(({ jid }) => jid).toSorted()).toEqual(groupsOf(community(SCHOOL)).toSorted());
});

tool('mark_community_as_read', 'every group is read, the senders hear of it', async () => {
  const news = await newMessageIn('Bike shed');
  const receipt = readReceipt(news.id);
  const answer = await stage.call<Marked>('mark_community_as_read', { community_jid: community(ROAD) });
  expect(answer).toMatchObject({ success: true, failed_groups: 0 });
  expect(answer.groups.map(({ jid }) => jid).toSorted()).toEqual(groupsOf(community(ROAD)).toSorted());
  await receipt;
  await stage.eventually('no unread message', () => (groupsOf(community(ROAD)).every((jid) => unreadOf(jid) === 0) ? true : undefined), () => groupsOf(community(ROAD)).map(unreadOf));
});

tool('mark_community_as_read_with_history', 'a row for each step and group; every group is read', async () => {
  const news = await newMessageIn('Winter fair');
  const receipt = readReceipt(news.id);
  const answer = await stage.call<Marked & { steps: readonly { step: string; ok: boolean }[] }>('mark_community_as_read_with_history', { community_jid: community(SCHOOL), max_messages_per_group: 20 });
  expect(answer.steps.map(({ step }) => step)).toEqual(['find groups', 'find missing history', 'fetch and merge history', 'mark read']);
  expect(answer.groups.map(({ jid, marked }) => [jid, marked]).toSorted()).toEqual(groupsOf(community(SCHOOL)).map((jid) => [jid, true]).toSorted());
  await receipt;
  await stage.eventually('no unread message', () => (groupsOf(community(SCHOOL)).every((jid) => unreadOf(jid) === 0) ? true : undefined));
  for (const { jid, stored_messages: stored } of answer.groups) {
    expect(stored).toBe(stage.system.query<{ n: number }>('SELECT count(*) AS n FROM messages WHERE chat_jid = ?', jid)[0]?.n);
  }
});
