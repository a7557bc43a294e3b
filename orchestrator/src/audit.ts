/** One JSON line for each call that changed something for others or for the account: who, what, to whom, with what outcome. No text. */
import { appendFileSync } from 'node:fs';

export interface AuditEntry {
  readonly at: string;
  readonly tool: string;
  readonly client: string | undefined;
  readonly operations: readonly { readonly operation: string; readonly bridge?: string; readonly outcome: string; readonly targets: readonly string[]; readonly message_id?: string }[];
  readonly outcome: string;
}

export type Audit = (entry: AuditEntry) => void;

/** Appends to a file of mode 0600. Throws what the file system throws: a write that cannot be recorded must not pass unseen. */
export function createAudit(path: string): Audit {
  return (entry) => {
    appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  };
}
