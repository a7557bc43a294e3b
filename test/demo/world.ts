import { namedWorld } from 'wa-sim';
import type { World } from 'wa-sim';

/** Who plays: forty people, ten groups, 24,000 messages, the same at every start. */
export const demoWorld = (): World => namedWorld('demo');

/** How far back the simulated phone hands its history to a new device. */
export const OFFERED_DAYS = 365;

/** Epoch seconds of the oldest message that is handed over without being asked for. */
export const offeredSince = (world: World): number => world.spec.baseTime - OFFERED_DAYS * 86_400;

/** Phone number of somebody, by their own name. */
export function numberOf(world: World, pushName: string): string {
  const person = [...world.people.values()].find((one) => one.pushName === pushName);
  if (person === undefined) throw new Error(`nobody is called ${pushName} in this world`);
  return person.pn;
}
