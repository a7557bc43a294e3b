import { z } from 'zod';
import { Jid, Millis } from './nouns.ts';
import { BridgeStatus } from './status.ts';

/**
 * What GET /v1/events sends (server-sent events, `id:` is the counter for resuming with Last-Event-ID).
 * Events say that something changed, never what people wrote.
 */
export const BridgeEvent = z
  .strictObject({
    id: z.int().min(1).max(9_007_199_254_740_991),
    type: z.enum(['status', 'staged', 'stored', 'history_answer']),
    at: Millis,
    status: BridgeStatus.optional().describe('status: the new one'),
    last_seq: z.int().min(0).max(9_007_199_254_740_991).optional().describe('staged: newest staged row'),
    chat: Jid.optional().describe('stored, history_answer: the chat'),
    request_id: z.string().max(128).optional().describe('history_answer: of which request'),
    messages: z.int().min(0).max(10_000_000).optional().describe('history_answer: how many came'),
    end_of_history: z.int().min(0).max(3).optional().describe('history_answer: EndOfHistoryTransferType, where given'),
  })
  .meta({ id: 'BridgeEvent' });

export type BridgeEvent = z.infer<typeof BridgeEvent>;
