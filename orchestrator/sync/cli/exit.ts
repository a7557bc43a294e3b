/** What the shell is told. */
import { Failure } from '@whatsapp-mcp/contract';
import { ConfigError } from '../../src/config.ts';
import { versionMismatch } from '../../src/store/migrations.ts';

export const exits = { complete: 0, failed: 1, incomplete: 2, locked: 3, versionMismatch: 4, lostData: 5, usage: 64 } as const;

export type Exit = (typeof exits)[keyof typeof exits];

export const exitHelp = `Exit codes:
  0  complete: nothing is left to do
  1  failed, as the message says
  2  incomplete: run it again, or do what the message says
  3  locked: another process is at work, or the merge is paused
  4  messages.db is of another version of this program
  5  lost: something that was merged is not there (verify says what)
  64 wrong usage or settings`;

/** Undefined for a defect: it is thrown on. */
export function exitOf(error: unknown): Exit | undefined {
  if (error instanceof ConfigError) return exits.usage;
  if (!(error instanceof Failure)) return undefined;
  if (error.details?.['reason'] === versionMismatch.reason) return exits.versionMismatch;
  return error.code === 'locked' ? exits.locked : exits.failed;
}
