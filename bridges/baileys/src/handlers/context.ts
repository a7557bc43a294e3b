/** What handlers work with. */
import type { BridgeStatus } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { Config } from '../config.ts';
import type { Downloader } from '../history/download.ts';
import type { Staging } from '../history/staging.ts';
import type { Log } from '../log.ts';
import type { BaileysHandlers } from '../server/run.ts';
import type { Capture } from '../session/capture.ts';
import type { Stake } from '../session/faults.ts';
import { failureOf } from '../session/faults.ts';
import type { KeyStore } from '../session/keys.ts';
import type { Redirect } from '../session/redirect.ts';
import type { Session } from '../session/session.ts';
import type { Socket } from '../session/socket.ts';

export interface Context {
  readonly config: Config;
  readonly session: Session;
  readonly staging: Staging;
  readonly keys: KeyStore;
  readonly capture: Capture;
  readonly downloader: Downloader;
  readonly redirect: Redirect | undefined;
  readonly status: () => BridgeStatus;
  readonly log: Log;
  readonly now: () => number;
}

/** Handlers of some operations. */
export type Some<Names extends keyof BaileysHandlers> = Pick<BaileysHandlers, Names>;

/** `promise`, or the reason of the signal as soon as it aborts. What was begun goes on, unheard. */
export async function until<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Asks WhatsApp something on an open connection; errors of Baileys become failures of the contract. */
export async function ask<Result>(
  { session }: Pick<Context, 'session'>,
  signal: AbortSignal,
  stake: Stake,
  work: (socket: Socket) => Promise<Result>,
): Promise<Result> {
  return session.use(signal, async (socket) => {
    try {
      return await until(signal, work(socket));
    } catch (error) {
      if (stake === 'something' && signal.aborted && error === signal.reason) throw new Failure('outcome_unknown', 'WhatsApp had it, but the answer did not come in time.');
      throw failureOf(error, stake);
    }
  });
}
