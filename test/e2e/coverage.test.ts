import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requirements } from './requirements.ts';

/** Ids that the scenarios beside this file cite. */
function cited(): Set<string> {
  const scenarios = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = scenarios.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const lists = texts.flatMap((text) => [...text.matchAll(/verifies\(\s*\[([^\]]+)\]/g)].map((found) => found[1] ?? ''));
  return new Set(lists.flatMap((list) => [...list.matchAll(/'([^']+)'/g)].map((found) => found[1] ?? '')));
}

test('every requirement is proven by a scenario, and every scenario cites requirements that exist', () => {
  expect([...cited()].sort()).toEqual(Object.keys(requirements).sort());
});
