/** A messages.db made by the real migrations, filled row by row. For tests of the read side. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openStore } from '../open.ts';

/** Moment at which the sample conversations begin, 2026-01-05 12:00 UTC. */
export const START = Date.UTC(2026, 0, 5, 12);

type Value = string | number | null | Buffer;
type Row = Readonly<Record<string, Value>>;

export interface SampleMessage {
  readonly chat: string;
  readonly id?: string;
  readonly text?: string | null;
  readonly sender?: string | null;
  readonly fromMe?: boolean;
  readonly at?: number;
  /** Any other column of messages. */
  readonly more?: Row;
}

export class SampleStore implements Disposable {
  readonly folder: string;
  readonly database: Database;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'read-side-'));
    this.database = openStore(join(this.folder, 'messages.db'), { mode: 'write' });
  }

  [Symbol.dispose](): void {
    this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  insert(table: string, row: Row): number {
    const names = Object.keys(row);
    const statement = this.database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`);
    return Number(statement.run(row).lastInsertRowid);
  }

  chat(jid: string, more: Row = {}): string {
    const kinds: Readonly<Record<string, string>> = { 'g.us': 'group', newsletter: 'newsletter', broadcast: 'broadcast' };
    const kind = jid === 'status@broadcast' ? 'status' : (kinds[jid.slice(jid.indexOf('@') + 1)] ?? 'user');
    const own: Row = kind === 'user' ? (jid.endsWith('@lid') ? { lid_jid: jid } : { pn_jid: jid }) : {};
    this.insert('chats', { jid, kind, ...own, ...more });
    return jid;
  }

  contact(jid: string, facts: Readonly<Record<string, string>>, more: Row = {}): string {
    this.insert('contacts', { jid, pn_jid: jid.endsWith('@s.whatsapp.net') ? jid : null, lid_jid: jid.endsWith('@lid') ? jid : null, ...more });
    for (const [field, value] of Object.entries(facts)) this.insert('contact_facts', { jid, field, value, ts: 0 });
    return jid;
  }

  /** Stores a message and keeps the chat's newest one; gives its mid. */
  message({ chat, id, text = null, sender, fromMe = false, at, more = {} }: SampleMessage): number {
    const count = Number(this.database.prepare('SELECT count(*) FROM messages').pluck().get());
    const timestamp = at ?? START + count * 60_000;
    const from = sender === undefined ? (fromMe || !/@(s\.whatsapp\.net|lid)$/.test(chat) ? null : chat) : sender;
    const mid = this.insert('messages', {
      id: id ?? `M${count}`,
      chat_jid: chat,
      sender: from,
      content: text,
      timestamp,
      is_from_me: fromMe ? 1 : 0,
      kind: 'text',
      origin: 1,
      first_seen_at: timestamp,
      ...more,
    });
    this.database
      .prepare('UPDATE chats SET last_message_time = ?, last_message_mid = ? WHERE jid = ? AND coalesce(last_message_time, 0) <= ?')
      .run(timestamp, mid, chat, timestamp);
    return mid;
  }
}
