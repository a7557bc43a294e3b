/** What messages.db knows of chats, as far as policy has to. Without a store nothing is known, and nothing is allowed by it. */
import { Failure } from '@whatsapp-mcp/contract';
import type { Store } from '../context.ts';
import { canonicalJid, formsOf } from '../store/identity.ts';
import { namesOf } from '../store/names.ts';
import { readsOf } from '../store/reads.ts';
import type { Reads } from '../store/reads.ts';
import type { KnownChats } from './policy.ts';

export function createKnownChats(store: Pick<Store, 'read'>): KnownChats {
  const known = <Value>(read: (reads: Reads) => Value, unknown: Value): Value => {
    try {
      return read(readsOf(store.read, undefined));
    } catch (error) {
      if (error instanceof Failure && error.code === 'store_unavailable') return unknown;
      throw error;
    }
  };
  const canonical = (jid: string): string => known((reads) => canonicalJid(reads, jid), jid);
  return {
    canonical,
    formsOf: (jid) => known((reads) => formsOf(reads, jid), [jid]),
    displayName: (jid) => known((reads) => namesOf(reads, [jid]).get(jid) ?? '', ''),
    hasWrittenTo: (jid) =>
      known(() => store.read.prepare('SELECT 1 FROM messages WHERE chat_jid = ? AND is_from_me = 1 LIMIT 1').get(canonical(jid)) !== undefined, false),
  };
}
