/** How a file goes out: its kind for WhatsApp, its size on the screen, how long it plays. */
import { readFile } from 'node:fs/promises';
import { Failure } from '@whatsapp-mcp/contract';
import type { Input } from '@whatsapp-mcp/contract';
import { imageSize } from 'image-size';
import { parseFile } from 'music-metadata';
import type { OutgoingFile } from './outgoing-file.ts';

export const sendAs = ['auto', 'image', 'video', 'document', 'sticker', 'audio'] as const;
export type SendAs = (typeof sendAs)[number];

type Kind = Input<'message.send_media'>['kind'];

/** What WhatsApp's own clients show inline; anything else goes out as a document. */
const shownInline: Partial<Record<SendAs, readonly string[]>> = {
  image: ['image/jpeg', 'image/png', 'image/webp'],
  video: ['video/mp4', 'video/3gpp', 'video/quicktime'],
  audio: ['audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/aac', 'audio/ogg', 'audio/opus', 'audio/amr', 'audio/wav'],
  sticker: ['image/webp'],
};

/** Throws Failure unsupported_type where the file is not what it shall be sent as. */
export function kindOf(file: OutgoingFile, as: SendAs): Kind {
  if (as === 'document') return 'document';
  if (as === 'auto') return automatic(file.mimetype);
  const accepted = shownInline[as] ?? [];
  if (!accepted.includes(baseType(file.mimetype))) {
    throw new Failure('unsupported_type', `send_as: "${file.name}" is ${file.mimetype}; as ${as} WhatsApp shows ${accepted.join(', ')}. Convert it, or send it as document.`);
  }
  return as;
}

function automatic(mimetype: string): Kind {
  const kinds = ['image', 'video', 'audio'] as const;
  return kinds.find((kind) => shownInline[kind]?.includes(baseType(mimetype))) ?? 'document';
}

function baseType(mimetype: string): string {
  return mimetype.split(';', 1)[0]?.trim() ?? '';
}

export interface MediaFacts {
  readonly width?: number;
  readonly height?: number;
  readonly duration_seconds?: number;
}

/** Facts that the receiver's screen needs before the file is there. None where the file does not tell them. */
export async function mediaFacts(file: OutgoingFile, kind: Kind): Promise<MediaFacts> {
  if (kind === 'image' || kind === 'sticker') return imageFacts(file);
  if (kind === 'audio' || kind === 'ptt' || kind === 'video') return playFacts(file);
  return {};
}

async function imageFacts(file: OutgoingFile): Promise<MediaFacts> {
  try {
    const { width, height } = imageSize(await readFile(file.path));
    return { width, height };
  } catch (error) {
    // image-size throws TypeError for what it cannot measure; such a picture goes out without its size.
    if (error instanceof TypeError || error instanceof RangeError) return {};
    throw error;
  }
}

async function playFacts(file: OutgoingFile): Promise<MediaFacts> {
  try {
    const { format } = await parseFile(file.path, { duration: true, skipCovers: true });
    return format.duration === undefined ? {} : { duration_seconds: Math.min(86_400, Math.max(1, Math.round(format.duration))) };
  } catch (error) {
    if (error instanceof Error && /^(CouldNotDetermineFileType|UnsupportedFileType|UnexpectedFileContent|FieldDecoding|InternalParser|EndOfStream)Error$/.test(error.name)) return {};
    throw error;
  }
}
