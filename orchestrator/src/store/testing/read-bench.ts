/**
 * Measures the main queries on a store of 200,000 messages (first argument: another number) and prints one JSON object:
 * milliseconds at the median and the 95th percentile. Run: node orchestrator/src/store/testing/read-bench.ts
 */
import { join } from 'node:path';
import { listChats } from '../../tools/read/chat-listing.ts';
import { messageAround } from '../../tools/read/message-around.ts';
import { type ListingArguments, listMessages, withContext } from '../../tools/read/message-listing.ts';
import type { Reading } from '../../tools/read/reading.ts';
import { unreadSummary } from '../../tools/read/unread-summary.ts';
import { searchPeople } from '../contacts.ts';
import { resolveChat } from '../identity.ts';
import { localTime } from '../local-time.ts';
import { readsOf } from '../reads.ts';
import { takeIndexRole } from '../search-index.ts';
import { messageStatistics } from '../statistics.ts';
import { SampleStore, START } from './sample-store.ts';

const COUNT = Number(process.argv[2] ?? 200_000);
const CHATS = 1000;
const RARE_EVERY = 20_000;

/** Numerical Recipes' generator: the same store each time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const WORDS = ['meeting', 'tomorrow', 'café', 'Straße', 'pizza', 'see you', '北京', '今天', 'مرحبا', 'أحمد', 'สวัสดี', 'हिन्दी', '👍', 'photo', 'later', 'invoice', 'gate'];

const jidOf = (chat: number) => (chat % 4 === 0 ? `120363${String(chat).padStart(12, '0')}@g.us` : `${4_915_100_000_000 + chat}@s.whatsapp.net`);

function fill(store: SampleStore): void {
  const random = randomFrom(7);
  for (let chat = 0; chat < CHATS; chat += 1) {
    const jid = store.chat(jidOf(chat), { name: chat % 4 === 0 ? `Group ${chat}` : null, unread_count: chat % 9 === 0 ? 3 : 0 });
    if (chat % 4 !== 0) store.contact(jid, { full_name: `Person${chat} Surname${chat % 50}`, push_name: `P${chat}` });
  }
  const insert = store.database.prepare(
    'INSERT INTO messages (id, chat_jid, sender, content, timestamp, is_from_me, kind, media_type, origin, first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 2, 0)',
  );
  const react = store.database.prepare('INSERT INTO reactions VALUES (?, ?, ?, 0)');
  for (let index = 0; index < COUNT; index += 1) {
    const chat = Math.floor(CHATS * random() ** 3);
    const words = Array.from({ length: 3 + Math.floor(random() * 8) }, () => WORDS[Math.floor(random() * WORDS.length)]);
    if (index % RARE_EVERY === 0) words.push('xylophone');
    const sender = jidOf(chat % 4 === 0 ? 1 + 4 * Math.floor(random() * 200) : chat);
    const media = random() < 0.15 ? 'image' : null;
    insert.run(`ID${index}`, jidOf(chat), sender, words.join(' '), START + index * 30_000, index % 3 === 0 ? 1 : 0, media ?? 'text', media);
    if (index % 20 === 0) react.run(index + 1, sender, '👍');
  }
  store.database.exec(`UPDATE chats SET (last_message_mid, last_message_time) =
    (SELECT mid, timestamp FROM messages WHERE chat_jid = chats.jid ORDER BY timestamp DESC, mid DESC LIMIT 1)`);
}

function percentiles(run: (index: number) => unknown, times: number): { p50_ms: number; p95_ms: number } {
  const taken = Array.from({ length: times }, (_, index) => {
    const started = performance.now();
    run(index);
    return performance.now() - started;
  }).toSorted((one, other) => one - other);
  const at = (share: number) => Math.round((taken[Math.floor(times * share)] ?? 0) * 1000) / 1000;
  return { p50_ms: at(0.5), p95_ms: at(0.95) };
}

function measure(reading: Reading): Record<string, { p50_ms: number; p95_ms: number }> {
  const { reads, time } = reading;
  const big = jidOf(0);
  const list = (args: ListingArguments) => listMessages(reading, args, (_, views) => views);
  const deepest = list({ limit: 20, before: time.format(START + 3_600_000) }).next_cursor;
  const cases: Record<string, (index: number) => unknown> = {
    newest_20: () => list({}),
    newest_20_of_biggest_chat: () => list({ chat: big }),
    newest_20_of_a_person: () => list({ sender: jidOf(5) }),
    oldest_page_by_cursor: () => list({ before: time.format(START + 3_600_000), ...(deepest !== undefined && { cursor: deepest }) }),
    search_rare: () => list({ query: 'xylophone' }),
    search_two_words_of_cjk: () => list({ query: '北京 今天' }),
    search_common: () => list({ query: 'pizza' }),
    search_common_in_biggest_chat: () => list({ query: 'pizza', chat: big }),
    search_absent: () => list({ query: 'nowhere' }),
    search_with_context: () => listMessages(reading, { query: 'xylophone' }, withContext(reading, { before: 1, after: 1 })),
    message_in_context: (index) => messageAround(reading, { id: `ID${(index * 7919) % COUNT}`, before: 5, after: 5 }),
    chats_20: () => listChats(reading, { lastMessage: true, sortBy: 'last_active' }),
    chats_called: () => listChats(reading, { query: 'person7', lastMessage: true, sortBy: 'last_active' }),
    chats_by_name: () => listChats(reading, { lastMessage: true, sortBy: 'name' }),
    unread_summary: () => unreadSummary(reading, { limit: 20, messagesPerChat: 3, includeMuted: false }),
    people_called: () => searchPeople(reads, 'person5', 50),
    resolve_number: () => resolveChat(reads, '+49 15100000005'),
    resolve_name: () => resolveChat(reads, 'Person5 Surname5'),
    count_by_sender: () => messageStatistics(reads, {}, 'sender', { time, limit: 20 }),
    count_by_month: () => messageStatistics(reads, {}, 'month', { time, limit: 20 }),
  };
  return Object.fromEntries(Object.entries(cases).map(([name, run]) => [name, (run(0), percentiles(run, name.startsWith('count') ? 15 : 60))]));
}

function main(): void {
  using store = new SampleStore();
  store.database.transaction(() => fill(store))();
  const started = performance.now();
  {
    using role = takeIndexRole({ database: store.database, lockPath: join(store.folder, 'index.lock'), owner: 'bench', now: () => 0 });
    while (role?.step().upToDate === false);
  }
  const seconds = (performance.now() - started) / 1000;
  const reading = { reads: readsOf(store.database, undefined), time: localTime('Europe/Berlin'), now: START + COUNT * 30_000 };
  process.stdout.write(`${JSON.stringify({ messages: COUNT, indexed_per_second: Math.round(COUNT / seconds), queries: measure(reading) }, undefined, 2)}\n`);
}

main();
