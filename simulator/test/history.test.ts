import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { afterEach, expect, test } from 'vitest';
import type { WorldMessage } from '../src/world/types.ts';
import type { BaileysClient } from './fixtures/baileys-client.ts';
import { Stage } from './fixtures/stage.ts';

const { INITIAL_BOOTSTRAP, ON_DEMAND } = proto.Message.HistorySyncType;
const { HistorySyncType } = proto.HistorySync;
let stage: Stage;

afterEach(() => stage.close());

/** Ids of all messages that came as history, by chat. */
function historyIds(client: BaileysClient): Set<string> {
  const ids = client.heard.flatMap((event) => (event.name === 'messaging-history.set' ? event.data.messages.map(({ key }) => key.id ?? '') : []));
  return new Set(ids);
}

/** The ids of every message of the chats that history carries. */
function* carried(): Generator<string> {
  for (const chat of stage.sim.world.chats.values()) {
    if (chat.kind === 'newsletter' || chat.kind === 'status') continue;
    for (const message of stage.sim.world.messagesOf(chat)) yield idInHistory(message);
  }
}

/** A phone keeps some edited messages under the id of the edit. */
function idInHistory({ id, edits, editForm }: WorldMessage): string {
  return editForm === 'wrapped' ? (edits.at(-1)?.id ?? id) : id;
}

test('Baileys gets every message of the demo world, most of it as media', async () => {
  stage = await Stage.open({ world: 'demo' });
  const client = await stage.linkedBaileys({ shouldSyncHistoryMessage: () => true });
  const companion = stage.sim.owner.companions[0];
  await companion?.whenDrained({ timeoutMs: 20_000 });
  const expected = [...carried()];
  expect(expected.length).toBeGreaterThan(20_000);
  await client.hear('messaging-history.set', ({ syncType, progress }) => syncType === HistorySyncType.FULL && progress === 100, 20_000);
  const got = historyIds(client);
  expect(expected.filter((id) => !got.has(id))).toEqual([]);
});

test('whatsmeow gets the recent part of the demo world', async () => {
  stage = await Stage.open({ world: 'demo' });
  const client = await stage.linkedWhatsmeow();
  const last = await client.hearEvent('HistorySync', ({ history }) => (history as { type: string; progress: number }).type === 'RECENT' && (history as { progress: number }).progress === 100);
  expect(last).toBeDefined();
  const parts = client.heard.filter(({ event }) => event === '*events.HistorySync').map(({ history }) => history as { type: string; messages: number });
  expect(parts.map(({ type }) => type)).toEqual(expect.arrayContaining(['INITIAL_BOOTSTRAP', 'INITIAL_STATUS_V3', 'PUSH_NAME', 'NON_BLOCKING_DATA', 'RECENT']));
  expect(parts.map(({ type }) => type)).not.toContain('FULL');
  expect(parts.reduce((sum, { messages }) => sum + messages, 0)).toBeGreaterThan(1_000);
  expect(client.log).toBe('');
});

test('a part that is never confirmed by hist_sync comes again at the next connection, others do not', async () => {
  stage = await Stage.open({ world: 'empty' });
  const { sim } = stage;
  sim.faults.add({ direction: 'from_client', tag: 'receipt', type: 'hist_sync', times: 1 }, { kind: 'drop' });
  const client = await stage.linkedWhatsmeow();
  const [companion] = sim.owner.companions;
  await companion?.whenDrained({ timeoutMs: 20_000 });
  const types = () => client.heard.flatMap(({ event, history }) => (event === '*events.HistorySync' ? [(history as { type: string }).type] : []));
  await client.hear(() => types().includes('RECENT'));
  const before = types();
  companion?.drop();
  await client.hear(() => types().length > before.length);
  await companion?.whenDrained({ timeoutMs: 20_000 });
  // whatsmeow sends its receipts in no particular order: any part may be the one whose receipt was lost.
  expect(types()).toHaveLength(before.length + 1);
  expect(before).toContain(types().at(-1));
});

/** A message in the middle of a long direct chat, to ask for older ones. */
function anchor(): { jid: string; message: WorldMessage } {
  const { world } = stage.sim;
  const chat = [...world.chats.values()].find((candidate) => candidate.kind === 'direct' && candidate.addressing === 'pn' && world.messagesOf(candidate).length > 200);
  const found = chat === undefined ? undefined : [...world.messagesOf(chat).range(60, 120)].find(({ id }) => !id.startsWith('3EB0'));
  if (chat === undefined || found === undefined) throw new Error('the demo world has no direct chat with 200 messages');
  return { jid: chat.jid, message: found };
}

test('the phone answers both clients that ask for older messages, but not while it is off', async () => {
  stage = await Stage.open({ world: 'demo' });
  // Baileys leaves messages out of the event that it has seen before (Utils/event-buffer.js), so it takes the newest only.
  const baileys = await stage.linkedBaileys({ shouldSyncHistoryMessage: ({ syncType }) => syncType === INITIAL_BOOTSTRAP || syncType === ON_DEMAND });
  const whatsmeow = await stage.linkedWhatsmeow();
  const { jid, message } = anchor();
  baileys.forget();
  whatsmeow.forget();

  stage.sim.owner.setOnline(false);
  await baileys.socket?.fetchMessageHistory(50, { remoteJid: jid, id: message.id, fromMe: message.fromMe }, message.timestamp);
  await stage.sim.waitFor('message', ({ from }) => from.id === 1);
  expect(baileys.heard.map(({ name }) => name)).not.toContain('messaging-history.set');
  stage.sim.owner.setOnline(true);
  const answer = await baileys.hear('messaging-history.set', ({ syncType }) => syncType === HistorySyncType.ON_DEMAND);
  const { world } = stage.sim;
  const chat = world.chat(jid);
  if (chat === undefined) throw new Error(`no chat ${jid}`);
  const log = world.messagesOf(chat);
  const at = log.indexOf(message.id) + 1;
  expect(answer.messages.map(({ key }) => key.id).sort()).toEqual(log.range(at, at + 50).map(idInHistory).sort());

  await whatsmeow.do('history', { to: jid, id: message.id, from_me: message.fromMe, time: message.timestamp, count: 50 });
  const answered = await whatsmeow.hearEvent('HistorySync', ({ history }) => (history as { type: string }).type === 'ON_DEMAND');
  expect(answered['history']).toMatchObject({ conversations: 1, messages: 50 });
});

test('what was said before a device was linked is in its history', async () => {
  stage = await Stage.open();
  const { sim, friend } = stage;
  const sent = await friend.send({ to: sim.owner.pn, text: 'said before' });
  await sim.owner.waitForMessage(({ id }) => id === sent.id);
  const own = await sim.owner.send({ to: friend.lid, text: 'answered before' });
  const client = await stage.linkedBaileys();
  await client.hear('messaging-history.set', ({ messages }) => messages.some(({ key }) => key.id === sent.id));
  expect([...historyIds(client)]).toEqual(expect.arrayContaining([sent.id, own.id]));
});
