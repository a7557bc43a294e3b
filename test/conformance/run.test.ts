/** Both bridges hold what the contract says, case by case, as black boxes. */
import { bridges } from '@whatsapp-mcp/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { keyOf, readCases } from './case.ts';
import { programmeOf } from './programme.ts';
import { run } from './run.ts';
import { isSurprise } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const cases = readCases();
let verdicts: readonly Verdict[] = [];

beforeAll(async () => {
  verdicts = await run();
}, 600_000);

describe.each(bridges)('%s', (bridge) => {
  test.each(Object.values(programmeOf(bridge, cases)).flat().map(keyOf))('%s', (key) => {
    const verdict = verdicts.find((each) => each.bridge === bridge && keyOf(each.case) === key);
    expect(verdict, 'it was performed').toBeDefined();
    expect(verdict?.known === undefined ? verdict?.failure : undefined).toBeUndefined();
    expect(verdict && isSurprise(verdict), 'it passes now: take it off the list of known failures').toBe(false);
  });
});
