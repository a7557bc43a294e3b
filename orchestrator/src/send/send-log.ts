/** Every send, written down before its first attempt: what a repeated key answers, and what counts against the day. */
import type { Bridge } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';

export type SendOutcome = 'pending' | 'sent' | 'failed' | 'unknown';

export interface LoggedSend {
  readonly key: string;
  readonly request_hash: string;
  readonly chat_jid: string;
  readonly message_id: string;
  readonly outcome: SendOutcome;
  /** JSON of the answer, once there is one. */
  readonly result: string | null;
  readonly created_at: number;
}

export interface NewSend {
  readonly key: string;
  readonly requestHash: string;
  readonly chat: string;
  readonly messageId: string;
}

/** How long a key stands for its send, milliseconds. */
export const KEY_LIFETIME_MS = 86_400_000;

const INSERT = `INSERT INTO send_log (key, request_hash, chat_jid, message_id, outcome, created_at, updated_at)
  VALUES (@key, @requestHash, @chat, @messageId, 'pending', @now, @now)
  ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash, chat_jid = excluded.chat_jid,
    message_id = excluded.message_id, outcome = 'pending', result = NULL, bridge = NULL, created_at = excluded.created_at, updated_at = excluded.updated_at`;

/** Takes the key for a new send, or gives the send that has it. One that certainly failed, or is a day old, gives it up. */
export function claim(db: Database, send: NewSend, now: number): LoggedSend | undefined {
  const take = db.transaction((): LoggedSend | undefined => {
    const held = db.prepare<[string], LoggedSend>('SELECT * FROM send_log WHERE key = ?').get(send.key);
    if (held !== undefined && held.outcome !== 'failed' && held.created_at > now - KEY_LIFETIME_MS) return held;
    db.prepare(INSERT).run({ ...send, now });
    return undefined;
  });
  return take.immediate();
}

export interface Ending {
  readonly outcome: SendOutcome;
  readonly bridge?: Bridge | undefined;
  readonly result?: object | undefined;
}

export function settle(db: Database, key: string, { outcome, bridge, result }: Ending, now: number): void {
  db.prepare('UPDATE send_log SET outcome = ?, bridge = ?, result = ?, updated_at = ? WHERE key = ?').run(outcome, bridge ?? null, result === undefined ? null : JSON.stringify(result), now, key);
}
