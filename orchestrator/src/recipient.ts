/** Whom a tool's argument means: stored chats by any reference, unknown numbers by asking WhatsApp. */
import { Failure, UserJid } from '@whatsapp-mcp/contract';
import type { Context } from './context.ts';
import { homeRegion, resolveChat } from './store/identity.ts';
import { namesOf } from './store/names.ts';
import { readsOf } from './store/reads.ts';
import type { Reads } from './store/reads.ts';
import { parseReference } from './store/reference.ts';

/** Reads for resolving what the user writes: names outside the visible chats are not found, JIDs are left to policy. */
export function readsFor(context: Context): Reads {
  return readsOf(context.store.read, context.policy.visibleChats());
}

/**
 * Canonical JID of the chat that a JID, number, wa.me link or name means. A number that no chat has is looked up on WhatsApp.
 * Throws Failure ambiguous, not_found, invalid_argument.
 */
export async function resolveRecipient(context: Context, text: string): Promise<string> {
  const reads = readsFor(context);
  const { jid, known } = resolveChat(reads, text);
  if (known) return jid;
  const reference = parseReference(text, homeRegion(reads));
  if (reference.kind !== 'phone') return jid;
  return lookedUp(context, reference.numbers, text);
}

async function lookedUp(context: Context, numbers: readonly string[], text: string): Promise<string> {
  const { results } = await context.ask('contact.check', { phone_numbers: [...numbers] });
  const found = results.find((result) => result.on_whatsapp);
  if (found === undefined) throw new Failure('not_found', `"${text}" is not on WhatsApp.`);
  return found.jid ?? `${found.phone_number}@s.whatsapp.net`;
}

/** As resolveRecipient, for a chat that is only changed on this account: nothing is looked up. */
export function resolveOwnChat(context: Context, text: string): string {
  return resolveChat(readsFor(context), text).jid;
}

/** A person's JID. Throws Failure invalid_argument where the reference means a group or channel. */
export async function resolvePerson(context: Context, text: string): Promise<string> {
  const jid = await resolveRecipient(context, text);
  if (!UserJid.safeParse(jid).success) throw new Failure('invalid_argument', `"${text}" (${jid}) is not a person.`);
  return jid;
}

export async function resolvePeople(context: Context, texts: readonly string[]): Promise<string[]> {
  const jids: string[] = [];
  for (const text of texts) jids.push(await resolvePerson(context, text));
  return [...new Set(jids)];
}

/** The JID of a group or community. Throws Failure invalid_argument for anything else. */
export function resolveGroup(context: Context, text: string): string {
  const jid = resolveOwnChat(context, text);
  if (!jid.endsWith('@g.us')) throw new Failure('invalid_argument', `"${text}" (${jid}) is not a group: expected a JID that ends in @g.us. list_chats gives them.`);
  return jid;
}

export function nameOf(context: Context, jid: string): string {
  return namesOf(readsOf(context.store.read, undefined), [jid]).get(jid) ?? jid;
}
