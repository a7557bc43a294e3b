/** Runs all cases on both bridges: one system, one bridge after the other in each stage. */
import { bridges } from '@whatsapp-mcp/contract';
import type { Bridge } from '@whatsapp-mcp/contract';
import { calm, castOf, keepReceipts, link, openSystem } from './actors.ts';
import { keyOf, readCases } from './case.ts';
import type { Case } from './case.ts';
import { perform } from './performance.ts';
import type { Scene } from './performance.ts';
import { programmeOf } from './programme.ts';
import { knownFailures } from './verdict.ts';
import type { KnownFailures, Verdict } from './verdict.ts';

interface Part {
  readonly bridge: Bridge;
  readonly stages: Record<Case['stage'], Case[]>;
  readonly known: KnownFailures;
}

const partOf = (bridge: Bridge, cases: readonly Case[]): Part => {
  const stages = programmeOf(bridge, cases);
  return { bridge, stages, known: knownFailures(bridge, Object.values(stages).flat()) };
};

export interface RunOptions {
  /** Performs only cases whose key holds this text. */
  readonly only?: string | undefined;
  readonly told?: (verdict: Verdict) => void;
}

/** All verdicts. Rejects where the system cannot be started or linked. */
export async function run({ only = '', told = () => undefined }: RunOptions = {}): Promise<Verdict[]> {
  const cases = readCases();
  const parts = bridges.map((bridge) => partOf(bridge, cases));
  const system = await openSystem();
  try {
    const devices = new Map<Bridge, number>();
    const world = { system, devices, names: castOf(system), receipts: keepReceipts(system) };
    const verdicts: Verdict[] = [];
    const stage = async (part: Part, name: Case['stage']): Promise<void> => {
      for (const each of part.stages[name].filter((one) => keyOf(one).includes(only))) {
        const verdict = await judged({ ...world, part }, each);
        verdicts.push(verdict);
        told(verdict);
      }
    };
    for (const part of parts) await stage(part, 'unlinked');
    for (const { bridge } of parts) if (!(await system.status(bridge)).paired) await link(system, bridge);
    // Linked in the order of the parts, and the account counts its companions.
    for (const [index, { deviceId }] of system.simulator.owner.companions.entries()) devices.set(parts[index]!.bridge, deviceId);
    for (const part of parts) await stage(part, 'linked');
    for (const part of parts) await stage(part, 'last');
    return verdicts;
  } finally {
    await system.close();
  }
}

async function judged({ part, ...world }: Omit<Scene, 'bridge'> & { part: Part }, each: Case): Promise<Verdict> {
  const { bridge, known } = part;
  const began = performance.now();
  const failure = await perform({ ...world, bridge }, each);
  if (each.stage === 'linked') await calm(world.system, bridge);
  return { bridge, case: each, failure, known: known[keyOf(each)], milliseconds: Math.round(performance.now() - began) };
}
