/** Every operation of the contract that this bridge serves. */
import type { BaileysHandlers } from '../server/run.ts';
import type { Context } from './context.ts';
import { historyHandlers } from './history.ts';
import { sessionHandlers } from './session.ts';

export function makeHandlers(context: Context): BaileysHandlers {
  return { ...sessionHandlers(context), ...historyHandlers(context) } as unknown as BaileysHandlers;
}
