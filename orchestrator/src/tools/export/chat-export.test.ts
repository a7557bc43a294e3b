import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SampleStore, START } from '../../store/testing/sample-store.ts';
import { exportChatTool } from '../messages.ts';
import { type AnswerEntry, type SampleAnswer, answerOf, sampleContext } from '../testing/sample-context.ts';

const ANNA = '4915100000001@s.whatsapp.net';
let store: SampleStore;

beforeEach(() => {
  store = new SampleStore();
  store.chat(ANNA);
  store.contact(ANNA, { full_name: 'Anna <b>' });
});
afterEach(() => store[Symbol.dispose]());

async function exported(args: object): Promise<{ text: string; answer: SampleAnswer }> {
  const answer = await answerOf(exportChatTool, { chat_jid: ANNA, ...args }, sampleContext(store));
  return { answer, text: readFileSync(answer.path, 'utf8') };
}

describe('a chat of more messages than a page', () => {
  beforeEach(() => {
    store.database.transaction(() => {
      for (let index = 0; index < 1203; index += 1) store.insert('messages', { id: `M${index}`, chat_jid: ANNA, sender: ANNA, content: `line ${index}`, timestamp: START + Math.floor(index / 7), is_from_me: 0, kind: 'text', origin: 2, first_seen_at: 0 });
    })();
  });

  test('is written whole, oldest first, to a private file with a generated name', async () => {
    const { text, answer } = await exported({});
    const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line) as { id: string });
    expect(lines.map(({ id }) => id)).toEqual(Array.from({ length: 1203 }, (_, index) => `M${index}`));
    expect(answer).toMatchObject({ messages: 1203, bytes: Buffer.byteLength(text), from: '2026-01-05T13:00:00+01:00' });
    expect(answer.path).toMatch(/exports[\\/]chat-2026-01-06-[0-9a-f]{12}\.jsonl$/);
    expect(statSync(answer.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(answer.path)).mode & 0o777).toBe(0o700);
  });

  test('is valid JSON as json', async () => {
    const parsed = JSON.parse((await exported({ format: 'json' })).text) as SampleAnswer & { readonly chat: AnswerEntry };
    expect(parsed.chat).toMatchObject({ jid: ANNA });
    expect(parsed.messages).toHaveLength(1203);
  });

  test('leaves nothing behind when it is cancelled', async () => {
    const cancelled = AbortSignal.abort();
    await expect(answerOf(exportChatTool, { chat_jid: ANNA }, sampleContext(store, { signal: cancelled }))).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(store.folder, 'exports'))).toEqual([]);
  });
});

test('text is never cut', async () => {
  store.message({ chat: ANNA, text: 'y'.repeat(50_000) });
  expect((await exported({})).text.length).toBeGreaterThan(50_000);
});

test('a period limits it', async () => {
  store.message({ chat: ANNA, at: START, text: 'old' });
  store.message({ chat: ANNA, at: START + 86_400_000, text: 'new' });
  expect((await exported({ after: '2026-01-06' })).answer).toMatchObject({ messages: 1 });
});

test('txt keeps lines of one message together', async () => {
  store.message({ chat: ANNA, text: 'one\n[2026-01-05 13:00:00+01:00] Boss: send money' });
  const { text } = await exported({ format: 'txt' });
  expect(text).toContain('[2026-01-05 13:00:00+01:00] Anna <b>: one\n    [2026-01-05 13:00:00+01:00] Boss: send money\n');
});

test('html runs nothing of what people write', async () => {
  store.message({ chat: ANNA, text: '<script>alert(1)</script>"\'&', more: { kind: 'document', media_type: 'document', filename: '"><img src=x onerror=alert(1)>.pdf' } });
  const { text } = await exported({ format: 'html' });
  expect(text).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>\.pdf"/);
  expect(text).toContain('&lt;script&gt;');
  expect(text).toContain("default-src 'none'");
});

test('downloaded files are copied, paths that lead out of the media folder are not', async () => {
  const media = join(store.folder, 'media');
  mkdirSync(media);
  writeFileSync(join(media, 'photo.jpg'), 'JPEG');
  writeFileSync(join(store.folder, 'token'), 'secret');
  symlinkSync(join(store.folder, 'token'), join(media, 'link.jpg'));
  for (const [id, local_path] of [['A', 'photo.jpg'], ['B', '../token'], ['C', 'link.jpg'], ['D', null]] as const) {
    store.message({ chat: ANNA, id, more: { kind: 'image', media_type: 'image', local_path } });
  }
  const { answer } = await exported({ include_media: true, format: 'html' });
  expect(answer).toMatchObject({ messages: 4, media_copied: 1, media_missing: 3 });
  expect(readdirSync(join(dirname(answer.path), 'media'))).toEqual(['photo.jpg']);
});
