/** Which files may be sent, and what they are. What a name claims is not believed: the bytes say it. */
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, extname, join, resolve, sep } from 'node:path';
import { Failure, files } from '@whatsapp-mcp/contract';
import { fileTypeFromBuffer } from 'file-type';
import mime from 'mime-types';
import type { Config } from '../config.ts';

export interface OutgoingFile {
  /** Real path, without symbolic links. */
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly mimetype: string;
}

type FileConfig = Pick<Config, 'data_dir' | 'media_roots' | 'max_media_mb'>;

const MEGABYTE = 1024 * 1024;
/** file-type needs at most this much to tell a format. */
const HEAD_BYTES = 4_100;

/** Folders from which files may be sent; the default one is made, so that there is a place to put them. */
export function outgoingRoots(config: FileConfig): readonly string[] {
  if (config.media_roots !== undefined) return config.media_roots;
  const outbox = join(config.data_dir, files.outbox);
  mkdirSync(outbox, { recursive: true, mode: 0o700 });
  return [outbox];
}

/** Throws Failure policy_denied outside the roots, not_found, invalid_argument for what is no regular file, too_large. */
export async function outgoingFile(config: FileConfig, argument: string, path: string): Promise<OutgoingFile> {
  const real = insideRoots(outgoingRoots(config), argument, path);
  const { head, bytes } = readHead(real, argument, path);
  const most = config.max_media_mb * MEGABYTE;
  if (bytes > most) throw new Failure('too_large', `${argument}: the file has ${bytes} bytes; WHATSAPP_MAX_MEDIA_MB allows ${config.max_media_mb} MB.`);
  if (bytes === 0) throw new Failure('invalid_argument', `${argument}: the file "${path}" is empty.`);
  return { path: real, name: basename(path), bytes, mimetype: await mimetypeOf(head, real) };
}

function insideRoots(roots: readonly string[], argument: string, path: string): string {
  const real = realpathIfThere(path);
  const allowed = roots.flatMap((root) => realpathIfThere(root) ?? []);
  // The same answer whether a file outside is there or not: its existence is none of the caller's business.
  if (real === undefined || !allowed.some((root) => real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`))) {
    const inside = roots.some((root) => resolve(path).startsWith(root.endsWith(sep) ? root : `${root}${sep}`));
    if (real === undefined && inside) throw new Failure('not_found', `${argument}: there is no file "${path}".`);
    throw new Failure('policy_denied', `${argument}: files may be sent only from ${roots.join(', ')} (WHATSAPP_MEDIA_ROOTS). Copy the file there and give its absolute path.`);
  }
  return real;
}

function realpathIfThere(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'EACCES' || code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE') return undefined;
    throw error;
  }
}

function readHead(real: string, argument: string, path: string): { head: Buffer; bytes: number } {
  // NOFOLLOW: the last part must still be what realpath saw. NONBLOCK: a pipe in its place must not hang us.
  const guards = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const descriptor = openSync(real, constants.O_RDONLY | guards);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Failure('invalid_argument', `${argument}: "${path}" is not a regular file.`);
    const head = Buffer.alloc(Math.min(HEAD_BYTES, stat.size));
    const read = readSync(descriptor, head, 0, head.length, 0);
    return { head: head.subarray(0, read), bytes: stat.size };
  } finally {
    closeSync(descriptor);
  }
}

async function mimetypeOf(head: Buffer, path: string): Promise<string> {
  const told = await fileTypeFromBuffer(head);
  const named = mime.lookup(extname(path)) || 'application/octet-stream';
  // Office files are ZIP archives: there the name knows more than the bytes.
  if (told === undefined || (told.mime === 'application/zip' && named !== 'application/octet-stream')) return isMediaName(named) ? 'application/octet-stream' : named;
  return told.mime;
}

/** A text file called photo.jpg is no picture. */
function isMediaName(mimetype: string): boolean {
  return /^(image|video|audio)\//.test(mimetype) && mimetype !== 'image/svg+xml';
}
