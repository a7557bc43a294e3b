/** Log lines as JSON on stderr: stdout belongs to the protocol. No line holds message text, keys or QR contents. */
import pino from 'pino';
import type { Logger } from 'pino';

export type Log = Logger;

export function createLog(level: 'debug' | 'info' | 'warn' | 'error'): Log {
  return pino({ level, base: { process: 'orchestrator' }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}
