/** Rows as a phone's history has them: chat by chat, newest first, some media, several scripts. */
import type { StagedRow } from '@whatsapp-mcp/contract';

const START = 1_700_000_000_000;
const texts = ['See you at the station at nine, I will bring the tickets', '今天我们去北京吃饭', 'أراك غدا إن شاء الله', 'ok 👍', 'The meeting was moved to Thursday, can you tell the others please?'];
const key = Buffer.alloc(32, 5).toString('base64');

/** `count` messages over `chats` chats. */
export function benchRows(count: number, chats = 500): StagedRow[] {
  return Array.from({ length: count }, (_, k) => {
    const chat = Math.floor((k * chats) / count);
    const id = (Math.imul(k + 1, 2_654_435_761) >>> 0).toString(16).toUpperCase().padStart(8, '0');
    return {
      seq: k + 1,
      chunk_id: Math.floor(k / 2_000),
      sync_type: 'FULL',
      received_at: START,
      message: {
        chat: `1555${String(chat).padStart(6, '0')}@s.whatsapp.net`,
        id: `${id}${String(k)}`,
        from_me: k % 3 === 0,
        sender: k % 3 === 0 ? '15550000@s.whatsapp.net' : `1555${String(chat).padStart(6, '0')}@s.whatsapp.net`,
        timestamp: START - k * 1_000,
        text: texts[k % texts.length] ?? '',
        status: 4,
        message_secret: key,
        ...(k % 7 === 0
          ? { kind: 'image', media: { kind: 'image', mimetype: 'image/jpeg', url: `https://mmg.whatsapp.net/v/t62.7118-24/${k}?ccb=11-4&oh=01&oe=6&_nc_sid=5e03e0`, direct_path: `/v/t62.7118-24/${k}?ccb=11-4&oh=01`, media_key: key, file_sha256: key, file_enc_sha256: key, file_length: 120_000 } }
          : { kind: 'text' }),
      },
    };
  });
}
