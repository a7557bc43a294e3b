/** The conversation: what a person would have their assistant do on the first day. */
import type { Bridge } from '@whatsapp-mcp/contract';
import type { Received } from 'wa-sim';
import { importAll } from '../harness/history-import.ts';
import { compare, expectedRows, storedRows } from '../harness/truth.ts';
import type { Row } from '../harness/truth.ts';
import type { McpHost } from '../harness/mcp-client.ts';
import { ToolError } from '../harness/mcp-client.ts';
import type { System } from '../harness/system.ts';
import { until } from '../harness/until.ts';
import { expectThat } from './stage.ts';
import type { Say, Step } from './stage.ts';
import { messageLine } from './tell.ts';
import type { ShownChat, ShownMessage } from './tell.ts';
import { numberOf, offeredSince } from './world.ts';

export interface Show {
  readonly system: System;
  readonly host: McpHost;
  readonly totals: { messages: number; chats: number; sent: number; received: number };
}

interface Messages {
  readonly messages: readonly ShownMessage[];
}

interface Reported {
  readonly whatsmeow: { readonly state?: string; readonly problem?: string };
  readonly baileys: { readonly state?: string; readonly problem?: string };
}

const ARRIVES_WITHIN_MS = 20_000;

async function status({ host }: Show, say: Say): Promise<void> {
  const tools = await host.tools();
  const report = await host.call<Reported>('backend_status');
  say(`the MCP server offers ${tools.length} tools`);
  for (const bridge of ['whatsmeow', 'baileys'] as const) say(`${bridge}: ${report[bridge].state ?? report[bridge].problem}`);
  expectThat(report.whatsmeow.state !== undefined && report.baileys.state !== undefined, 'both bridges to answer', report);
}

function link(bridge: Bridge): Step<Show>['run'] {
  return async ({ system, host }, say) => {
    say(`get_pairing_qr shows a picture; the simulated phone of ${system.simulator.world.owner.pushName} scans it`);
    await system.pair(host, bridge);
    const { own_pn: number, library } = await system.status(bridge);
    say(`linked as ${number}, by ${library}`);
  };
}

async function bringHistoryIn({ system, host, totals }: Show, say: Say): Promise<void> {
  const { world } = system.simulator;
  const expected = expectedRows(world, offeredSince(world));
  const start = performance.now();
  await importAll(system, host, expected.length);
  const ms = performance.now() - start;
  const difference = compare(expected, storedRows(system));
  expectThat([difference.missing, difference.unexpected, difference.different].every((list) => list.length === 0), "exactly the messages that the phone handed over", difference);
  totals.messages = difference.found;
  totals.chats = new Set(expected.map(({ chat }) => chat)).size;
  say(`the phone hands over its last year: ${difference.found} messages in ${totals.chats} chats,`);
  say('compared one by one with what the phone holds: none missing, none doubled, none altered');
  say(`${Math.round(difference.found / (ms / 1000))} messages a second, from the phone's blobs to messages.db`);
}

async function catchUp({ host }: Show, say: Say): Promise<void> {
  interface Unread {
    readonly unread_messages: number;
    readonly chats: readonly (ShownChat & Partial<Messages>)[];
  }
  const { unread_messages: count, chats } = await host.call<Unread>('get_unread_summary', { limit: 6, messages_per_chat: 2 });
  say(`${count} unread messages, the newest:`);
  for (const { name, messages = [] } of chats) {
    if (messages.length > 0) say(name);
    for (const message of messages) say(`   ${messageLine(message)}`);
  }
  expectThat(count > 0 && chats.length === 6, 'unread messages in six chats', { count, chats: chats.length });
}

async function searchInTwoScripts({ host }: Show, say: Say): Promise<void> {
  for (const query of ['gnocchi', '火锅']) {
    const { messages } = await host.call<Messages>('query_synced_messages', { query, limit: 2 });
    say(`"${query}"`);
    for (const message of messages) say(`   ${messageLine(message)}`);
    expectThat(messages.length > 0, `a message with "${query}"`, messages);
  }
}

async function readWithContext({ host }: Show, say: Say): Promise<void> {
  const found = await host.call<Messages>('query_synced_messages', { query: 'glass lift', limit: 1 });
  const hit = found.messages[0];
  if (hit === undefined) throw new Error('expected the message about the glass lift');
  interface Around {
    readonly before: readonly ShownMessage[];
    readonly message: ShownMessage;
    readonly after: readonly ShownMessage[];
  }
  const { before, message, after } = await host.call<Around>('get_message_context', { message_id: hit.id, chat_jid: hit.chat_jid, before: 2, after: 3 });
  say(`${hit.chat_name}:`);
  for (const line of [...before, message, ...after]) say(`   ${messageLine(line)}`);
  expectThat(before.length === 2 && after.length === 3, 'two messages before and three after', { before: before.length, after: after.length });
}

/** Waits for a text on a simulated phone; it must come once. */
async function arrivesOnce({ system }: Show, number: string, text: string): Promise<Received> {
  const phone = system.simulator.phone(number);
  const got = await phone.waitForMessage((message) => message.text === text, { timeoutMs: ARRIVES_WITHIN_MS });
  const copies = phone.inbox.filter((message) => message.text === text).reduce((sum, { deliveries }) => sum + deliveries, 0);
  expectThat(copies === 1, 'the message once', `${copies} times`);
  return got;
}

async function sendAndAnswer(show: Show, say: Say): Promise<void> {
  const { system, host, totals } = show;
  const emma = numberOf(system.simulator.world, 'Emma');
  const text = 'Running ten minutes late, order me the gnocchi please 🙏';
  await host.call('send_message', { recipient: emma, message: text });
  await arrivesOnce(show, emma, text);
  totals.sent += 1;
  say(`send_message: Emma's phone decrypts "${text}"`);
  const answer = 'No rush! I kept you the seat by the window';
  const { id } = await system.simulator.phone(emma).send({ to: system.simulator.owner.pn, text: answer });
  const listed = await until(
    "Emma's answer in list_messages",
    async () => {
      const { messages } = await host.call<Messages>('list_messages', { chat_jid: emma, limit: 2 });
      return messages.some((message) => message.id === id) ? messages : undefined;
    },
    { withinMs: ARRIVES_WITHIN_MS },
  );
  totals.received += 1;
  for (const message of listed) say(messageLine(message));
}

async function fetchOlder({ system, host, totals }: Show, say: Say): Promise<void> {
  const { chats } = await host.call<{ readonly chats: readonly ShownChat[] }>('list_chats', { query: 'Harbour project', limit: 1 });
  const chat = chats[0];
  if (chat === undefined) throw new Error('expected the chat "Harbour project"');
  const inChat = ({ chat: jid }: Row): boolean => jid === chat.jid;
  const before = storedRows(system).filter(inChat).length;
  const answer = await host.call('retrieve_full_history', { chat_jid: chat.jid, wait_seconds: 40 }, ({ progress }) =>
    say(`progress: ${progress} older messages`),
  );
  const expected = expectedRows(system.simulator.world).filter(inChat);
  const difference = compare(expected, storedRows(system).filter(inChat));
  expectThat(difference.missing.length === 0 && difference.unexpected.length === 0, `all ${expected.length} messages of ${chat.name}`, { difference, answer });
  totals.messages += difference.found - before;
  say(`${chat.name}: ${difference.found - before} older messages came from the phone, 50 at a time; the chat is complete with ${difference.found}`);
}

interface Merged {
  readonly state: string;
  readonly merged_rows: number;
  readonly checkpoint: number;
}

interface Checkpoint {
  readonly chat_name: string;
  readonly state: string;
  readonly stored_messages: number;
  readonly oldest?: string;
  readonly newest?: string;
}

async function mergeAndShow({ host }: Show, say: Say): Promise<void> {
  const merged = await host.call<Merged>('sync_history_to_database');
  say(`merge: ${merged.state}, ${merged.merged_rows} rows were left; the checkpoint stands at ${merged.checkpoint}`);
  const { checkpoints = [] } = await host.call<{ readonly checkpoints?: readonly Checkpoint[] }>('get_sync_checkpoints', { limit: 4 });
  for (const { chat_name: name, state, stored_messages: stored, oldest = '', newest = '' } of checkpoints) {
    say(`${name}: ${state}, ${stored} messages from ${oldest.slice(0, 10)} to ${newest.slice(0, 10)}`);
  }
  expectThat(checkpoints.length > 0, 'checkpoints', checkpoints);
}

async function withoutWhatsmeow(show: Show, say: Say): Promise<void> {
  const { system, host, totals } = show;
  await system.bridges.whatsmeow.stop();
  const start = performance.now();
  const { messages } = await host.call<Messages>('query_synced_messages', { query: 'booked Ravello', limit: 1 });
  const [hit] = messages;
  if (hit === undefined) throw new Error('expected a message about the booking');
  say(`whatsmeow is stopped; a search still answers, in ${Math.ceil(performance.now() - start)} ms:`);
  say(`   ${messageLine(hit)}`);
  const tom = numberOf(system.simulator.world, 'Tom 🎸');
  const text = 'The viewing is on, Saturday 10:15';
  await host.call('send_message', { recipient: tom, message: text });
  await arrivesOnce(show, tom, text);
  totals.sent += 1;
  say(`a message to Tom goes through Baileys: his phone decrypts "${text}", once`);
}

async function withoutBoth({ system, host }: Show, say: Say): Promise<void> {
  await system.bridges.baileys.stop();
  const { chats } = await host.call<{ readonly chats: readonly unknown[] }>('list_chats', { limit: 3 });
  expectThat(chats.length === 3, 'chats while both bridges are stopped', chats);
  const refused = await host.call('send_message', { recipient: numberOf(system.simulator.world, 'Emma'), message: 'never' }).catch((error: unknown) => error);
  expectThat(refused instanceof ToolError && refused.code === 'bridge_down', 'a send that is refused with bridge_down', String(refused));
  say('both are stopped; chats are still listed, and a send says why not:');
  say((refused as ToolError).message);
}

export const steps: readonly Step<Show>[] = [
  { title: 'How are things?', run: status },
  { title: 'Link whatsmeow', run: link('whatsmeow') },
  { title: 'Link Baileys', run: link('baileys') },
  { title: 'Bring the history in', run: bringHistoryIn },
  { title: 'What did I miss?', run: catchUp },
  { title: 'Search in two scripts', run: searchInTwoScripts },
  { title: 'Read around a message', run: readWithContext },
  { title: 'Write to Emma, who answers', run: sendAndAnswer },
  { title: 'Fetch all older messages of one chat', run: fetchOlder },
  { title: 'Merge, and look at the checkpoints', run: mergeAndShow },
  { title: 'Stop whatsmeow', run: withoutWhatsmeow },
  { title: 'Stop Baileys too', run: withoutBoth },
];
