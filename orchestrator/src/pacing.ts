/** Sends go out in order within a chat, and not faster than the settings allow. */
import { Failure } from '@whatsapp-mcp/contract';
import PQueue from 'p-queue';

export interface Pacing {
  /** Runs the send when its turn comes. Throws Failure rate_limited when that is later than `patienceMs`, or over the day's cap. */
  send<Value>(chat: string, run: () => Promise<Value>, turn: Turn): Promise<Value>;
}

export interface Turn {
  readonly signal: AbortSignal;
  readonly patienceMs: number;
}

export interface Limits {
  readonly sendsPerMinute: number;
  readonly sendsPerDay: number;
  /** Sends in the last 24 hours, of every server on this data folder. */
  readonly sentToday: () => number;
}

const MINUTE_MS = 60_000;

export function createPacing(limits: Limits): Pacing {
  const minute = new PQueue({ intervalCap: limits.sendsPerMinute, interval: MINUTE_MS, concurrency: 8 });
  const chats = new Map<string, PQueue>();
  return {
    send: async (chat, run, turn) => {
      const today = limits.sentToday();
      if (today >= limits.sendsPerDay) {
        throw new Failure('rate_limited', `WHATSAPP_SENDS_PER_DAY allows ${limits.sendsPerDay} sends in 24 hours, and ${today} were made.`);
      }
      const line = chats.get(chat) ?? new PQueue({ concurrency: 1 });
      chats.set(chat, line);
      try {
        return await inTurn([line, minute], run, { turn, limits });
      } finally {
        if (line.size === 0 && line.pending === 0) chats.delete(chat);
      }
    },
  };
}

type Queues = readonly [line: PQueue, minute: PQueue];

/** Waits for both queues. Once the send runs, nothing here stops it: its own deadline does. */
async function inTurn<Value>([line, minute]: Queues, run: () => Promise<Value>, { turn, limits }: { turn: Turn; limits: Limits }): Promise<Value> {
  const waiting = new AbortController();
  const giveUp = (): void => waiting.abort();
  const timer = setTimeout(giveUp, turn.patienceMs);
  turn.signal.addEventListener('abort', giveUp);
  const settle = (): void => {
    clearTimeout(timer);
    turn.signal.removeEventListener('abort', giveUp);
  };
  const begin = (): Promise<Value> => {
    settle();
    return run();
  };
  try {
    if (turn.signal.aborted) giveUp();
    const { signal } = waiting;
    return await line.add(() => minute.add(begin, { signal }), { signal });
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    if (turn.signal.aborted) throw new Failure('cancelled', 'The call was cancelled before its send began.');
    throw new Failure('rate_limited', `Other sends wait already, and WHATSAPP_SENDS_PER_MINUTE allows ${limits.sendsPerMinute}. Nothing was sent.`);
  } finally {
    settle();
  }
}
