import { z } from 'zod';
import { bridges } from './operation.ts';
import { Jid, Millis } from './nouns.ts';

/**
 * Named states of a bridge. `connected` alone serves operations that need WhatsApp; `idle` (Baileys, on-demand)
 * serves them after connecting by itself.
 */
export const connectionStates = [
  'starting',
  'off',
  'unpaired',
  'pairing',
  'passkey',
  'connecting',
  'connected',
  'idle',
  'disconnected',
  'replaced',
  'logged_out',
  'banned',
  'client_outdated',
  'stopping',
] as const;

export const PasskeyStep = z
  .strictObject({
    stage: z.enum(['request', 'confirm', 'failed']),
    request: z.string().max(65_536).optional().describe('PublicKeyCredentialRequestOptions as JSON'),
    code: z.string().max(64).optional().describe('Code to compare with the phone'),
    message: z.string().max(1000).describe('What the user has to do'),
  })
  .meta({ id: 'PasskeyStep' });

export const Restriction = z
  .strictObject({
    kind: z.enum(['temporary_ban', 'reachout_timelock', 'new_chat_cap']),
    until: Millis.optional(),
    reason: z.string().max(500),
  })
  .meta({ id: 'Restriction' });

/** How far the history that the phone pushed has come, in this bridge. */
export const HistoryStatus = z
  .strictObject({
    source_uuid: z.string().max(64).optional().describe('Identity of the staging database'),
    last_seq: z.int().min(0).max(9_007_199_254_740_991).describe('Newest staged row; 0: none'),
    acknowledged_seq: z.int().min(0).max(9_007_199_254_740_991),
    staged_rows: z.int().min(0).max(9_007_199_254_740_991),
    pending_downloads: z.int().min(0).max(1_000_000),
    failed_downloads: z.int().min(0).max(1_000_000),
    chunk_gaps: z.int().min(0).max(1_000_000),
    progress: z
      .array(
        z.strictObject({
          sync_type: z.string().max(40),
          chunks: z.int().min(0).max(1_000_000),
          progress: z.int().min(0).max(100).optional(),
          last_chunk_at: Millis,
        }),
      )
      .max(16),
  })
  .meta({ id: 'HistoryStatus' });

export const BridgeStatus = z
  .strictObject({
    bridge: z.enum(bridges),
    version: z.string().max(100),
    library: z.string().max(100),
    pid: z.int().min(0).max(9_007_199_254_740_991),
    simulated: z.boolean(),
    mode: z.enum(['always', 'on-demand', 'off']),
    state: z.enum(connectionStates),
    reason: z.string().max(500).optional(),
    paired: z.boolean(),
    own_pn: Jid.optional(),
    own_lid: Jid.optional(),
    own_name: z.string().max(500).optional(),
    connected_since: Millis.optional(),
    last_event_at: Millis.optional(),
    next_attempt_at: Millis.optional(),
    restrictions: z.array(Restriction).max(10),
    passkey: PasskeyStep.optional(),
    history: HistoryStatus,
  })
  .meta({ id: 'BridgeStatus' });

export type BridgeStatus = z.infer<typeof BridgeStatus>;
export type ConnectionState = (typeof connectionStates)[number];
