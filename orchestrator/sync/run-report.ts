/** What a run came to, in numbers and with the next step. */
import type { WalkEnd } from './paging.ts';
import type { Run, RunChat, RunKind, RunState } from './sync-runs.ts';

export interface RunReport {
  readonly syncId: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly chats: Readonly<Record<WalkEnd | 'total' | 'waiting', number>>;
  /** Messages that came in answers, new or not. */
  readonly received: number;
  readonly until: number | undefined;
  readonly maxMessages: number | undefined;
  /** Why it ended as it did, and what to do. */
  readonly error: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | undefined;
}

export function summarize(run: Run, chats: readonly RunChat[]): RunReport {
  const count = (state: RunChat['state']): number => chats.filter((chat) => chat.state === state).length;
  return {
    syncId: run.sync_id,
    kind: run.kind,
    state: run.state,
    chats: {
      total: chats.length,
      waiting: count('idle'),
      complete: count('complete'),
      enough: count('enough'),
      no_access: count('no_access'),
      stalled: count('stalled'),
      phone_offline: count('phone_offline'),
    },
    received: chats.reduce((sum, chat) => sum + chat.received, 0),
    until: run.until_ts ?? undefined,
    maxMessages: run.max_messages ?? undefined,
    error: run.error ?? undefined,
    createdAt: run.created_at,
    updatedAt: run.updated_at,
    finishedAt: run.finished_at ?? undefined,
  };
}

/** How a run ends by how its chats ended. */
export function conclude(chats: readonly RunChat[]): { readonly state: RunState; readonly error: string | null } {
  const behind = chats.filter(({ state }) => state === 'phone_offline' || state === 'stalled' || state === 'idle');
  if (behind.length === 0) return { state: 'complete', error: null };
  const offline = behind.some(({ state }) => state === 'phone_offline');
  const advice = offline ? 'The phone did not answer: open WhatsApp on it, then call resume_sync.' : 'resume_sync tries them again; get_sync_checkpoints says why each one stopped.';
  return { state: 'incomplete', error: `${behind.length} of ${chats.length} chats are not complete. ${advice}` };
}
