/** Toolset messages: what tools read is what the phone holds. */
import { readFileSync } from 'node:fs';
import { expectedRows } from '../../harness/truth.ts';
import { sampleOf } from 'wa-sim';
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage({ history: true });

interface Shown {
  readonly id: string;
  readonly text?: string;
  readonly chat_jid: string;
}

interface Listed {
  readonly messages: readonly Shown[];
  readonly next_cursor?: string;
}

const emma = () => stage.phone('Emma');
const chat = () => emma().pn;
/** The phone's messages of Emma's chat, oldest first. */
const truth = () => [...stage.world.truth()].filter((row) => row.chat === chat() && row.kind !== 'system').toSorted((a, b) => a.timestamp - b.timestamp);

tool('list_messages', 'every message of a chat, page after page, as the phone has them', async () => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Listed = await stage.call<Listed>('list_messages', { chat_jid: chat(), limit: 7, ...(cursor !== undefined && { cursor }) });
    ids.push(...page.messages.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  expect(new Set(ids)).toEqual(new Set(truth().map(({ id }) => id)));
  expect(ids).toHaveLength(new Set(ids).size);
});

tool('get_message_context', 'the neighbours are those of the phone', async () => {
  const rows = truth().filter(({ revoked }) => !revoked);
  const index = Math.floor(rows.length / 2);
  const hit = rows[index]!;
  const all = truth().map(({ id }) => id);
  const at = all.indexOf(hit.id);
  interface Around {
    readonly before: readonly Shown[];
    readonly message: Shown;
    readonly after: readonly Shown[];
  }
  const around = await stage.call<Around>('get_message_context', { message_id: hit.id, chat_jid: chat(), before: 2, after: 2 });
  expect(around.message.id).toBe(hit.id);
  expect([...around.before, around.message, ...around.after].map(({ id }) => id)).toEqual(all.slice(at - 2, at + 3));
});

tool('query_synced_messages', 'a live message is found at once, in its script', async () => {
  const id = await stage.receive(emma(), { text: 'Das Schlüsselbund-Rätsel ist gelöst 鑰匙' });
  for (const query of ['schlusselbund', '鑰匙']) {
    const { messages } = await stage.call<Listed>('query_synced_messages', { query });
    expect(messages.map((message) => message.id)).toEqual([id]);
  }
});

tool('get_message_statistics', 'counts what the phone counts', async () => {
  const jid = stage.group('Book club');
  const expected = expectedRows(stage.world).filter((row) => row.chat === jid);
  const counted = await stage.call<{ total: number; groups: readonly { key: string; count: number }[] }>('get_message_statistics', { chat_jid: jid, group_by: 'sender', limit: 50 });
  expect(counted.total).toBe(expected.length);
  const bySender: Record<string, number> = {};
  for (const { sender } of expected) bySender[sender ?? ''] = (bySender[sender ?? ''] ?? 0) + 1;
  expect(Object.fromEntries(counted.groups.map(({ key, count }) => [key, count]))).toEqual(bySender);
});

tool('get_unread_summary', 'a new message raises the count of its chat', async () => {
  interface Summary {
    readonly chats: readonly { readonly jid: string; readonly unread_count?: number; readonly messages?: readonly Shown[] }[];
  }
  const nadia = stage.phone('Coach Reid');
  const id = await stage.receive(nadia, { text: 'Training moves to Thursday' });
  const { chats } = await stage.call<Summary>('get_unread_summary', { limit: 50 });
  const found = chats.find(({ jid }) => jid === nadia.pn);
  expect(found?.messages?.map((message) => message.id)).toEqual([id]);
});

tool('download_media', 'the file on this disk is the file that was sent', async () => {
  const { bytes } = sampleOf('image', 3);
  const path = stage.outgoing('view.jpg', bytes);
  const { message_id: id } = await stage.call<{ message_id: string }>('send_file', { recipient: chat(), media_path: path });
  const { content } = await stage.arrives(emma(), id);
  // The same file comes back from her.
  const theirs = await stage.receive(emma(), { content: { imageMessage: content.imageMessage! } });
  const got = await stage.call<{ path: string; mimetype: string }>('download_media', { message_id: theirs, chat_jid: chat() });
  expect(got).toMatchObject({ success: true, bytes: bytes.length, mimetype: 'image/jpeg' });
  expect(readFileSync(got.path)).toEqual(Buffer.from(bytes));
  expect(got.path.startsWith(stage.system.dataDir)).toBe(true);
});

tool('export_chat', 'the file holds every message of the chat', async () => {
  const jid = stage.group('Flat hunt');
  const expected = expectedRows(stage.world).filter((row) => row.chat === jid);
  const done = await stage.call<{ path: string; messages: number }>('export_chat', { chat_jid: jid, format: 'json' });
  const file = readFileSync(done.path, 'utf8');
  expect(done.messages).toBe(expected.length);
  for (const { id } of expected) expect(file).toContain(id);
  for (const format of ['jsonl', 'txt', 'html']) {
    const other = await stage.call<{ path: string; messages: number }>('export_chat', { chat_jid: jid, format });
    expect(other.messages).toBe(expected.length);
    expect(readFileSync(other.path, 'utf8').length).toBeGreaterThan(1_000);
  }
});

tool('get_poll_results', 'votes that history tells are counted', async () => {
  const poll = [...stage.world.truth()].find((row) => row.kind === 'poll' && !row.revoked && row.votes.length > 0);
  if (poll === undefined) throw new Error('the world holds no poll with votes');
  const counts = await stage.call<{ options: readonly { name: string; votes: number }[]; voters: number }>('get_poll_results', { chat_jid: poll.chat, message_id: poll.id });
  const expected = poll.votes.flatMap(({ options }) => options);
  expect(counts.voters).toBe(poll.votes.filter(({ options }) => options.length > 0).length);
  for (const { name, votes } of counts.options) expect(votes).toBe(expected.filter((option) => option === name).length);
});
