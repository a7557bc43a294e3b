/** Where the output of a program in the background goes: a file that is turned over by size. */
import { basename, dirname } from 'node:path';
import { createStream } from 'rotating-file-stream';

const TURN_OVER_AT = '5M';
const OLD_FILES_KEPT = 3;

export interface LogFile {
  write(chunk: string | Uint8Array): void;
  /** Ends when everything is written. */
  close(): Promise<void>;
}

/** Appends to `path`; full files become `<path>.1` (newest) to `<path>.3`. Mode 0600. */
export function openLog(path: string, onError: (error: Error) => void): LogFile {
  const name = basename(path);
  const stream = createStream((index) => (typeof index === 'number' ? `${name}.${index}` : name), {
    path: dirname(path),
    size: TURN_OVER_AT,
    rotate: OLD_FILES_KEPT,
    mode: 0o600,
  });
  stream.on('error', onError);
  return {
    write: (chunk) => void stream.write(chunk),
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
