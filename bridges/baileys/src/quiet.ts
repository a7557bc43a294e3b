/**
 * Silences the console of this process; imported before anything else.
 * libsignal writes whole sessions with private keys to console.info and console.warn (libsignal src/session_record.js),
 * the former to stdout. Our own log goes to stderr through pino and needs no console.
 */
const silent = (): void => undefined;

for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group', 'groupEnd'] as const) {
  // eslint-disable-next-line no-console -- the one place that takes the console away
  console[method] = silent;
}
