/** Rows of a lharries/whatsapp-mcp database as canonical records. Pure. */
import { Jid } from '@whatsapp-mcp/contract';
import type { ChatRecord, MessageRecord } from '@whatsapp-mcp/contract';

export interface LharriesMessage {
  readonly id: string;
  readonly chat_jid: string;
  readonly sender: string | null;
  readonly content: string | null;
  readonly timestamp: string | number;
  readonly is_from_me: number;
  readonly media_type: string | null;
  readonly filename: string | null;
  readonly url: string | null;
  readonly media_key: Uint8Array | null;
  readonly file_sha256: Uint8Array | null;
  readonly file_enc_sha256: Uint8Array | null;
  readonly file_length: number | null;
}

export interface LharriesChat {
  readonly jid: string;
  readonly name: string | null;
  readonly last_message_time: string | number | null;
}

/** Go's drivers wrote times in the forms "2024-05-01 10:00:00+02:00", "… +0000 UTC", "… +0200 CEST", RFC 3339, and without a zone (UTC). */
const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?(?:\s+[A-Za-z0-9+-]+)?(?:\s+m=\S+)?$/;

/** ms, or undefined where it is no time. */
export function timeOf(value: string | number | null): number | undefined {
  if (value === null) return undefined;
  // Seconds until the year 5138, milliseconds from 1973 on.
  if (typeof value === 'number') return value < 100_000_000_000 ? Math.round(value * 1_000) : Math.round(value);
  const parts = TIME.exec(value.trim());
  if (parts === null) return undefined;
  const [, date = '', time = '', fraction = '', zone = 'Z'] = parts;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const ms = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** No phone number in use has as many digits as a LID usually has. */
const LONGEST_NUMBER = 14;

/** The sender stands there as a bare user part or as a full JID; `lids`: user parts known to be LIDs. */
export function senderOf(sender: string | null, lids: ReadonlySet<string>): string | undefined {
  const [, user = '', server = ''] = /^(\d{1,24})(?:[.:][\d:]+)?(?:@(s\.whatsapp\.net|c\.us|lid))?$/.exec(sender ?? '') ?? [];
  if (user === '') return undefined;
  if (server === 'lid' || (server === '' && (lids.has(user) || user.length > LONGEST_NUMBER))) return `${user}@lid`;
  return `${user}@s.whatsapp.net`;
}

const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;

/** Names that lharries made up from the time of arrival. */
const MADE_UP_NAME = /^(image|video|audio|document)_\d{8}_\d{6}(\.\w+)?$/;

/** The record, or what is wrong with the row. */
export function messageOf(row: LharriesMessage, lids: ReadonlySet<string>): MessageRecord | string {
  const timestamp = timeOf(row.timestamp);
  if (timestamp === undefined) return `message ${row.id}: "${String(row.timestamp).slice(0, 40)}" is not a time`;
  if (!Jid.safeParse(row.chat_jid).success) return `message ${row.id}: "${row.chat_jid.slice(0, 80)}" is not a chat`;
  const isGroup = row.chat_jid.endsWith('@g.us');
  const sender = isGroup && row.is_from_me === 0 ? senderOf(row.sender, lids) : undefined;
  const media = mediaOf(row);
  const text = row.content ?? '';
  return {
    chat: row.chat_jid,
    id: row.id,
    from_me: row.is_from_me !== 0,
    timestamp,
    kind: media?.kind ?? (text === '' ? 'unknown' : 'text'),
    ...(sender !== undefined && { sender }),
    ...(text !== '' && { text }),
    ...(media !== undefined && { media }),
  };
}

const base64 = (bytes: Uint8Array | null): string | undefined => (bytes === null || bytes.length === 0 ? undefined : Buffer.from(bytes).toString('base64'));

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

const present = <T extends object>(fields: T): Present<T> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;

function mediaOf(row: LharriesMessage): MessageRecord['media'] {
  const kind = mediaKinds.find((each) => each === row.media_type);
  if (kind === undefined) return undefined;
  const url = row.url !== null && URL.canParse(row.url) ? new URL(row.url) : undefined;
  const fields = {
    filename: row.filename !== null && row.filename !== '' && !MADE_UP_NAME.test(row.filename) ? row.filename : undefined,
    url: url?.href,
    direct_path: url && `${url.pathname}${url.search}`,
    media_key: base64(row.media_key),
    file_sha256: base64(row.file_sha256),
    file_enc_sha256: base64(row.file_enc_sha256),
    file_length: row.file_length !== null && row.file_length > 0 ? row.file_length : undefined,
  };
  return { kind, ...present(fields) };
}

/** Undefined where the row says nothing that messages do not. */
export function chatOf(row: LharriesChat): ChatRecord | undefined {
  if (!Jid.safeParse(row.jid).success) return undefined;
  const time = timeOf(row.last_message_time);
  // Where lharries knew no name it wrote the number.
  const name = row.name !== null && !/^\+?\d*$/.test(row.name) ? row.name.slice(0, 2_000) : undefined;
  return { jid: row.jid, ...(name !== undefined && { name }), ...(time !== undefined && time > 0 && { last_message_at: time }) };
}
