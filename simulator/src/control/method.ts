import * as z from 'zod';
import type { Phone } from '../phone/phone.ts';
import type { Simulator } from '../simulator.ts';

/** What can be asked for over HTTP: the input, and what is done with it. */
export interface Method<Input extends z.ZodType = z.ZodType> {
  /** One sentence for the list of methods. */
  readonly about: string;
  readonly input: Input;
  readonly run: (simulator: Simulator, input: z.output<Input>) => unknown;
}

export const method = <Input extends z.ZodType>(given: Method<Input>): Method => given;

export const account = z.string().describe('Digits, PN JID or LID JID; the owner where it is left out').optional();

export const phoneOf = (simulator: Simulator, who: string | undefined): Phone => (who === undefined ? simulator.owner : simulator.phone(who));
