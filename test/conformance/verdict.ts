/** What came of a case, held against what is known to fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bridge } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Case } from './case.ts';
import { keyOf } from './case.ts';

export interface Verdict {
  readonly bridge: Bridge;
  readonly case: Case;
  /** Why it failed; undefined where it passed. */
  readonly failure: string | undefined;
  /** Why it may fail; undefined where it must pass. */
  readonly known: string | undefined;
  readonly milliseconds: number;
}

export type KnownFailures = Readonly<Record<string, string>>;

/** Reasons by case. Throws where a line names no case of this bridge, so that the list cannot grow old. */
export function knownFailures(bridge: Bridge, cases: readonly Case[]): KnownFailures {
  const path = join(import.meta.dirname, 'known-failing', `${bridge}.json`);
  const known = z.record(z.string(), z.string().min(10)).parse(JSON.parse(readFileSync(path, 'utf8')));
  const keys = new Set(cases.map(keyOf));
  const strange = Object.keys(known).filter((key) => !keys.has(key));
  if (strange.length > 0) throw new Error(`${path} names cases that there are not: ${strange.join(', ')}`);
  return known;
}

/** A gap is a case that fails and is not known to; a surprise is one that passes although it is known to fail. */
export const isGap = ({ failure, known }: Verdict): boolean => failure !== undefined && known === undefined;
export const isSurprise = ({ failure, known }: Verdict): boolean => failure === undefined && known !== undefined;
