/** The table of a run: operation by bridge. */
import { bridges, operationNames } from '@whatsapp-mcp/contract';
import type { Bridge } from '@whatsapp-mcp/contract';
import { keyOf } from './case.ts';
import { servedBy } from './programme.ts';
import { isGap, isSurprise } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const WIDTH = 28;

/** One line for each operation, then the gaps and what is known to fail, with their reasons. */
export function report(verdicts: readonly Verdict[]): string {
  const table = operationNames.map((name) => [name, ...bridges.map((bridge) => cell(verdicts, name, bridge))]);
  const lines = [['operation', ...bridges], ...table].map((row) => row.map((text) => text.padEnd(WIDTH)).join('').trimEnd());
  const failed = verdicts.filter(({ failure }) => failure !== undefined);
  return [
    ...lines,
    '',
    ...failed.map((each) => `${isGap(each) ? 'GAP' : 'known'}  ${each.bridge}  ${keyOf(each.case)}\n    ${each.known ?? each.failure}`),
    ...verdicts.filter(isSurprise).map((each) => `PASSES NOW  ${each.bridge}  ${keyOf(each.case)}: take it off the list of known failures`),
    `${verdicts.length} cases, ${verdicts.length - failed.length} passed, ${failed.filter(isGap).length} gaps`,
    '',
  ].join('\n');
}

function cell(verdicts: readonly Verdict[], operation: string, bridge: Bridge): string {
  if (!servedBy(bridge).some((name) => name === operation)) return 'not served';
  const of = verdicts.filter((each) => each.bridge === bridge && each.case.operation === operation);
  const failed = of.filter(({ failure }) => failure !== undefined).length;
  return failed === 0 ? `pass (${of.length})` : `${of.length - failed} of ${of.length}`;
}
