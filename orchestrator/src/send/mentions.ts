/** Mentions: people named in a message, in the form in which the group addresses them. */
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { readsFor, resolvePeople } from '../recipient.ts';
import { contacts, groups } from '../store/schema.ts';

export interface Mentioned {
  readonly text: string;
  readonly mentions: string[];
}

/** In a group that addresses by LID, "@number" in the text becomes "@lid": clients show the name only for the form that was sent. */
export async function withMentions(context: Context, message: { readonly to: string; readonly text: string }, people: readonly string[]): Promise<Mentioned> {
  const jids = await resolvePeople(context, people);
  const { orm } = readsFor(context);
  const mode = orm.select({ mode: groups.addressingMode }).from(groups).where(eq(groups.jid, message.to)).get()?.mode;
  if (mode !== 'lid') return { text: message.text, mentions: jids };
  const pairs = jids.map((jid) => ({ jid, lid: orm.select({ lid: contacts.lidJid }).from(contacts).where(eq(contacts.jid, jid)).get()?.lid ?? jid }));
  const text = pairs.reduce((written, { jid, lid }) => written.replaceAll(`@${userPart(jid)}`, `@${userPart(lid)}`), message.text);
  return { text, mentions: pairs.map(({ lid }) => lid) };
}

function userPart(jid: string): string {
  return jid.slice(0, jid.indexOf('@'));
}
