/** The nouns that operations share. Strings are short patterns, so that schemas stay small. */
import { z } from 'zod';

/** A device-less JID as WhatsApp writes it; docs/architecture.md lists the servers. */
export const Jid = z
  .string()
  .max(80)
  .regex(/^[0-9A-Za-z._-]+@(s\.whatsapp\.net|lid|g\.us|newsletter|broadcast)$/)
  .meta({ id: 'Jid', description: 'JID without device, e.g. 15550100@s.whatsapp.net, 1234@lid, 1203@g.us' });

/** A person's JID: PN or LID. */
export const UserJid = z
  .string()
  .max(80)
  .regex(/^[0-9]{1,24}@(s\.whatsapp\.net|lid)$/)
  .meta({ id: 'UserJid', description: 'JID of a person: PN (@s.whatsapp.net) or LID (@lid)' });

export const GroupJid = z
  .string()
  .max(80)
  .regex(/^[0-9-]+@g\.us$/)
  .meta({ id: 'GroupJid', description: 'JID of a group or community (@g.us)' });

export const NewsletterJid = z
  .string()
  .max(80)
  .regex(/^[0-9]+@newsletter$/)
  .meta({ id: 'NewsletterJid', description: 'JID of a channel (@newsletter)' });

export const PhoneNumber = z
  .string()
  .regex(/^[1-9][0-9]{5,18}$/)
  .meta({ id: 'PhoneNumber', description: 'Phone number in international form, digits only' });

export const MessageId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[!-~]+$/)
  .meta({ id: 'MessageId', description: 'Message id as WhatsApp gave it' });

/** Milliseconds since 1970, UTC. */
export const Millis = z.int().min(0).max(9_000_000_000_000).meta({ id: 'Millis', description: 'Milliseconds since 1970 (UTC)' });

export const Base64 = z
  .string()
  .max(24_000_000)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/)
  .meta({ id: 'Base64', description: 'Standard base64 with padding' });

/** Names one message to the libraries: `sender` is the raw form in which the message named it, for groups. */
export const MessageKey = z
  .strictObject({
    chat: Jid,
    id: MessageId,
    from_me: z.boolean(),
    sender: UserJid.optional(),
  })
  .meta({ id: 'MessageKey' });

/** The message that a reply quotes. `content` is its waE2E.Message; without it, `text` is quoted. */
export const Quoted = z
  .strictObject({
    key: MessageKey,
    content: Base64.optional(),
    text: z.string().max(65_536).optional(),
  })
  .meta({ id: 'Quoted' });

export const SentMessage = z
  .strictObject({
    id: MessageId,
    chat: Jid.describe('Chat as the library addressed it'),
    timestamp: Millis,
    server_id: z.int().min(0).max(4_294_967_295).optional(),
    stored: z.boolean().describe('False: sent, but not yet in messages.db'),
  })
  .meta({ id: 'SentMessage' });

export const MediaKind = z.enum(['image', 'video', 'gif', 'ptv', 'audio', 'ptt', 'document', 'sticker']).meta({ id: 'MediaKind' });

/** What is needed to download and decrypt one file from WhatsApp's servers. */
export const MediaSource = z
  .strictObject({
    kind: MediaKind,
    mimetype: z.string().max(255).optional(),
    filename: z.string().max(1024).optional(),
    url: z.string().max(4096).optional(),
    direct_path: z.string().max(4096).optional().describe('With its query string'),
    media_key: Base64.optional(),
    file_sha256: Base64.optional(),
    file_enc_sha256: Base64.optional(),
    file_length: z.int().min(0).max(4_294_967_296).optional(),
  })
  .meta({ id: 'MediaSource' });

export const Done = z.strictObject({}).meta({ id: 'Done', description: 'It was done; there is nothing more to say' });

/** Message id made by the caller before the first attempt, so that a repeat is the same message. */
export const NewMessageId = z
  .string()
  .regex(/^3EB0[0-9A-F]{18}$/)
  .meta({ id: 'NewMessageId', description: '3EB0 and 18 hex digits, made by the caller' });
