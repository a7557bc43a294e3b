/** Which cases a bridge performs, in which order: those of the files, and those that every operation has. */
import { operationNames, operations } from '@whatsapp-mcp/contract';
import type { Bridge, Operation, OperationName } from '@whatsapp-mcp/contract';
import type { Case } from './case.ts';

const stages = ['unlinked', 'linked', 'last'] as const satisfies readonly Case['stage'][];

/** These have something to say before the bridge is linked, and cases of their own for it. */
const withoutLink = new Set<string>(['session.status', 'session.pair_qr', 'session.pair_code', 'session.passkey_response', 'session.logout', 'media.download', 'history.page', 'history.acknowledge', 'history.clear']);

export const servedBy = (bridge: Bridge): OperationName[] => operationNames.filter((name) => (operations[name] as Operation).bridges.includes(bridge));

/** What nobody can bring about on the simulator, and why. */
export const outOfReach: Readonly<Record<string, string>> = {
  'session.passkey_response': 'WhatsApp asks for a passkey only while it links certain accounts, and the simulator never does; its refusals are tested',
};

/** Everything that a bridge performs. Throws where an operation that it serves has no case, or none that can be asked before linking. */
export function programmeOf(bridge: Bridge, cases: readonly Case[]): Record<Case['stage'], Case[]> {
  const served = servedBy(bridge);
  const own = cases.filter((each) => (each.bridges === undefined || each.bridges.includes(bridge)) && served.includes(each.operation as OperationName));
  const missing = served.filter((name) => outOfReach[name] === undefined && !own.some((each) => each.operation === name && 'result' in each.expect));
  if (missing.length > 0) throw new Error(`no case shows ${bridge} succeed in: ${missing.join(', ')}`);
  const unlinked = served.filter((name) => !withoutLink.has(name)).map((name) => notPaired(name, own));
  const all = [...unlinked, ...served.map(surprised), ...own];
  return Object.fromEntries(stages.map((stage) => [stage, all.filter((each) => each.stage === stage)])) as Record<Case['stage'], Case[]>;
}

const bare = (operation: string, name: string): Omit<Case, 'ask' | 'expect'> => ({ operation, name, stage: 'unlinked', given: [], seen: [] });

/** What is asked is right, so that the missing link is the only reason to refuse. */
function notPaired(name: OperationName, cases: readonly Case[]): Case {
  const sample = cases.find(({ operation, expect, given }) => operation === name && 'result' in expect && given.every(({ ask, other, status }) => ask === undefined && other === undefined && status === undefined));
  if (sample === undefined) throw new Error(`${name} needs a case that succeeds and whose givens need no linked bridge`);
  return { ...bare(name, 'is refused before the bridge is linked'), given: sample.given, ask: sample.ask, expect: { failure: 'not_paired' } };
}

const surprised = (name: OperationName): Case => ({ ...bare(name, 'refuses a field that it does not know'), ask: { surprise: 1 }, expect: { failure: 'invalid_argument' } });
