/** Writes a chat to a new file, page by page: no transaction stays open, and nothing but one page is in memory. */
import { copyFile, type FileHandle, mkdir, open, realpath, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Failure, files } from '@whatsapp-mcp/contract';
import type { Context } from '../../context.ts';
import { viewChats } from '../../store/chat-view.ts';
import { chatRows } from '../../store/chats.ts';
import type { MessageFilter, MessagePosition } from '../../store/message-filter.ts';
import { nextMessages } from '../../store/message-rows.ts';
import { type MessageView, viewMessages } from '../../store/message-view.ts';
import type { Reading } from '../read/reading.ts';
import { basename, type ExportFormat, type FormatName, formats } from './formats.ts';

export const exportFormats = Object.keys(formats) as [FormatName, ...FormatName[]];

export interface ExportRequest {
  readonly filter: MessageFilter & { readonly chat: string };
  readonly format: FormatName;
  readonly includeMedia: boolean;
}

export interface ExportDone {
  readonly path: string;
  readonly messages: number;
  readonly bytes: number;
  readonly from?: string;
  readonly to?: string;
  readonly media_copied?: number;
  /** Files that were never downloaded; download_media gets one. */
  readonly media_missing?: number;
}

type Surroundings = Pick<Context, 'config' | 'ids' | 'signal' | 'progress'>;

const PAGE = 500;

/**
 * The path has a generated name, the modes are 0700 and 0600, and a part that could not be finished is removed.
 * @throws Failure cancelled, too_large when the disk is full
 */
export async function exportChat(reading: Reading, request: ExportRequest, surroundings: Surroundings): Promise<ExportDone> {
  const { config, ids } = surroundings;
  const format: ExportFormat = formats[request.format];
  const name = `chat-${reading.time.day(reading.now)}-${ids.hex(6)}`;
  const exportsFolder = join(config.data_dir, files.exports);
  await mkdir(exportsFolder, { recursive: true, mode: 0o700 });
  const folder = request.includeMedia ? join(exportsFolder, name) : exportsFolder;
  if (request.includeMedia) await mkdir(join(folder, 'media'), { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.${format.extension}`);
  try {
    const written = await writeMessages(path, { reading, request, surroundings, format });
    const media = request.includeMedia ? await copyMedia(written.media, join(config.data_dir, files.media), join(folder, 'media')) : {};
    return { path, messages: written.messages, bytes: (await stat(path)).size, ...written.period, ...media };
  } catch (error) {
    await rm(request.includeMedia ? folder : path, { recursive: true, force: true });
    throw failureOf(error);
  }
}

interface Writing {
  readonly reading: Reading;
  readonly request: ExportRequest;
  readonly surroundings: Surroundings;
  readonly format: ExportFormat;
}

interface Written {
  readonly messages: number;
  readonly period: { readonly from?: string; readonly to?: string };
  /** Relative paths of downloaded files; undefined for one that was not downloaded. */
  readonly media: readonly (string | undefined)[];
}

async function writeMessages(path: string, { reading, request, surroundings, format }: Writing): Promise<Written> {
  const { reads, time, now } = reading;
  const [chat] = viewChats(reads, chatRows(reads, [request.filter.chat]), { time, now, lastMessage: false });
  if (chat === undefined) throw new Failure('not_found', `There is no stored chat "${request.filter.chat}".`);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(format.head(chat, time.format(now)));
    const written = await writePages(file, { reading, request, surroundings, format });
    await file.writeFile(format.tail());
    return written;
  } finally {
    await file.close();
  }
}

async function writePages(file: FileHandle, { reading, request, surroundings, format }: Writing): Promise<Written> {
  const hideFiles = format.linksFiles && !request.includeMedia;
  const media: (string | undefined)[] = [];
  let messages = 0;
  let first: MessageView | undefined;
  let last: MessageView | undefined;
  for (const views of pages(reading, request)) {
    surroundings.signal.throwIfAborted();
    await file.writeFile(views.map((view, index) => format.message(hideFiles ? withoutFile(view) : view, messages + index === 0)).join(''));
    media.push(...views.filter((view) => view.media !== undefined).map((view) => view.media?.local_path));
    messages += views.length;
    first ??= views[0];
    last = views.at(-1);
    surroundings.progress({ done: messages, message: `${messages} messages written` });
  }
  return { messages, media, period: { ...(first && { from: first.timestamp }), ...(last && { to: last.timestamp }) } };
}

/** Nothing lies beside the export, so nothing of it points there. */
function withoutFile(view: MessageView): MessageView {
  if (view.media === undefined) return view;
  const { local_path: _, ...media } = view.media;
  return { ...view, media };
}

function* pages({ reads, time }: Reading, { filter }: ExportRequest): Generator<MessageView[]> {
  let from: MessagePosition | undefined;
  for (;;) {
    const rows = nextMessages(reads, filter, { limit: PAGE, from });
    if (rows.length > 0) yield viewMessages(reads, rows, { time, textLimit: Number.MAX_SAFE_INTEGER });
    from = rows.at(-1);
    if (from === undefined || rows.length < PAGE) return;
  }
}

/** Copies what was downloaded; a path that leads out of the media folder counts as missing. */
async function copyMedia(paths: readonly (string | undefined)[], from: string, to: string): Promise<{ media_copied: number; media_missing: number }> {
  let copied = 0;
  for (const path of paths) {
    const source = path === undefined ? undefined : await insideOf(from, path);
    if (source === undefined) continue;
    await copyFile(source, join(to, basename(source)));
    copied += 1;
  }
  return { media_copied: copied, media_missing: paths.length - copied };
}

async function insideOf(folder: string, path: string): Promise<string | undefined> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function failureOf(error: unknown): unknown {
  if (error instanceof Error && error.name === 'AbortError') return new Failure('cancelled', 'The export was cancelled; its unfinished file was removed.');
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return new Failure('too_large', 'The disk is full; the unfinished export was removed.');
  return error;
}
