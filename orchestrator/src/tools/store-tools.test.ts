/** What every tool answered by messages.db has in common. */
import { Failure } from '@whatsapp-mcp/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SampleStore } from '../store/testing/sample-store.ts';
import { anyText } from '../store/testing/any-text.ts';
import { MAX_RESULT_BYTES } from '../result.ts';
import { tools } from './index.ts';
import { answerOf, sampleContext } from './testing/sample-context.ts';

const PERSON = '4915100000001@s.whatsapp.net';
const GROUP = '120363000000000001@g.us';
const storeTools = tools.filter(({ route, toolset }) => route === 'store' && toolset !== 'history');
let store: SampleStore;

beforeAll(() => {
  store = new SampleStore();
  store.contact(PERSON, { full_name: 'Anna' });
  for (const chat of [PERSON, GROUP]) {
    store.chat(chat, { unread_count: 2 });
    for (let index = 0; index < 30; index += 1) store.message({ chat, id: `${index}`, sender: PERSON, text: `${'long text 北京 '.repeat(200)}${index}` });
  }
});
afterAll(() => store[Symbol.dispose]());

test('they are the tools of messages, chats and contacts that need no bridge', () => {
  expect(storeTools.map(({ name }) => name).sort()).toEqual(
    ['export_chat', 'get_chat', 'get_contact_chats', 'get_direct_chat_by_contact', 'get_last_interaction', 'get_message_context', 'get_message_statistics',
      'get_poll_results', 'get_unread_summary', 'list_chats', 'list_messages', 'query_synced_messages', 'search_contacts'],
  );
});

const plausible = fc.constantFrom<unknown>(PERSON, GROUP, 'anna', '+49 151 00000001', '0', '2026-01-05', 'long', '北京', 'jsonl', 'hour', 'image', 'name', 1, 20, 200, true, false, null);
const garbage = fc.oneof(anyText(30), fc.double(), fc.integer(), fc.constant([]), fc.constant({}), fc.constantFrom('__proto__', "'; DROP TABLE messages; --", '%', '\0', '1@lid'));

describe.each(storeTools.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  const fields = Object.fromEntries(Object.keys(tool.input.shape).map((name) => [name, fc.oneof({ weight: 4, arbitrary: plausible }, garbage)]));

  test('answers anything with a result that fits, or with a named failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(fields, { requiredKeys: [] }), async (args) => {
        try {
          const answer = await answerOf(tool, args, sampleContext(store));
          expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(MAX_RESULT_BYTES);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('takes its own examples', async () => {
    for (const example of tool.examples) {
      const answered = answerOf(tool, example, sampleContext(store)).catch((error: unknown) => error);
      // The chats of examples are not in this store; that is all that may be wrong with them.
      expect(await answered).not.toMatchObject({ code: 'invalid_argument' });
    }
  });

  test('shows nothing where no chat may be seen', async () => {
    const hidden = { visible: new Set<string>() };
    const args = Object.fromEntries(Object.entries({ chat_jid: PERSON, jid: PERSON, sender_phone_number: PERSON, query: 'long', message_id: '1' }).filter(([name]) => name in tool.input.shape));
    const answered = await answerOf(tool, args, sampleContext(store, hidden)).catch((error: unknown) => error);
    const shown = answered instanceof Error ? answered.message : JSON.stringify(answered);
    expect(shown).not.toMatch(/long text|Anna/);
  });
});
