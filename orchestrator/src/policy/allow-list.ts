/** A setting that lists people and chats. Compared over every form (PN, LID) in which a chat is known. */
import { Jid, PhoneNumber } from '@whatsapp-mcp/contract';

export interface AllowList {
  /** Undefined: the setting is not there, and everything is allowed. Empty: nothing is. */
  readonly jids: ReadonlySet<string> | undefined;
  /** Entries that are neither a phone number nor a JID; one of them makes the list allow nothing. */
  readonly unreadable: readonly string[];
}

export function parseAllowList(entries: readonly string[] | undefined): AllowList {
  if (entries === undefined) return { jids: undefined, unreadable: [] };
  const parsed = entries.map((entry) => ({ entry, jid: jidOf(entry) }));
  const unreadable = parsed.filter(({ jid }) => jid === undefined).map(({ entry }) => entry);
  const readable = parsed.flatMap(({ jid }) => (jid === undefined ? [] : [jid]));
  return { jids: new Set(unreadable.length > 0 ? [] : readable), unreadable };
}

function jidOf(entry: string): string | undefined {
  const jid = Jid.safeParse(entry.trim().replace(/@c\.us$/, '@s.whatsapp.net'));
  if (jid.success) return jid.data;
  const digits = PhoneNumber.safeParse(entry.replace(/^\s*(\+|00)/, '').replace(/[\s().-]/g, ''));
  return digits.success && /^[\s\d().+-]+$/.test(entry) ? `${digits.data}@s.whatsapp.net` : undefined;
}

/** Whether a chat is on the list; `formsOf` gives every JID under which it is known, itself included. */
export function allows(list: AllowList, jid: string, formsOf: (jid: string) => readonly string[]): boolean {
  return list.jids === undefined || formsOf(jid).some((form) => list.jids?.has(form));
}
