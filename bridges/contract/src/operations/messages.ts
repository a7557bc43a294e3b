import { z } from 'zod';
import { Base64, Done, Jid, MediaKind, MediaSource, MessageKey, NewMessageId, Quoted, SentMessage, UserJid } from '../nouns.ts';
import { both, onlyBaileys, operation } from '../operation.ts';

/** What every send has: where to, the id made by the caller, and the chat's disappearing timer. */
const sending = {
  to: Jid,
  id: NewMessageId,
  ephemeral_seconds: z.int().min(0).max(31_536_000).optional().describe('Disappearing timer of the chat'),
};

const sendFails = ['outcome_unknown', 'restricted', 'not_allowed', 'not_found'] as const;

export const messages = {
  'message.send_text': operation({
    summary: 'Sends text, optionally as a reply or with mentions',
    bridges: both,
    replay: 'by_id',
    input: z.strictObject({
      ...sending,
      text: z.string().min(1).max(65_536),
      quoted: Quoted.optional(),
      mentions: z.array(UserJid).max(1024).optional(),
    }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.send_media': operation({
    summary: 'Uploads a file of this machine and sends it',
    bridges: both,
    replay: 'by_id',
    input: z.strictObject({
      ...sending,
      path: z.string().min(1).max(4096).describe('Absolute path that the caller has checked'),
      kind: MediaKind,
      mimetype: z.string().min(1).max(255),
      filename: z.string().max(255).optional(),
      caption: z.string().max(65_536).optional(),
      view_once: z.boolean().optional(),
      duration_seconds: z.int().min(0).max(86_400).optional(),
      width: z.int().min(0).max(100_000).optional(),
      height: z.int().min(0).max(100_000).optional(),
      waveform: Base64.optional().describe('64 bytes, 0..100, of a voice note'),
      thumbnail: Base64.optional().describe('JPEG'),
      quoted: Quoted.optional(),
    }),
    output: SentMessage,
    fails: [...sendFails, 'unsupported_type'],
    deadlineMs: 40_000,
  }),
  'message.send_location': operation({
    summary: 'Sends a place',
    bridges: both,
    replay: 'by_id',
    input: z.strictObject({
      ...sending,
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: z.string().max(1000).optional(),
      address: z.string().max(1000).optional(),
    }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.send_contact': operation({
    summary: 'Sends a contact card',
    bridges: both,
    replay: 'by_id',
    input: z.strictObject({ ...sending, display_name: z.string().min(1).max(500), vcard: z.string().min(1).max(16_384) }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.send_poll': operation({
    summary: 'Sends a poll',
    bridges: both,
    replay: 'by_id',
    input: z.strictObject({
      ...sending,
      question: z.string().min(1).max(255),
      options: z.array(z.string().min(1).max(100)).min(2).max(12),
      selectable_count: z.int().min(0).max(12).describe('0: any number'),
    }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.forward': operation({
    summary: 'Sends the content of a stored message on, marked as forwarded',
    bridges: both,
    replay: 'by_id',
    input: z.strictObject({ ...sending, content: Base64.describe('waE2E.Message'), forwarding_score: z.int().min(0).max(127) }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.react': operation({
    summary: 'Adds, changes or (with an empty emoji) removes the own reaction',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ key: MessageKey, id: NewMessageId, emoji: z.string().max(64) }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.edit': operation({
    summary: 'Replaces the text of an own message',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ key: MessageKey, id: NewMessageId, text: z.string().min(1).max(65_536) }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.revoke': operation({
    summary: 'Deletes a message for everyone',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ key: MessageKey, id: NewMessageId }),
    output: SentMessage,
    fails: [...sendFails],
  }),
  'message.delete_for_me': operation({
    summary: 'Deletes a message on the own devices only',
    bridges: onlyBaileys,
    replay: 'safe',
    input: z.strictObject({ key: MessageKey, timestamp: z.int().min(0).max(9_000_000_000_000), delete_media: z.boolean().optional() }),
    output: Done,
  }),
  'media.download': operation({
    summary: 'Downloads and decrypts the file of a message; asks the phone for it again when it has expired',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({
      key: MessageKey,
      source: MediaSource,
      save_to: z.string().min(1).max(4096).describe('Absolute path of the new file; its folder exists'),
      max_bytes: z.int().min(1).max(2_147_483_648),
    }),
    output: z.strictObject({
      path: z.string().max(4096),
      bytes: z.int().min(0).max(4_294_967_296),
      sha256: Base64,
      direct_path: z.string().max(4096).optional().describe('New one, when the phone uploaded it again'),
    }),
    fails: ['expired', 'phone_offline', 'not_found'],
    deadlineMs: 40_000,
  }),
};

