/** Voice notes are mono Opus in Ogg. A file that is one already goes out as it is; others need ffmpeg. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure, files } from '@whatsapp-mcp/contract';
import { parseFile } from 'music-metadata';
import type { Context } from '../context.ts';
import type { OutgoingFile } from './outgoing-file.ts';

type VoiceContext = Pick<Context, 'config' | 'ids' | 'signal'>;

export interface VoiceNote {
  readonly path: string;
  readonly mimetype: string;
  /** 64 loudness values from 0 to 100, base64; absent without ffmpeg. */
  readonly waveform?: string;
  /** Removes what was converted; the original stays. */
  readonly discard: () => void;
}

const run = promisify(execFile);
/** Found through PATH. */
const FFMPEG = 'ffmpeg';
const CONVERT_MS = 25_000;
const BARS = 64;
const SAMPLES_PER_SECOND = 8_000;

/** Throws Failure unsupported_type, which says what to install or convert, where the file is no voice note and ffmpeg is missing. */
export async function voiceNote(context: VoiceContext, file: OutgoingFile, program = FFMPEG): Promise<VoiceNote> {
  const ffmpeg = converter(context.signal, program);
  if (await isOpus(file)) return { path: file.path, mimetype: 'audio/ogg; codecs=opus', discard: () => undefined, ...(await waveformIfPossible(ffmpeg, file.path)) };
  const folder = join(context.config.data_dir, files.outbox, '.converted');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${context.ids.hex(8)}.ogg`);
  const discard = (): void => rmSync(path, { force: true });
  try {
    await ffmpeg(['-i', file.path, '-vn', '-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k', '-application', 'voip', '-f', 'ogg', path]);
    if (statSync(path).size === 0) throw new Failure('unsupported_type', `media_path: ffmpeg found no sound in "${file.name}".`);
    return { path, mimetype: 'audio/ogg; codecs=opus', discard, ...(await waveformIfPossible(ffmpeg, path)) };
  } catch (error) {
    discard();
    throw asFailure(error, file);
  }
}

async function isOpus(file: OutgoingFile): Promise<boolean> {
  if (!/^audio\/(ogg|opus)/.test(file.mimetype)) return false;
  const { format } = await parseFile(file.path, { duration: false, skipCovers: true });
  return format.codec?.toLowerCase().includes('opus') === true;
}

type Ffmpeg = (args: readonly string[]) => Promise<Buffer>;

function converter(signal: AbortSignal, program: string): Ffmpeg {
  const options = { encoding: 'buffer', timeout: CONVERT_MS, signal, maxBuffer: 64 * 1024 * 1024, windowsHide: true } as const;
  return async (args) => {
    const { stdout } = await run(program, ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...args], options);
    return stdout;
  };
}

/** A note without its waveform plays just as well, so nothing here may stop it. */
async function waveformIfPossible(ffmpeg: Ffmpeg, path: string): Promise<{ waveform?: string }> {
  try {
    const samples = await ffmpeg(['-i', path, '-ac', '1', '-ar', String(SAMPLES_PER_SECOND), '-f', 's8', '-']);
    return { waveform: Buffer.from(bars(new Int8Array(samples.buffer, samples.byteOffset, samples.length))).toString('base64') };
  } catch (error) {
    if (error instanceof Error) return {};
    throw error;
  }
}

/** Mean loudness in 64 equal parts, scaled so that the loudest is 100. */
export function bars(samples: Int8Array): number[] {
  const size = Math.max(1, Math.ceil(samples.length / BARS));
  const means = Array.from({ length: BARS }, (_, bar) => {
    const part = samples.subarray(bar * size, (bar + 1) * size);
    return part.length === 0 ? 0 : part.reduce((sum, sample) => sum + Math.abs(sample), 0) / part.length;
  });
  const loudest = Math.max(...means, 1);
  return means.map((mean) => Math.round((mean / loudest) * 100));
}

function asFailure(error: unknown, file: OutgoingFile): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return new Failure('unsupported_type', `media_path: "${file.name}" is ${file.mimetype}; a voice note is Opus in Ogg, and ffmpeg, which would convert it, is not installed. Install ffmpeg, convert the file, or send it with send_file as audio.`);
  }
  if (error.name === 'AbortError') return new Failure('cancelled', 'The call was cancelled while ffmpeg converted the file.');
  return new Failure('unsupported_type', `media_path: ffmpeg cannot convert "${file.name}" to a voice note: ${error.message.trim().split('\n').at(-1)?.slice(0, 300) ?? ''}`);
}
