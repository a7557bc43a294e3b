import { Failure } from '@whatsapp-mcp/contract';
import type { Input } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { nameOf, resolveOwnChat, resolvePerson } from '../recipient.ts';
import { contactCard, nameInCard } from '../send/contact-card.ts';
import type { ContactCard } from '../send/contact-card.ts';
import { withMentions } from '../send/mentions.ts';
import { kindOf, mediaFacts, sendAs } from '../send/media-facts.ts';
import { contentOf } from '../send/message-content.ts';
import { outgoingFile } from '../send/outgoing-file.ts';
import { send } from '../send/sending.ts';
import { voiceNote } from '../send/voice-note.ts';
import { quotedOf, storedMessage, withoutUndefined } from '../stored-message.ts';
import { tool } from '../tool.ts';
import { idempotencyKey, messageId, recipient, reference } from './arguments.ts';

const sending = { toolset: 'send', effect: 'destroys' } as const;

export const sendMessage = tool({
  ...sending,
  name: 'send_message',
  title: 'Send a text message',
  description: 'Sends text to a person or group, optionally as a reply or with mentions (write @number in the text).',
  route: 'message.send_text',
  input: z.strictObject({
    recipient,
    message: z.string().min(1).max(65_536),
    reply_to_message_id: messageId.optional(),
    mentions: z.array(reference).max(256).optional(),
    idempotency_key: idempotencyKey,
  }),
  examples: [{ recipient: '+1 555 0100', message: 'On my way' }],
  run: (input, context) =>
    send(context, {
      operation: 'message.send_text',
      recipient: input.recipient,
      idempotencyKey: input.idempotency_key,
      request: { tool: 'send_message', ...input },
      content: async (envelope) => ({
        ...envelope,
        ...quoting(context, envelope.to, input.reply_to_message_id),
        ...(input.mentions === undefined ? { text: input.message } : await withMentions(context, { to: envelope.to, text: input.message }, input.mentions)),
      }),
    }),
});

function quoting(context: Context, chat: string, id: string | undefined): { quoted?: NonNullable<Input<'message.send_text'>['quoted']> } {
  return id === undefined ? {} : { quoted: quotedOf(storedMessage(context, chat, id)) };
}

export const sendFile = tool({
  ...sending,
  name: 'send_file',
  title: 'Send a file',
  description: 'Sends an image, video, document, sticker (WebP) or audio file of this machine to a person or group.',
  route: 'message.send_media',
  input: z.strictObject({
    recipient,
    media_path: z.string().min(1).max(4096).describe('Absolute path in an allowed folder'),
    caption: z.string().max(65_536).optional(),
    send_as: z.enum(sendAs).optional(),
    view_once: z.boolean().optional(),
    reply_to_message_id: messageId.optional(),
    idempotency_key: idempotencyKey,
  }),
  examples: [{ recipient: '1203@g.us', media_path: '/home/me/.whatsapp-mcp/outbox/plan.pdf', caption: 'The plan' }],
  run: async (input, context) => {
    const file = await outgoingFile(context.config, 'media_path', input.media_path);
    const kind = kindOf(file, input.send_as ?? 'auto');
    return send(context, {
      operation: 'message.send_media',
      recipient: input.recipient,
      idempotencyKey: input.idempotency_key,
      request: { tool: 'send_file', ...input },
      content: async (envelope) =>
        withoutUndefined({
          ...envelope,
          path: file.path,
          kind,
          mimetype: file.mimetype,
          filename: kind === 'document' ? file.name.slice(-255) : undefined,
          caption: input.caption,
          view_once: input.view_once,
          ...(await mediaFacts(file, kind)),
          ...quoting(context, envelope.to, input.reply_to_message_id),
        }) as Input<'message.send_media'>,
    });
  },
});

export const sendAudioMessage = tool({
  ...sending,
  name: 'send_audio_message',
  title: 'Send a voice note',
  description: 'Sends an audio file as a voice note. Ogg Opus goes as it is; other formats need ffmpeg.',
  route: 'message.send_media',
  input: z.strictObject({ recipient, media_path: z.string().min(1).max(4096), idempotency_key: idempotencyKey }),
  examples: [{ recipient: '+1 555 0100', media_path: '/home/me/.whatsapp-mcp/outbox/note.ogg' }],
  run: async (input, context) => {
    const file = await outgoingFile(context.config, 'media_path', input.media_path);
    const note = await voiceNote(context, file);
    try {
      return await send(context, {
        operation: 'message.send_media',
        recipient: input.recipient,
        idempotencyKey: input.idempotency_key,
        request: { tool: 'send_audio_message', ...input },
        content: async (envelope) => {
          const facts = await mediaFacts({ ...file, path: note.path }, 'ptt');
          return { ...envelope, path: note.path, kind: 'ptt', mimetype: note.mimetype, ...facts, ...(note.waveform !== undefined && { waveform: note.waveform }) };
        },
      });
    } finally {
      note.discard();
    }
  },
});

export const sendLocation = tool({
  ...sending,
  name: 'send_location',
  title: 'Send a location',
  description: 'Sends a place on the map.',
  route: 'message.send_location',
  input: z.strictObject({
    recipient,
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().max(1000).optional(),
    address: z.string().max(1000).optional(),
    idempotency_key: idempotencyKey,
  }),
  examples: [{ recipient: '+1 555 0100', latitude: 52.5163, longitude: 13.3777, name: 'Brandenburg Gate' }],
  run: ({ recipient: to, idempotency_key, ...place }, context) =>
    send(context, {
      operation: 'message.send_location',
      recipient: to,
      idempotencyKey: idempotency_key,
      request: { tool: 'send_location', to, ...place },
      content: (envelope) => withoutUndefined({ ...envelope, ...place }) as Input<'message.send_location'>,
    }),
});

export const sendContact = tool({
  ...sending,
  name: 'send_contact',
  title: 'Send a contact card',
  description: 'Sends a contact card: of a contact (JID or phone number), or a vCard as text.',
  route: 'message.send_contact',
  input: z.strictObject({ recipient, contact: reference.optional(), vcard: z.string().max(16_384).optional(), idempotency_key: idempotencyKey }),
  examples: [{ recipient: '+1 555 0100', contact: '+1 555 0123' }],
  run: (input, context) =>
    send(context, {
      operation: 'message.send_contact',
      recipient: input.recipient,
      idempotencyKey: input.idempotency_key,
      request: { tool: 'send_contact', ...input },
      content: async (envelope) => ({ ...envelope, ...(await cardOf(context, input)) }),
    }),
});

async function cardOf(context: Context, { contact, vcard }: { contact?: string | undefined; vcard?: string | undefined }): Promise<ContactCard> {
  if ((contact === undefined) === (vcard === undefined)) throw new Failure('invalid_argument', 'send_contact takes either contact or vcard.');
  if (vcard !== undefined) {
    const name = nameInCard(vcard);
    if (name === undefined) throw new Failure('invalid_argument', 'vcard: expected BEGIN:VCARD … FN:name … END:VCARD.');
    return { display_name: name, vcard };
  }
  const jid = await resolvePerson(context, contact ?? '');
  const [, digits] = /^(\d+)@s\.whatsapp\.net$/.exec(jid) ?? [];
  if (digits === undefined) throw new Failure('not_found', `The phone number of ${jid} is not known, so no card can be made. Give a vcard.`);
  return contactCard(nameOf(context, jid), digits);
}

export const sendPoll = tool({
  ...sending,
  name: 'send_poll',
  title: 'Send a poll',
  description: 'Sends a poll with 2 to 12 options; selectable_count 0 allows any number of answers (default 1).',
  route: 'message.send_poll',
  input: z.strictObject({
    recipient,
    question: z.string().min(1).max(255),
    options: z.array(z.string().min(1).max(100)).min(2).max(12),
    selectable_count: z.int().min(0).max(12).optional(),
    idempotency_key: idempotencyKey,
  }),
  examples: [{ recipient: '1203@g.us', question: 'Lunch?', options: ['Pizza', 'Sushi'] }],
  run: ({ recipient: to, question, options, selectable_count = 1, idempotency_key }, context) => {
    if (new Set(options).size < options.length) throw new Failure('invalid_argument', 'options: two are the same; votes tell options apart by their text.');
    if (selectable_count > options.length) throw new Failure('invalid_argument', `selectable_count: ${selectable_count} is more than the ${options.length} options.`);
    return send(context, {
      operation: 'message.send_poll',
      recipient: to,
      idempotencyKey: idempotency_key,
      request: { tool: 'send_poll', to, question, options, selectable_count },
      content: (envelope) => ({ ...envelope, question, options, selectable_count }),
    });
  },
});

/** WhatsApp marks messages that were sent on this often; more is not counted. */
const MOST_FORWARDS = 127;

export const forwardMessage = tool({
  ...sending,
  name: 'forward_message',
  title: 'Forward a message',
  description: 'Sends a stored message on to another person or group, marked as forwarded.',
  route: 'message.forward',
  input: z.strictObject({ chat_jid: reference, message_id: messageId, recipient, idempotency_key: idempotencyKey }),
  examples: [{ chat_jid: '15550100@s.whatsapp.net', message_id: '3EB0A1', recipient: '1203@g.us' }],
  run: (input, context) =>
    send(context, {
      operation: 'message.forward',
      recipient: input.recipient,
      idempotencyKey: input.idempotency_key,
      request: { tool: 'forward_message', ...input },
      content: (envelope) => {
        const message = storedMessage(context, resolveOwnChat(context, input.chat_jid), input.message_id);
        return { ...envelope, content: contentOf(message), forwarding_score: Math.min(MOST_FORWARDS, (message.forwardingScore ?? 0) + 1) };
      },
    }),
});
