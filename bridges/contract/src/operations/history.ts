import { z } from 'zod';
import { Jid, MessageId, Millis } from '../nouns.ts';
import { both, onlyBaileys, operation } from '../operation.ts';
import { StagedRow } from '../records.ts';

const Seq = z.int().min(0).max(9_007_199_254_740_991);

export const history = {
  'history.request': operation({
    summary: 'Asks the phone for messages older than the anchor; the answer comes later, as staged rows or as an event',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({
      chat: Jid,
      anchor: z.strictObject({ id: MessageId, from_me: z.boolean(), timestamp: Millis.describe('The library is given seconds') }),
      count: z.int().min(1).max(50),
    }),
    output: z.strictObject({ request_id: z.string().min(1).max(128) }),
    fails: ['phone_offline'],
  }),
  'history.page': operation({
    summary: 'Staged rows after a sequence number, in order',
    bridges: onlyBaileys,
    replay: 'safe',
    input: z.strictObject({ after_seq: Seq, limit: z.int().min(1).max(2000) }),
    output: z.strictObject({ source_uuid: z.string().min(1).max(64), rows: z.array(StagedRow).max(2000).describe('Every row, without a gap but where acknowledged ones were deleted'), last_seq: Seq.describe('Newest row there is, on this page or not') }),
  }),
  'history.acknowledge': operation({
    summary: 'Says that all rows up to a sequence number are durable in messages.db',
    bridges: onlyBaileys,
    replay: 'safe',
    input: z.strictObject({ source_uuid: z.string().min(1).max(64), seq: Seq }),
    output: z.strictObject({ acknowledged_seq: Seq }),
  }),
  'history.clear': operation({
    summary: 'Deletes acknowledged rows, never others',
    bridges: onlyBaileys,
    replay: 'safe',
    input: z.strictObject({ older_than: Millis.optional(), dry_run: z.boolean() }),
    output: z.strictObject({ rows: Seq, bytes: Seq, kept_unmerged: Seq }),
  }),
};
