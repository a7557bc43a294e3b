/** Names in the data folder, for every process. Paths are relative to it. */
export const files = {
  messages: 'messages.db',
  whatsmeowSession: 'whatsmeow.db',
  baileysSession: 'baileys_auth.db',
  staging: 'baileys_temp.db',
  /** Bearer token of both bridges, hex, mode 0600. Whoever starts first makes it. */
  token: 'token',
  config: 'config.json',
  /** Written by a bridge that listens: {"bridge","pid","port","started_at"}; removed when it stops. */
  whatsmeowRun: 'run/whatsmeow.json',
  baileysRun: 'run/baileys.json',
  /** SQLite files whose exclusive transaction is the lock: a killed holder releases it at once. */
  whatsmeowLock: 'run/whatsmeow.lock',
  baileysLock: 'run/baileys.lock',
  mergeLock: 'run/merge.lock',
  indexLock: 'run/index.lock',
  supervisorRun: 'run/supervisor.json',
  supervisorLock: 'run/supervisor.lock',
  logs: 'logs',
  media: 'media',
  exports: 'exports',
  outbox: 'outbox',
  audit: 'audit.jsonl',
} as const;
