import { z } from 'zod';
import { Done, Jid, Millis, PhoneNumber } from '../nouns.ts';
import { both, operation } from '../operation.ts';
import { BridgeStatus, PasskeyStep } from '../status.ts';

export const session = {
  'session.status': operation({
    summary: 'Where the bridge stands: connection, pairing, account, history, versions',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({}),
    output: BridgeStatus,
  }),
  'session.pair_qr': operation({
    summary: 'Starts or continues pairing and answers with the current QR payload',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ wait_ms: z.int().min(0).max(40_000).optional().describe('How long to wait for the first QR') }),
    output: z.strictObject({
      state: z.enum(['qr', 'paired', 'passkey']),
      qr: z.string().max(4096).optional().describe('Text that the QR picture encodes; a secret'),
      expires_at: Millis.optional(),
      passkey: PasskeyStep.optional(),
      own_jid: Jid.optional(),
    }),
    fails: ['passkey_required'],
    deadlineMs: 45_000,
  }),
  'session.pair_code': operation({
    summary: 'Starts pairing by phone number and answers with the code that the user types on the phone',
    bridges: both,
    replay: 'never',
    input: z.strictObject({ phone_number: PhoneNumber }),
    output: z.strictObject({ code: z.string().min(8).max(9), expires_at: Millis }),
    fails: ['already_paired', 'passkey_required'],
    deadlineMs: 45_000,
  }),
  'session.passkey_response': operation({
    summary: 'Hands over the WebAuthn assertion that WhatsApp asked for while linking',
    bridges: ['whatsmeow'],
    replay: 'never',
    input: z.strictObject({ response: z.string().min(2).max(65_536).describe('JSON of navigator.credentials.get()') }),
    output: Done,
    fails: ['already_paired'],
  }),
  'session.logout': operation({
    summary: 'Unlinks the device and deletes its credentials',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({}),
    output: Done,
  }),
  'session.devices': operation({
    summary: 'The devices linked to the account',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({}),
    output: z.strictObject({
      devices: z
        .array(z.strictObject({ jid: z.string().max(100), device_id: z.int().min(0).max(99), is_phone: z.boolean(), is_this_bridge: z.boolean() }))
        .max(100),
    }),
  }),
};
