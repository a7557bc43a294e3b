/** The Baileys bridge as a source of staged rows. */
import type { Input, Output } from '@whatsapp-mcp/contract';
import type { StagedSource } from './engine.ts';

type HistoryOperation = 'history.page' | 'history.acknowledge' | 'history.request' | 'session.status';

/** Asks one bridge for one operation; the shape of the bridge client. Throws Failure. */
export type AskBridge = <Name extends HistoryOperation>(
  bridge: 'whatsmeow' | 'baileys',
  operation: Name,
  input: Input<Name>,
  options: { readonly signal: AbortSignal; readonly deadlineMs: number },
) => Promise<Output<Name>>;

/** Reading a page of originals from disk and sending it over loopback. */
const PAGE_DEADLINE_MS = 30_000;
const ACKNOWLEDGE_DEADLINE_MS = 10_000;

export function bridgeSource(ask: AskBridge): StagedSource {
  return {
    page: (afterSeq, limit, signal) => ask('baileys', 'history.page', { after_seq: afterSeq, limit }, { signal, deadlineMs: PAGE_DEADLINE_MS }),
    acknowledge: async (sourceUuid, seq, signal) => {
      await ask('baileys', 'history.acknowledge', { source_uuid: sourceUuid, seq }, { signal, deadlineMs: ACKNOWLEDGE_DEADLINE_MS });
    },
  };
}
