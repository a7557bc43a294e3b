export { worldOf } from './generate.ts';
export { canonicalJid, GROUP_SERVER, jidOf, LID_SERVER, lidJid, PN_SERVER, pnJid, splitJid, STATUS_JID } from './jids.ts';
export { DEFAULT_BASE_TIME, DEFAULT_SEED, namedWorld, specOf, usualDensity, worldNames, type WorldName } from './named.ts';
export type * from './types.ts';
