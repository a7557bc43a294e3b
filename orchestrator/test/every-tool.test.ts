import { operations } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { instructionsFor } from '../src/surfaces/instructions.ts';
import { listTool } from '../src/surfaces/tool-listing.ts';
import { defaultToolsets, toolsets } from '../src/tool.ts';
import type { Tool, ToolsetName } from '../src/tool.ts';
import { tools } from '../src/tools/index.ts';

/** Bytes of what a model sees of a tool, by four: near enough to tokens for every host. */
function tokens(tool: Tool): number {
  const { name, description, inputSchema } = listTool(tool);
  return Buffer.byteLength(name + description + JSON.stringify(inputSchema)) / 4;
}

const total = (list: readonly Tool[]): number => list.reduce((sum, tool) => sum + tokens(tool), 0);
const isDefault = (tool: Tool): boolean => (defaultToolsets as readonly ToolsetName[]).includes(tool.toolset);

test('there are 78 tools, 44 of them in the default toolsets', () => {
  expect(tools).toHaveLength(78);
  expect(tools.filter(isDefault)).toHaveLength(44);
  expect(new Set(tools.map(({ toolset }) => toolset))).toEqual(new Set(toolsets));
});

test('names are unique, in words, and short enough for hosts that prefix them', () => {
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  // Cursor drops tools whose server and tool name together exceed 60 characters.
  for (const { name } of tools) expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
  for (const { name } of tools) expect(`whatsapp_${name}`.length, name).toBeLessThanOrEqual(60);
});

test('titles and descriptions are unique sentences of at most 200 characters', () => {
  expect(new Set(tools.map(({ title }) => title)).size).toBe(tools.length);
  expect(new Set(tools.map(({ description }) => description)).size).toBe(tools.length);
  for (const { name, description } of tools) {
    expect(description.length, name).toBeLessThanOrEqual(200);
    expect(description, name).toMatch(/^[A-Z].*\.$/);
  }
});

test('what all tools cost a model stays within its budget', () => {
  expect(total(tools)).toBeLessThanOrEqual(7_200);
  expect(total(tools.filter(isDefault))).toBeLessThanOrEqual(4_500);
});

test.each(tools.map((tool) => [tool.name, tool] as const))('%s: flat input, bounded numbers, examples that fit', (_name, tool) => {
  const { inputSchema } = listTool(tool);
  const text = JSON.stringify(inputSchema);
  for (const forbidden of ['$schema', '$ref', '$defs', 'anyOf', 'oneOf', 'allOf', '9007199254740991']) expect(text).not.toContain(forbidden);
  expect(inputSchema['additionalProperties']).toBe(false);
  expect(tool.examples.length).toBeGreaterThan(0);
  for (const example of tool.examples) expect(() => tool.prepare(example)).not.toThrow();
});

test.each(tools.map((tool) => [tool.name, tool] as const))('%s: routes to operations, and promises no output after a side effect', (_name, tool) => {
  if (tool.route === 'store') expect(tool.operations).toEqual([]);
  else if (tool.name !== 'backend_status') expect(tool.operations.length).toBeGreaterThan(0);
  for (const operation of tool.operations) expect(operations).toHaveProperty([operation]);
  if (tool.effect === 'writes' || tool.effect === 'destroys') expect(tool.output).toBeUndefined();
});

test.each(tools.map((tool) => [tool.name, tool] as const))('%s is served as its snapshot says', async (name, tool) => {
  await expect(`${JSON.stringify(listTool(tool), null, 2)}\n`).toMatchFileSnapshot(`tools/${name}.json`);
});

test('instructions fit every host', () => {
  expect(instructionsFor(tools).length).toBeLessThan(2_000);
  expect(instructionsFor(tools.filter(isDefault))).not.toContain('fetch_history');
});
