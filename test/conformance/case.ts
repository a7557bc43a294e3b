/** The cases of bridges/contract/cases: what is asked of a bridge, what it answers, and what the far side sees. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bridges, failureCodes, operationNames } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import { project } from '../harness/bridge-process.ts';

export const casesFolder = join(project, 'bridges/contract/cases');

const input = z.record(z.string(), z.unknown());
const operation = z.enum(operationNames as [string, ...string[]]);

/** One thing that is done or looked at: exactly one of the verbs. */
const Step = z
  .strictObject({
    control: z.string().optional().describe('Method of the simulator, by `POST /control/<name>`'),
    ask: operation.optional().describe('Operation of the bridge itself'),
    other: operation.optional().describe('Operation of the other bridge, the same account\'s other companion'),
    status: input.optional().describe('Waits until the bridge\'s status is like this'),
    setting: z.array(z.string()).min(2).optional().describe('App state of the account\'s phone: collection, then index'),
    receipts: z.string().optional().describe('Ids of the messages for which receipts of this type came'),
    file: z.string().optional().describe('SHA-256 (base64) and size of a file of this machine'),
    with: input.optional(),
    as: z.string().optional().describe('Name under which later steps find the answer'),
    shows: z.unknown().optional().describe('Partial answer; looked at until it fits'),
  })
  .refine(({ control, ask, other, status, setting, receipts, file }) => [control, ask, other, status, setting, receipts, file].filter((verb) => verb !== undefined).length === 1, 'expected exactly one verb');

export const Case = z.strictObject({
  name: z.string().min(1),
  operation,
  /** Only these bridges; for cases about what only one of them does. */
  bridges: z.array(z.enum(bridges)).min(1).optional(),
  /** `unlinked`: before the bridge is linked. `last`: after all others, because it takes the link away. */
  stage: z.enum(['unlinked', 'linked', 'last']).default('linked'),
  given: z.array(Step).default([]),
  ask: input.default({}),
  /** Milliseconds that the caller is ready to wait, where that is less than the operation's own deadline. */
  deadline_ms: z.int().min(1).optional(),
  expect: z.union([z.strictObject({ result: z.unknown() }), z.strictObject({ failure: z.enum(failureCodes) })]),
  seen: z.array(Step).default([]),
});

export type Case = z.infer<typeof Case>;
export type Step = z.infer<typeof Step>;

/** All cases, in the order of the files. Throws where a file breaks the schema or two cases of an operation share a name. */
export function readCases(folder = casesFolder): Case[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json')).toSorted();
  const cases = files.flatMap((name) => {
    const parsed = z.array(Case).safeParse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    if (!parsed.success) throw new Error(`${basename(name)}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  });
  const seen = new Set<string>();
  for (const key of cases.map(keyOf)) {
    if (seen.has(key)) throw new Error(`two cases are called "${key}"`);
    seen.add(key);
  }
  return cases;
}

/** How a case is called in reports and in the lists of known failures. */
export const keyOf = ({ operation: of, name }: Pick<Case, 'operation' | 'name'>): string => `${of}: ${name}`;
