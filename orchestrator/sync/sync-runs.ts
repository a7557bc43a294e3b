/** History runs and the checkpoints of chats, in messages.db: any process can say how they stand, and go on with them. */
import type { Database } from 'better-sqlite3';
import type { Anchor, ChatState, Limits, WalkEnd } from './paging.ts';

export type RunState = 'running' | 'paused' | 'complete' | 'incomplete' | 'cancelled' | 'failed';
export type RunKind = 'merge' | 'retrieve' | 'fetch';

export interface Run {
  readonly sync_id: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly until_ts: number | null;
  readonly max_messages: number | null;
  readonly owner: string;
  readonly error: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly finished_at: number | null;
}

export interface RunChat {
  readonly chat_jid: string;
  /** `idle`: its turn has not ended yet. */
  readonly state: 'idle' | WalkEnd;
  readonly received: number;
}

export interface ChatCheckpoint {
  readonly chat_jid: string;
  readonly name: string | null;
  readonly state: ChatState;
  readonly request_jid: string | null;
  readonly anchor_id: string | null;
  readonly anchor_ts: number | null;
  readonly pages: number;
  readonly received: number;
  readonly inserted: number;
  readonly request_id: string | null;
  readonly requested_at: number | null;
  readonly deadline: number | null;
  readonly attempts: number;
  readonly next_attempt_at: number | null;
  readonly end_type: number | null;
  readonly last_error: string | null;
  readonly updated_at: number;
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly messages: number;
}

export interface NewRun {
  readonly syncId: string;
  readonly kind: RunKind;
  readonly limits: Limits;
  readonly chats: readonly string[];
  readonly owner: string;
  readonly now: number;
}

/** Changes of a chat's checkpoint; what is left out stays. */
export type ChatChange = Partial<{
  state: ChatState;
  request_jid: string;
  request_id: string | null;
  requested_at: number;
  deadline: number | null;
  attempts: number;
  next_attempt_at: number | null;
  pages: number;
  received: number;
  end_type: number | null;
  last_error: string | null;
}> & { anchor?: Anchor };

/** A run whose owner has not written for this long has lost it: every owner writes at least once a minute. */
export const ABANDONED_MS = 180_000;

export interface SyncRuns {
  create(run: NewRun): void;
  get(syncId: string): Run | undefined;
  /** Newest first. */
  latest(limit: number): Run[];
  chats(syncId: string): RunChat[];
  /** Makes the caller the owner; the one before is refused at its next write. False where it is still at work. */
  take(syncId: string, owner: string, now: number): boolean;
  /** Notes where a chat of a run stands. False when the run is no longer the caller's, or was cancelled. */
  note(run: { readonly syncId: string; readonly owner: string; readonly now: number }, chat: RunChat): boolean;
  /** False as with note. */
  beat(syncId: string, owner: string, now: number): boolean;
  finish(syncId: string, owner: string, end: { readonly state: RunState; readonly error: string | null; readonly now: number }): void;
  /** For whoever owns it to notice. False when it has already ended. */
  cancel(syncId: string, now: number): boolean;
  chatCheckpoint(chat: string): ChatCheckpoint | undefined;
  chatCheckpoints(limit: number): ChatCheckpoint[];
  change(chat: string, change: ChatChange, now: number): void;
  reset(chat: string): void;
}

export function createSyncRuns(database: Database): SyncRuns {
  return { ...runTable(database), ...ownership(database), ...chatTable(database) };
}

function runTable(database: Database): Pick<SyncRuns, 'create' | 'get' | 'latest' | 'chats'> {
  const insert = database.prepare(
    "INSERT INTO sync_run (sync_id, kind, state, until_ts, max_messages, owner, created_at, updated_at) VALUES (?, ?, 'running', ?, ?, ?, ?, ?)",
  );
  const insertChat = database.prepare('INSERT INTO sync_run_chats (sync_id, chat_jid) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const get = database.prepare<[string], Run>('SELECT * FROM sync_run WHERE sync_id = ?');
  const latest = database.prepare<[number], Run>('SELECT * FROM sync_run ORDER BY created_at DESC, sync_id LIMIT ?');
  const chats = database.prepare<[string], RunChat>('SELECT chat_jid, state, received FROM sync_run_chats WHERE sync_id = ?');
  return {
    create: ({ syncId, kind, limits, owner, now, ...run }) => {
      const save = database.transaction(() => {
        insert.run(syncId, kind, limits.until ?? null, limits.maxMessages ?? null, owner, now, now);
        for (const chat of run.chats) insertChat.run(syncId, chat);
      });
      save.immediate();
    },
    get: (syncId) => get.get(syncId),
    latest: (limit) => latest.all(limit),
    chats: (syncId) => chats.all(syncId),
  };
}

function ownership(database: Database): Pick<SyncRuns, 'take' | 'note' | 'beat' | 'finish' | 'cancel'> {
  const take = database.prepare(
    "UPDATE sync_run SET owner = ?, state = 'running', error = NULL, finished_at = NULL, updated_at = ? WHERE sync_id = ? AND (state <> 'running' OR updated_at < ?)",
  );
  const beat = database.prepare("UPDATE sync_run SET updated_at = ? WHERE sync_id = ? AND owner = ? AND state = 'running'");
  const note = database.prepare('UPDATE sync_run_chats SET state = ?, received = ? WHERE sync_id = ? AND chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = ?), ?)');
  const finish = database.prepare("UPDATE sync_run SET state = ?, error = ?, updated_at = ?, finished_at = ? WHERE sync_id = ? AND owner = ? AND state = 'running'");
  const cancel = database.prepare("UPDATE sync_run SET state = 'cancelled', updated_at = ?, finished_at = ? WHERE sync_id = ? AND state IN ('running', 'paused')");
  const write = <Result>(work: () => Result): Result => database.transaction(work).immediate();
  const beatNow = (syncId: string, owner: string, now: number): boolean => beat.run(now, syncId, owner).changes > 0;
  return {
    take: (syncId, owner, now) => write(() => take.run(owner, now, syncId, now - ABANDONED_MS).changes > 0),
    beat: (syncId, owner, now) => write(() => beatNow(syncId, owner, now)),
    note: ({ syncId, owner, now }, chat) =>
      write(() => {
        if (!beatNow(syncId, owner, now)) return false;
        note.run(chat.state, chat.received, syncId, chat.chat_jid, chat.chat_jid);
        return true;
      }),
    finish: (syncId, owner, { state, error, now }) => {
      write(() => finish.run(state, error, now, now, syncId, owner));
    },
    cancel: (syncId, now) => write(() => cancel.run(now, now, syncId).changes > 0),
  };
}

const CHECKPOINT = `SELECT s.*, c.name,
  (SELECT min(timestamp) FROM messages m WHERE m.chat_jid = s.chat_jid) AS oldest,
  (SELECT max(timestamp) FROM messages m WHERE m.chat_jid = s.chat_jid) AS newest,
  (SELECT count(*) FROM messages m WHERE m.chat_jid = s.chat_jid) AS messages
FROM sync_chat_state s LEFT JOIN chats c ON c.jid = s.chat_jid`;

const changeable = ['state', 'request_jid', 'request_id', 'requested_at', 'deadline', 'attempts', 'next_attempt_at', 'pages', 'received', 'end_type', 'last_error'] as const;

function chatTable(database: Database): Pick<SyncRuns, 'chatCheckpoint' | 'chatCheckpoints' | 'change' | 'reset'> {
  const one = database.prepare<[string, string], ChatCheckpoint>(`${CHECKPOINT} WHERE s.chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = ?), ?)`);
  const many = database.prepare<[number], ChatCheckpoint>(`${CHECKPOINT} ORDER BY s.updated_at DESC, s.chat_jid LIMIT ?`);
  const begin = database.prepare("INSERT INTO sync_chat_state (chat_jid, state, updated_at) VALUES (?, 'idle', ?) ON CONFLICT DO NOTHING");
  const setters = new Map(changeable.map((column) => [column, database.prepare(`UPDATE sync_chat_state SET ${column} = ? WHERE chat_jid = ?`)]));
  const setAnchor = database.prepare('UPDATE sync_chat_state SET anchor_id = ?, anchor_ts = ?, anchor_from_me = ? WHERE chat_jid = ?');
  const touch = database.prepare('UPDATE sync_chat_state SET updated_at = ? WHERE chat_jid = ?');
  const remove = database.prepare('DELETE FROM sync_chat_state WHERE chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = ?), ?)');
  const alias = database.prepare<[string], { jid: string }>('SELECT jid FROM jid_aliases WHERE alias = ?');
  return {
    chatCheckpoint: (chat) => one.get(chat, chat),
    chatCheckpoints: (limit) => many.all(limit),
    change: (chat, { anchor, ...values }, now) => {
      const save = database.transaction(() => {
        const jid = alias.get(chat)?.jid ?? chat;
        begin.run(jid, now);
        for (const column of changeable) if (values[column] !== undefined) setters.get(column)?.run(values[column], jid);
        if (anchor !== undefined) setAnchor.run(anchor.id, anchor.timestamp, Number(anchor.from_me), jid);
        touch.run(now, jid);
      });
      save.immediate();
    },
    reset: (chat) => {
      database.transaction(() => remove.run(chat, chat)).immediate();
    },
  };
}
