/** What messages.db knows of chats, as far as policy has to. Without a store nothing is known, and nothing is allowed by it. */
import { Failure } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import type { Store } from '../context.ts';
import { shown } from '../store/display-text.ts';
import type { KnownChats } from './policy.ts';

const FORMS = `
  SELECT jid FROM jid_aliases WHERE alias = @jid
  UNION SELECT alias FROM jid_aliases WHERE jid IN (@jid, @canonical)
  UNION SELECT pn_jid FROM contacts WHERE jid = @canonical
  UNION SELECT lid_jid FROM contacts WHERE jid = @canonical
  UNION SELECT pn_jid FROM chats WHERE jid = @canonical
  UNION SELECT lid_jid FROM chats WHERE jid = @canonical
  UNION SELECT pn FROM jid_map WHERE lid = @jid AND contested = 0
  UNION SELECT lid FROM jid_map WHERE pn = @jid AND contested = 0`;

const NAME = `SELECT coalesce(
  (SELECT name FROM chats WHERE jid = @jid),
  (SELECT name FROM contact_cards WHERE jid = @jid)) AS name`;

export function createKnownChats(store: Pick<Store, 'read'>): KnownChats {
  const known = <Value>(read: (db: Database) => Value, unknown: Value): Value => {
    try {
      return read(store.read);
    } catch (error) {
      if (error instanceof Failure && error.code === 'store_unavailable') return unknown;
      throw error;
    }
  };
  const canonical = (jid: string): string =>
    known((db) => db.prepare<[string], string>('SELECT jid FROM jid_aliases WHERE alias = ?').pluck().get(jid) ?? jid, jid);
  return {
    canonical,
    formsOf: (jid) => {
      const at = { jid, canonical: canonical(jid) };
      const found = known((db) => db.prepare<typeof at, string | null>(FORMS).pluck().all(at), []);
      return [...new Set([jid, at.canonical, ...found.filter((form) => form !== null)])];
    },
    displayName: (jid) => shown(known((db) => db.prepare<{ jid: string }, string | null>(NAME).pluck().get({ jid: canonical(jid) }), null) ?? ''),
    hasWrittenTo: (jid) =>
      known((db) => db.prepare('SELECT 1 FROM messages WHERE chat_jid = ? AND is_from_me = 1 LIMIT 1').get(canonical(jid)) !== undefined, false),
  };
}
