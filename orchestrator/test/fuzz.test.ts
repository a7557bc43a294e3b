/** Whatever a model writes, a tool answers with a result or a named failure, and nothing is written. */
import { bridges, failureCodes } from '@whatsapp-mcp/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listTool } from '../src/surfaces/tool-listing.ts';
import { ADA, BOB, Desk, TEAM } from '../src/testing/desk.ts';
import { tools } from '../src/tools/index.ts';
import type { Tool } from '../src/tool.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Things that names, ids and paths turn out to be, beside any text at all. */
const texts = fc.oneof(
  fc.string({ maxLength: 60, unit: 'grapheme' }),
  fc.constantFrom(ADA, BOB, TEAM, 'FROM-ADA', 'Ada Lovelace', '+49 1512 000001', '2026-01-01', '', ' ', '@', '%', "'; DROP TABLE messages; --", '../../etc/passwd', '/etc/passwd', 'https://chat.whatsapp.com/AbCdEfGhIjKlMnOp', '1203@newsletter', '\u202Eabc', '\u0000', '"', '*', 'NEAR(', '9'.repeat(400)),
);

const makers: Readonly<Record<string, (schema: Schema) => fc.Arbitrary<unknown>>> = {
  string: (schema) => (schema.enum === undefined ? texts : fc.constantFrom(...schema.enum)),
  integer: ({ minimum = -10, maximum = 1_000 }) => fc.integer({ min: minimum, max: Math.min(maximum, minimum + 10_000) }),
  number: () => fc.double({ min: -200, max: 200, noNaN: true }),
  boolean: () => fc.boolean(),
  array: ({ items = {} }) => fc.array(valueOf(items), { maxLength: 4 }),
};

function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  const fitting = makers[schema.type ?? '']?.(schema) ?? fc.jsonValue();
  return fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
}

function argumentsOf(tool: Tool): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [] } = listTool(tool).inputSchema as Schema;
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema)]));
  return fc.record(fields, { requiredKeys: [...required] });
}

const calls = fc.constantFrom(...tools).chain((tool) => fc.oneof({ weight: 9, arbitrary: argumentsOf(tool) }, { weight: 1, arbitrary: fc.dictionary(fc.string(), fc.jsonValue()) }).map((args) => ({ name: tool.name, args })));

test('no input makes a tool crash, hang or write', async () => {
  using desk = new Desk();
  // Nobody is there to be asked: what gets as far as a bridge ends there.
  for (const bridge of bridges) desk.router.observe(bridge, { type: 'failed', code: 'bridge_down' });
  const stored = (): unknown => desk.sample.database.prepare('SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM chats), (SELECT total(revoked + edit_ts) FROM messages)').raw().get();
  const before = stored();
  await fc.assert(
    fc.asyncProperty(calls, async ({ name, args }) => {
      const { isError, structured, content } = await desk.call(name, args);
      expect(content.length).toBeGreaterThan(0);
      if (!isError) return;
      const error = structured?.['error'] as { code: string; message: string; hint: string };
      expect(failureCodes).toContain(error.code);
      expect(error.code, `${name} ${JSON.stringify(args)}: ${desk.logged.at(-2)}`).not.toBe('internal');
      expect(error.message).not.toMatch(/\n\s+at /);
    }),
    { numRuns: 3_000 },
  );
  expect(stored()).toEqual(before);
}, 120_000);
