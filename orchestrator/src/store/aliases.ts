/** All JIDs under which one chat or person is known. */
import { eq } from 'drizzle-orm';
import type { Reads } from './reads.ts';
import { jidAliases } from './schema.ts';

/** Canonical JID of any JID that was ever seen; an unknown one is its own. */
export function canonicalJid({ orm }: Reads, jid: string): string {
  return orm.select({ jid: jidAliases.jid }).from(jidAliases).where(eq(jidAliases.alias, jid)).get()?.jid ?? jid;
}

/** Every JID under which the same chat or person is known, the canonical one first. */
export function formsOf(reads: Reads, jid: string): readonly string[] {
  const canonical = canonicalJid(reads, jid);
  const aliases = reads.orm.select({ alias: jidAliases.alias }).from(jidAliases).where(eq(jidAliases.jid, canonical)).all();
  return [...new Set([canonical, ...aliases.map(({ alias }) => alias), jid])];
}
