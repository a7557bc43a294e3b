/** The list of tools and the list of tests are equal; what is offered is what the settings say. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { McpHost } from '../../harness/mcp-client.ts';

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-mcp-'));
});

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** Names of the tools that a server with these settings offers. */
async function offered(env: Readonly<Record<string, string>>): Promise<string[]> {
  const host = await McpHost.start({ dataDir, env });
  try {
    return (await host.tools()).map(({ name }) => name).toSorted();
  } finally {
    await host.close();
  }
}

/** Names that the tests beside this file cite, `tool('…'`. */
function cited(): string[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(/^tool\('([a-z_]+)'/gm)].map(([, name]) => name!));
  return [...new Set(names)].toSorted();
}

test('every tool that is offered has a test of its own, and every test a tool', async () => {
  const all = await offered({ WHATSAPP_TOOLSETS: 'all' });
  expect(all).toHaveLength(78);
  expect(cited()).toEqual(all);
});

test('by default there are 44 tools; toolsets add, excludes take away', async () => {
  expect(await offered({ WHATSAPP_TOOLSETS: 'default' })).toHaveLength(44);
  const some = await offered({ WHATSAPP_TOOLSETS: 'messages,groups', WHATSAPP_EXCLUDE_TOOLS: 'leave_group,export_chat' });
  expect(some).toHaveLength(8 + 8 - 2);
  expect(some).not.toContain('leave_group');
  expect(some).toEqual(expect.arrayContaining(['list_messages', 'create_group']));
});
