/** Baileys' log, reduced to its sentences: what it logs beside them holds keys, stanzas and media keys. */
import type { ILogger } from '@whiskeysockets/baileys/lib/Utils/logger.js';
import type { Log } from '../log.ts';

export function libraryLog(log: Log): ILogger {
  const silent = (): void => undefined;
  const sentence = (details: unknown, message?: string): void => {
    const said = message ?? (typeof details === 'string' ? details : undefined);
    if (said !== undefined) log.debug({ library: 'baileys' }, said.slice(0, 200));
  };
  // Any level but trace and debug keeps it from building stanza dumps.
  const logger: ILogger = { level: 'warn', child: () => logger, trace: silent, debug: silent, info: silent, warn: sentence, error: sentence };
  return logger;
}
