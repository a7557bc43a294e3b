/** Staged rows for the merge, and requests for older ones. */
import { readPage } from '../history/page.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

/** Phones that sleep answer late; the connection waits for them. */
const ANSWER_KEEPS_MS = 120_000;

type Names = 'history.request' | 'history.page' | 'history.acknowledge' | 'history.clear';

export function historyHandlers(context: Context): Some<Names> {
  const { staging, session, now } = context;
  return {
    'history.request': async ({ chat, anchor, count }, signal) => {
      const key = { remoteJid: chat, id: anchor.id, fromMe: anchor.from_me };
      // Seconds, although the field of the protobuf says milliseconds: with those the phone does not answer.
      const seconds = Math.floor(anchor.timestamp / 1000);
      const request_id = await ask(context, signal, 'nothing', (socket) => socket.fetchMessageHistory(count, key, seconds));
      session.expect(ANSWER_KEEPS_MS);
      return { request_id };
    },
    'history.page': async ({ after_seq, limit }) => readPage(staging, after_seq, limit),
    'history.acknowledge': async ({ source_uuid, seq }) => ({ acknowledged_seq: staging.acknowledge(source_uuid, seq) }),
    'history.clear': async ({ older_than, dry_run }) => staging.clear(older_than ?? now(), dry_run),
  };
}
