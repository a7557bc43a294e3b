/** The log: JSON lines on stderr. Neither bodies nor keys are written at any level. */
import type { Logger } from 'pino';
import { destination, pino, stdTimeFunctions } from 'pino';

export type Log = Logger;

export function openLog(level: string): Log {
  return pino(
    {
      level,
      base: { bridge: 'baileys' },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 2, sync: true }),
  );
}
