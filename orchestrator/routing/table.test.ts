import { operationNames, operations } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { routes } from './table.ts';
import type { RouteOf } from './table.ts';

test('every operation has one route, and no route is left over', () => {
  expect(Object.keys(routes).toSorted()).toEqual([...operationNames].toSorted());
});

test('a route goes only to bridges that serve the operation, and never twice to one', () => {
  for (const name of operationNames) {
    const { first, then } = routes[name];
    if (first === 'named') continue;
    const serving: readonly string[] = operations[name].bridges;
    expect(serving).toContain(first);
    if (then !== null) expect(serving).toContain(then);
    expect(then).not.toBe(first);
  }
});

test('an operation that two bridges serve has both in its route, unless the caller names one', () => {
  const single = operationNames.filter((name) => operations[name].bridges.length === 2 && routes[name].first !== 'named' && routes[name].then === null);
  expect(single).toEqual([]);
});

test('a route to a bridge that does not serve the operation does not compile', () => {
  const why = 'it must not compile';
  // @ts-expect-error business.catalog is served by Baileys only
  const first: RouteOf<'business.catalog'> = { first: 'whatsmeow', then: null, why };
  // @ts-expect-error newsletter.list is served by whatsmeow only
  const second: RouteOf<'newsletter.list'> = { first: 'whatsmeow', then: 'baileys', why };
  // @ts-expect-error the same bridge is no second choice
  const twice: RouteOf<'message.send_text'> = { first: 'whatsmeow', then: 'whatsmeow', why };
  expect([first, second, twice].every((route) => route.why === why)).toBe(true);
});
