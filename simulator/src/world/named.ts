import { worldOf } from './generate.ts';
import type { Density, World, WorldSpec } from './types.ts';

/**
 * Thursday 19 November 2026, 18:30 UTC: "now" of a world whose spec says nothing else. Give the
 * time of the clock instead where live messages follow: they should not be older than the past.
 */
export const DEFAULT_BASE_TIME = 1_795_113_000;
export const DEFAULT_SEED = 7;
/** About eighteen months. */
const SPAN_DAYS = 548;

/** What a phone in ordinary use holds, in parts of a thousand. */
export const usualDensity: Density = { media: 95, reply: 70, reaction: 80, edit: 15, revoke: 8, star: 6, longText: 10, other: 18 };

const base: WorldSpec = {
  name: 'empty',
  seed: DEFAULT_SEED,
  baseTime: DEFAULT_BASE_TIME,
  spanDays: SPAN_DAYS,
  people: 3,
  directChats: 0,
  groups: 0,
  communities: 0,
  newsletters: 0,
  statusPosts: 0,
  totalMessages: 0,
  overlap: 0,
  density: usualDensity,
  cast: 'generated',
};

/**
 * `empty`: the owner and three people, no chats. `demo`: a hand-written cast of forty with 24,000
 * messages. `crowd`: a generated world of about 20,000 messages in many chats.
 */
const specs = {
  empty: base,
  demo: { ...base, name: 'demo', cast: 'demo', people: 40, directChats: 30, groups: 8, communities: 2, newsletters: 3, statusPosts: 12, totalMessages: 24_000, overlap: 3 },
  crowd: { ...base, name: 'crowd', people: 120, directChats: 80, groups: 24, communities: 3, newsletters: 4, statusPosts: 20, totalMessages: 20_000, overlap: 2 },
} as const satisfies Record<string, WorldSpec>;

export type WorldName = keyof typeof specs;

export const worldNames = Object.keys(specs) as readonly WorldName[];

/** The spec of a named world, changed where the caller says so. */
export function specOf(name: WorldName, changes: Partial<WorldSpec> = {}): WorldSpec {
  return { ...specs[name], ...changes };
}

export const namedWorld = (name: WorldName, changes: Partial<WorldSpec> = {}): World => worldOf(specOf(name, changes));
