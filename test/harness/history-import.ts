/** Brings the phone's history into messages.db, as a person would ask for it, and waits until it is all there. */
import type { McpHost } from './mcp-client.ts';
import type { System } from './system.ts';
import { until } from './until.ts';
import { ToolError } from './mcp-client.ts';

const IMPORT_WITHIN_MS = 240_000;

export function countStored(system: System): number {
  return system.query<{ n: number }>(`SELECT count(*) AS n FROM messages WHERE chat_jid NOT LIKE '%@newsletter'`)[0]?.n ?? 0;
}

/**
 * Merges again and again until messages.db holds `expected` messages, or as many as it ever will: the caller compares.
 * A merge that somebody else runs at the moment, or a bridge that is just starting again, is not a failure.
 */
export async function importAll(system: System, host: McpHost, expected: number): Promise<void> {
  let last: unknown;
  const passing = new Set(['locked', 'bridge_down', 'disconnected', 'timeout']);
  const merge = async (): Promise<true | undefined> => {
    try {
      last = await host.call('sync_history_to_database');
    } catch (error) {
      if (!(error instanceof ToolError) || !passing.has(error.code)) throw error;
      last = error.message;
    }
    return countStored(system) >= expected ? true : undefined;
  };
  await until(`${expected} messages in messages.db`, merge, {
    withinMs: IMPORT_WITHIN_MS,
    everyMs: 250,
    last: () => ({ stored: countStored(system), last }),
  });
}
