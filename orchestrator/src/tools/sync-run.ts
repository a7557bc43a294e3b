/** What tools tell of a history run, and how long they wait for it. */
import { Failure, failures } from '@whatsapp-mcp/contract';
import type { HistoryEvent } from '../../sync/history.ts';
import type { RunReport } from '../../sync/run-report.ts';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { localTime } from '../store/local-time.ts';
import { obstacleOfOperation } from '../usability.ts';

/** A run with nobody to ask would only find out chat by chat. */
export function refuseWithoutBridge({ backends }: Context): void {
  const obstacle = obstacleOfOperation('history.request', { storeWorks: true, stateOf: (bridge) => backends.health(bridge).state });
  if (obstacle === undefined) return;
  throw new Failure(obstacle.code, `No bridge can ask the phone for history now (${obstacle.bridge ?? 'both'}: ${obstacle.code}). ${failures[obstacle.code].hint}`);
}

/** Reports messages as they come. The count only grows, as MCP demands of progress. */
export function progressOf(context: Context): (event: HistoryEvent) => void {
  const received = new Map<string, number>();
  let told = 0;
  return (event) => {
    if (event.type !== 'chat') return;
    received.set(event.chat, Math.max(received.get(event.chat) ?? 0, event.received));
    const done = [...received.values()].reduce((sum, count) => sum + count, 0);
    if (done <= told) return;
    told = done;
    context.progress({ done, message: `${done} older messages received; ${event.chat}: ${event.state}` });
  };
}

/** The run when it has ended or the time is over. A host that cancels the call cancels the run: its checkpoint stays. */
export async function awaitRun(context: Context, syncId: string, ms: number): Promise<RunReport> {
  const history = context.history();
  const report = await history.wait(syncId, { ms, signal: context.signal });
  if (!context.signal.aborted || report.state !== 'running') return report;
  history.cancel(syncId);
  throw new Failure('cancelled', `The sync ${syncId} was cancelled. What it stored stays; resume_sync goes on from there.`);
}

export function runView(context: Context, run: RunReport): JsonObject {
  const { format } = localTime(context.timeZone);
  const running = run.state === 'running';
  return {
    sync_id: run.syncId,
    kind: run.kind,
    state: run.state,
    finished: !running,
    received_messages: run.received,
    chats: run.chats,
    started: format(run.createdAt),
    updated: format(run.updatedAt),
    ...(run.finishedAt !== undefined && { ended: format(run.finishedAt) }),
    ...(run.error !== undefined && { reason: run.error }),
    ...(running && { next_step: 'It goes on by itself: call get_sync_status with this sync_id.' }),
    ...((run.state === 'incomplete' || run.state === 'cancelled') && { next_step: 'resume_sync with this sync_id goes on from the checkpoint.' }),
  };
}
