import { z } from 'zod';
import { Done, Jid, Millis, PhoneNumber, UserJid } from '../nouns.ts';
import { both, operation } from '../operation.ts';

export const contacts = {
  'contact.info': operation({
    summary: 'About text, picture id, LID and business name of people',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jids: z.array(UserJid).min(1).max(50) }),
    output: z.strictObject({
      contacts: z
        .array(
          z.strictObject({
            jid: UserJid,
            pn: UserJid.optional(),
            lid: UserJid.optional(),
            about: z.string().max(5000).optional(),
            about_set_at: Millis.optional(),
            picture_id: z.string().max(64).optional(),
            verified_name: z.string().max(500).optional(),
            devices: z.int().min(0).max(100).optional(),
          }),
        )
        .max(50),
    }),
  }),
  'contact.check': operation({
    summary: 'Which phone numbers have WhatsApp',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ phone_numbers: z.array(PhoneNumber).min(1).max(50) }),
    output: z.strictObject({
      results: z
        .array(z.strictObject({ phone_number: PhoneNumber, on_whatsapp: z.boolean(), jid: UserJid.optional(), lid: UserJid.optional() }))
        .max(50),
    }),
  }),
  'contact.picture': operation({
    summary: 'Address of the picture of a person or group',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: Jid, preview: z.boolean().optional() }),
    output: z.strictObject({ has_picture: z.boolean(), url: z.string().max(4096).optional(), id: z.string().max(64).optional() }),
    fails: ['not_allowed', 'not_found'],
  }),
  'contact.block': operation({
    summary: 'Blocks or unblocks a person',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: UserJid, blocked: z.boolean() }),
    output: Done,
    fails: ['not_found'],
  }),
  'contact.blocklist': operation({
    summary: 'The blocked people',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({}),
    output: z.strictObject({ jids: z.array(UserJid).max(10_000) }),
  }),
  'profile.set_picture': operation({
    summary: 'Sets the own profile picture from a JPEG file',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ path: z.string().min(1).max(4096) }),
    output: z.strictObject({ picture_id: z.string().max(64).optional() }),
    fails: ['not_found', 'unsupported_type'],
  }),
  'profile.set_about': operation({
    summary: 'Sets the own about text',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ text: z.string().max(139) }),
    output: Done,
  }),
};
