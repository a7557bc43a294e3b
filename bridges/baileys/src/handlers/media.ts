/** Files of messages: downloaded, decrypted, checked, saved. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Input, Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { BlobGone } from '../history/download.ts';
import { openBlob, reuploaded } from '../session/blob.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

type Question = Input<'media.download'>;

export function mediaHandlers(context: Context): Some<'media.download'> {
  return {
    'media.download': async (question, signal) => {
      const { source } = question;
      if (source.media_key === undefined) throw new Failure('not_found', 'The message tells no media key: its file cannot be decrypted.');
      if (source.direct_path === undefined && source.url === undefined) throw new Failure('not_found', 'The message tells no address of its file.');
      try {
        return await save(context, question, signal);
      } catch (error) {
        if (!(error instanceof BlobGone)) throw error;
      }
      const direct_path = await askPhone(context, question, signal);
      const saved = await save(context, { ...question, source: { ...source, direct_path } }, signal).catch((error: unknown) => {
        throw error instanceof BlobGone ? new Failure('expired', 'The phone sent the file again, but WhatsApp does not have it.') : error;
      });
      return { ...saved, direct_path };
    },
  };
}

/** The new place of the file, after the phone uploaded it once more. */
async function askPhone(context: Context, question: Question, signal: AbortSignal): Promise<string> {
  const found = await ask(context, signal, 'nothing', (socket) => reuploaded(socket, question.key, question.source)).catch((error: unknown) => {
    throw signal.aborted && error === signal.reason ? new Failure('phone_offline', 'The phone did not upload the file again in time.') : error;
  });
  if (found === undefined) throw new Failure('expired', 'The file has expired, and the phone does not have it any more.');
  return found;
}

async function save({ redirect }: Context, question: Question, signal: AbortSignal): Promise<Output<'media.download'>> {
  const { source, save_to, max_bytes } = question;
  const draft = `${save_to}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > max_bytes) throw new Failure('too_large', `The file is larger than the ${max_bytes} bytes that are allowed.`);
      hash.update(piece);
      yield piece;
    }
  };
  try {
    await pipeline(openBlob(source, redirect), counted, createWriteStream(draft, { flags: 'wx', mode: 0o600 }), { signal });
    const sha256 = hash.digest('base64');
    if (source.file_sha256 !== undefined && source.file_sha256 !== sha256) {
      throw new Failure('whatsapp_error', 'The file is not the one that was sent: its SHA-256 differs.');
    }
    await rename(draft, save_to);
    return { path: save_to, bytes, sha256 };
  } catch (error) {
    await rm(draft, { force: true });
    throw signal.aborted ? (signal.reason as Error) : nameProblem(error, save_to);
  }
}

function nameProblem(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof BlobGone || error instanceof Failure) return error;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EEXIST') return new Failure('invalid_argument', `"save_to" cannot be written: ${code} ${path}`);
  return new Failure('whatsapp_error', `The download failed: ${(error as Error).message}`);
}
