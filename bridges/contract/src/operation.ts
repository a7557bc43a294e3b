import type { z } from 'zod';
import type { FailureCode } from './failures.ts';

export const bridges = ['whatsmeow', 'baileys'] as const;
export type Bridge = (typeof bridges)[number];

/**
 * May the operation be run again?
 * - `safe`: idempotent, on any bridge, after any failure.
 * - `by_id`: on the same bridge, with the same message id.
 * - `never`: not after it was handed to WhatsApp.
 */
export type Replay = 'safe' | 'by_id' | 'never';

export interface Operation<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  By extends readonly Bridge[] = readonly Bridge[],
> {
  readonly summary: string;
  readonly bridges: By;
  readonly replay: Replay;
  readonly input: Input;
  readonly output: Output;
  /** Failures that this operation adds to those of every operation (`everywhere`). */
  readonly fails: readonly FailureCode[];
  /** How long a bridge may work on it, milliseconds. */
  readonly deadlineMs: number;
}

/** Failures that any operation may end with. */
export const everywhere = [
  'invalid_argument',
  'malformed_json',
  'unauthorized',
  'forbidden_origin',
  'too_large',
  'unknown_operation',
  'not_paired',
  'bridge_off',
  'disconnected',
  'banned',
  'client_outdated',
  'rate_limited',
  'whatsapp_error',
  'timeout',
  'cancelled',
  'internal',
] as const satisfies readonly FailureCode[];

export const both = ['whatsmeow', 'baileys'] as const;
export const onlyWhatsmeow = ['whatsmeow'] as const;
export const onlyBaileys = ['baileys'] as const;

type Declared<I extends z.ZodType, O extends z.ZodType, B extends readonly Bridge[]> = Omit<Operation<I, O, B>, 'fails' | 'deadlineMs'> & {
  readonly fails?: readonly FailureCode[];
  readonly deadlineMs?: number;
};

/** Declares one operation. The default deadline is 20 s: less than the 45 s that a tool may take. */
export function operation<I extends z.ZodType, O extends z.ZodType, const B extends readonly Bridge[]>(
  declared: Declared<I, O, B>,
): Operation<I, O, B> {
  return { fails: [], deadlineMs: 20_000, ...declared };
}
