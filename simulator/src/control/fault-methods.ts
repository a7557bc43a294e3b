import * as z from 'zod';
import { withoutGaps } from './gaps.ts';
import { method } from './method.ts';
import type { Method } from './method.ts';

/** Longest delay of a fault. */
const MAX_DELAY_MS = 600_000;
const MAX_COUNT = 1_000_000;

/** See `Scope` in exchange/faults.ts. */
const scope = z.strictObject({
  direction: z.enum(['to_client', 'from_client']),
  account: z.string().describe('Digits of the phone number').optional(),
  device: z.int().min(1).max(255).optional(),
  tag: z.string().optional(),
  type: z.string().optional(),
  xmlns: z.string().optional(),
  child: z.string().optional(),
  skip: z.int().min(0).max(MAX_COUNT).optional(),
  times: z.int().min(1).max(MAX_COUNT).optional(),
});

/** See `Effect` in exchange/faults.ts. */
const effect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(0).max(MAX_DELAY_MS) }),
  z.strictObject({ kind: z.literal('duplicate'), copies: z.int().min(1).max(100) }),
  z.strictObject({ kind: z.literal('reorder'), behind: z.int().min(1).max(1_000) }),
  z.strictObject({ kind: z.literal('corrupt') }),
  z.strictObject({ kind: z.literal('refuse'), code: z.int().min(400).max(599), text: z.string().max(200) }),
]);

/** What can go wrong on purpose. */
export const faultMethods: Readonly<Record<string, Method>> = {
  add_fault: method({
    about: 'Lets stanzas of clients go wrong; answers the id of the fault.',
    input: z.strictObject({ scope, effect }),
    run: ({ faults }, input) => ({ id: faults.put(withoutGaps(input.scope), input.effect) }),
  }),
  fault: method({
    about: 'How often a fault has struck.',
    input: z.strictObject({ id: z.int().min(1) }),
    run: ({ faults }, { id }) => {
      const strikes = faults.strikes(id);
      if (strikes === undefined) throw new RangeError(`there is no fault ${id}`);
      return { id, strikes };
    },
  }),
  lift_fault: method({
    about: 'Lifts a fault; without an id, all of them, and lets go what they held.',
    input: z.strictObject({ id: z.int().min(1).optional() }),
    run: ({ faults }, { id }) => {
      if (id === undefined) faults.clear();
      else if (!faults.lift(id)) throw new RangeError(`there is no fault ${id}`);
    },
  }),
  refuse_logins: method({
    about: 'Refuses logins with a reason, so often or always.',
    input: z.strictObject({
      account: z.string().describe('Digits; left out, nobody gets in').optional(),
      reason: z.int().min(400).max(599),
      attrs: z.record(z.string(), z.string()).optional(),
      times: z.int().min(1).max(MAX_COUNT).optional(),
    }),
    run: (simulator, input) => {
      simulator.refuseLogins(withoutGaps(input));
    },
  }),
  accept_logins: method({
    about: 'Lifts all refusals of logins.',
    input: z.strictObject({}),
    run: ({ exchange }) => exchange.refusals.clear(),
  }),
};
