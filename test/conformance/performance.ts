/** Performs one case on one bridge. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Bridge } from '@whatsapp-mcp/contract';
import type { CollectionName } from 'wa-sim';
import type { Answer } from '../harness/bridge-process.ts';
import type { System } from '../harness/system.ts';
import { until } from '../harness/until.ts';
import { otherBridge } from './actors.ts';
import type { Case, Step } from './case.ts';
import { differences, fill } from './pattern.ts';
import type { Names } from './pattern.ts';

/** What crosses processes has arrived by then. */
const SEEN_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 25;

export interface Scene {
  readonly system: System;
  readonly bridge: Bridge;
  readonly names: Names;
  /** Device ids, as the account's phone counts them; empty until both are linked. */
  readonly devices: ReadonlyMap<Bridge, number>;
  /** Ids of messages by the type of the receipts that the server was given for them. */
  readonly receipts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The words of a bridge, whatever its answer is. */
export function asked({ system, bridge }: Pick<Scene, 'system' | 'bridge'>, operation: string, { input, deadlineMs }: { input: unknown; deadlineMs?: number | undefined }): Promise<Answer> {
  const { token } = system.bridges[bridge];
  return system.bridges[bridge].request(`/v1/${operation}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(deadlineMs !== undefined && { 'x-deadline-ms': String(deadlineMs) }) },
    body: JSON.stringify(input),
  });
}

/** Names that are new in each performance: message ids, a path for a download, the time. */
const freshNames = ({ bridge, names, devices }: Scene): Record<string, unknown> => ({
  ...names,
  id: newMessageId(),
  other_id: newMessageId(),
  third_id: newMessageId(),
  fresh: randomBytes(4).toString('hex'),
  save_to: `${String((names['files'] as Names)['folder'])}/download-${randomBytes(6).toString('hex')}`,
  now_ms: Date.now(),
  now_seconds: Math.floor(Date.now() / 1000),
  bridge,
  device: devices.get(bridge),
});

const newMessageId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

/** Why the case fails; undefined where it passes. */
export async function perform(scene: Scene, { operation, given, ask, deadline_ms: deadlineMs, expect, seen }: Case): Promise<string | undefined> {
  const names = freshNames(scene);
  try {
    for (const step of given) await take(scene, step, names);
    const { body } = await asked(scene, operation, { input: fill(ask, names), deadlineMs });
    names['result'] = body.result;
    const wrong = judge(body, fill(expect, names) as Case['expect']);
    if (wrong !== undefined) return wrong;
    for (const step of seen) await take(scene, step, names);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function judge(body: Answer['body'], expect: Case['expect']): string | undefined {
  const told = body.ok ? `success (${JSON.stringify(body.result).slice(0, 300)})` : `${body.error?.code} (${body.error?.message})`;
  if ('failure' in expect) return body.error?.code === expect.failure ? undefined : `expected ${expect.failure}, got ${told}`;
  if (!body.ok) return `expected success, got ${told}`;
  return differences(expect.result, body.result).join('; ') || undefined;
}

/** Does a step, or looks until it shows what it should. */
async function take(scene: Scene, step: Step, names: Record<string, unknown>): Promise<void> {
  const look = async (): Promise<unknown> => lookOf(scene, step, names);
  const wanted = step.status ?? step.shows;
  if (wanted === undefined) {
    remember(step, await look(), names);
    return;
  }
  let last: unknown;
  let wrong: string[] = [];
  const fits = async (): Promise<true | undefined> => {
    last = await look();
    wrong = differences(fill(wanted, names), last, verbOf(step));
    return wrong.length === 0 ? true : undefined;
  };
  await until(verbOf(step), fits, { withinMs: SEEN_WITHIN_MS, everyMs: LOOK_EVERY_MS, last: () => wrong });
  remember(step, last, names);
}

function remember({ as }: Step, answer: unknown, names: Record<string, unknown>): void {
  if (as !== undefined) names[as] = answer;
}

const verbOf = ({ control, ask, other, setting, receipts, file }: Step): string => control ?? ask ?? other ?? setting?.join(' ') ?? receipts ?? file ?? 'status';

async function lookOf({ system, bridge, receipts }: Scene, step: Step, names: Names): Promise<unknown> {
  const input = fill(step.with ?? {}, names) as object;
  if (step.control !== undefined) return control(system, step.control, input);
  if (step.ask !== undefined) return system.bridges[bridge].call(step.ask, input);
  if (step.other !== undefined) return system.bridges[otherBridge(bridge)].call(step.other, input);
  if (step.receipts !== undefined) return [...(receipts.get(step.receipts) ?? [])];
  if (step.file !== undefined) return fileFacts(String(fill(step.file, names)));
  if (step.status !== undefined) return system.status(bridge);
  return setting(system, fill(step.setting, names) as string[]);
}

async function control(system: System, method: string, input: object): Promise<unknown> {
  const response = await fetch(`${system.simulator.origin}/control/${method}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) });
  const body = (await response.json()) as { result?: unknown; error?: { code: string; message: string } };
  if (!response.ok) throw new Error(`the simulator refuses ${method}: ${body.error?.code}: ${body.error?.message}`);
  return body.result;
}

function fileFacts(path: string): object {
  const bytes = readFileSync(path);
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('base64') };
}

/** The newest value under either address of a person: a client may file it under both. */
function setting({ simulator }: System, [collection = '', ...index]: string[]): unknown {
  const forms = [index, ...[...simulator.world.people.values()].flatMap(({ pn, lid }) => alternatives(index, pn, lid))];
  const values = forms.flatMap((form) => simulator.owner.setting(collection as CollectionName, form) ?? []);
  const distinct = values.filter((value, position) => values.findIndex((each) => isDeepStrictEqual(each, value)) === position);
  return distinct.toSorted((a, b) => Number(b.timestamp ?? 0) - Number(a.timestamp ?? 0))[0];
}

function alternatives(index: readonly string[], pn: string, lid: string): string[][] {
  const [byPn, byLid] = [`${pn}@s.whatsapp.net`, `${lid}@lid`];
  if (index.includes(byPn)) return [index.map((each) => (each === byPn ? byLid : each))];
  if (index.includes(byLid)) return [index.map((each) => (each === byLid ? byPn : each))];
  return [];
}
