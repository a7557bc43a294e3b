import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, files } from '@whatsapp-mcp/contract';
import mime from 'mime-types';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { resolveOwnChat } from '../recipient.ts';
import { shown } from '../store/display-text.ts';
import { keyOf, mediaSourceOf, storedMessage } from '../stored-message.ts';
import type { StoredMessage } from '../stored-message.ts';
import { tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { messageId, reference } from './arguments.ts';

const MEGABYTE = 1024 * 1024;

export const downloadMedia = tool({
  name: 'download_media',
  title: 'Download the file of a message',
  description: 'Downloads the image, video, audio or document of a message and returns its path on this machine.',
  toolset: 'messages',
  effect: 'local',
  route: 'media.download',
  input: z.strictObject({ message_id: messageId, chat_jid: reference }),
  examples: [{ message_id: '3EB0A1', chat_jid: '15550100@s.whatsapp.net' }],
  run: async ({ message_id, chat_jid }, context) => {
    const message = storedMessage(context, resolveOwnChat(context, chat_jid), message_id);
    const kept = keptFile(context, message);
    return kept === undefined ? fetchFile(context, message) : answer(message, kept.path, kept.bytes);
  },
});

function keptFile(context: Context, message: StoredMessage): { path: string; bytes: number } | undefined {
  if (message.localPath === null) return undefined;
  const path = join(context.config.data_dir, files.media, message.localPath);
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? { path, bytes: stat.size } : undefined;
}

async function fetchFile(context: Context, message: StoredMessage): Promise<JsonObject> {
  const source = mediaSourceOf(message);
  const most = context.config.max_media_mb * MEGABYTE;
  if ((source.file_length ?? 0) > most) throw new Failure('too_large', `The file has ${source.file_length} bytes; WHATSAPP_MAX_MEDIA_MB allows ${context.config.max_media_mb} MB.`);
  const relative = join(new Date(message.timestamp).toISOString().slice(0, 7), `${context.ids.hex(12)}.${extensionOf(message)}`);
  const path = join(context.config.data_dir, files.media, relative);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  try {
    const file = await context.ask('media.download', { key: keyOf(message), source, save_to: path, max_bytes: most });
    note(context, message, { status: 'downloaded', path: relative, directPath: file.direct_path });
    return answer(message, file.path, file.bytes);
  } catch (error) {
    if (error instanceof Failure && error.code === 'expired') note(context, message, { status: 'gone', error: error.message });
    throw error;
  }
}

/** Names are ours, never the sender's: nothing a message says can choose a place on this machine. */
function extensionOf(message: StoredMessage): string {
  const byType = message.mimetype === null ? false : mime.extension(message.mimetype);
  const byName = /\.([a-z0-9]{1,8})$/i.exec(message.filename ?? '')?.[1]?.toLowerCase();
  return (message.kind === 'document' ? byName : undefined) ?? (byType === false ? undefined : byType) ?? 'bin';
}

interface MediaNote {
  readonly status: 'downloaded' | 'gone';
  readonly path?: string;
  readonly directPath?: string | undefined;
  readonly error?: string;
}

const NOTE = `UPDATE messages SET media_status = @status, local_path = coalesce(@path, local_path), media_error = @error,
  direct_path = coalesce(@directPath, direct_path), direct_path_ts = CASE WHEN @directPath IS NULL THEN direct_path_ts ELSE @now END
  WHERE mid = @mid`;

function note({ store, clock }: Context, message: StoredMessage, { status, path, directPath, error }: MediaNote): void {
  const row = { mid: message.mid, status, path: path ?? null, directPath: directPath ?? null, error: error ?? null, now: clock.now() };
  store.write.transaction(() => store.write.prepare(NOTE).run(row)).immediate();
}

function answer(message: StoredMessage, path: string, bytes: number): JsonObject {
  const name = message.filename === null ? undefined : shown(message.filename);
  const facts = { success: true, path, bytes, kind: message.kind, mimetype: message.mimetype, chat_jid: message.chatJid, message_id: message.id };
  return message.isFromMe === 1 ? { ...facts, filename: name } : withNotice({ ...facts, filename: name });
}
