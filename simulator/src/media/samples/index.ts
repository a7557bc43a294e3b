import { sha256 } from '../cipher.ts';
import { mosaicJpeg, type Rgb } from './jpeg.ts';
import { slideshowMp4 } from './mp4.ts';
import { silentVoiceNote } from './ogg.ts';
import { onePagePdf } from './pdf.ts';
import { solidWebp } from './webp.ts';

export type SampleKind = 'image' | 'video' | 'gif' | 'ptt' | 'audio' | 'document' | 'sticker';

/** A small valid file of its kind, as a phone would send it. */
export interface Sample {
  readonly bytes: Buffer;
  readonly sha256: Buffer;
  readonly mimetype: string;
  readonly width: number;
  readonly height: number;
  /** 0 for what does not play. */
  readonly seconds: number;
  /** JPEG; empty for what has no preview. */
  readonly thumbnail: Buffer;
}

/** How many different files of each kind there are. */
export const SAMPLES_PER_KIND = 24;

const cache = new Map<string, Sample>();

/** The file number `index` (taken modulo SAMPLES_PER_KIND) of this kind; always the same bytes. */
export function sampleOf(kind: SampleKind, index: number): Sample {
  const number = index % SAMPLES_PER_KIND;
  const key = `${kind}/${number}`;
  const known = cache.get(key);
  if (known) return known;
  const made = makers[kind](number);
  cache.set(key, made);
  return made;
}

type Draft = Pick<Sample, 'bytes' | 'mimetype'> & Partial<Sample>;

const finished = (draft: Draft): Sample => ({ width: 0, height: 0, seconds: 0, thumbnail: Buffer.alloc(0), sha256: sha256(draft.bytes), ...draft });

/** A hilly landscape under a sky; the number moves sun, hills and colours. */
function landscape(number: number, columns: number, rows: number): Buffer {
  const hue = (number * 37) % 200;
  const sun = { x: ((number * 7) % 10) / 10, y: 0.15 + ((number * 3) % 4) / 20 };
  return mosaicJpeg(columns, rows, (column, row): Rgb => {
    const x = column / columns;
    const y = row / rows;
    const hill = 0.6 + 0.12 * Math.sin((x * 5 + number) * 1.3) + 0.05 * Math.sin(x * 17 + number * 2);
    if (y > hill) return [30 + hue / 5, 90 + (y - hill) * 160, 40 + hue / 4];
    if (Math.hypot(x - sun.x, ((y - sun.y) * rows) / columns) < 0.06) return [255, 225, 120];
    return [110 + hue / 2 + y * 60, 160 + y * 40, 235 - hue / 3];
  });
}

const image = (number: number): Sample =>
  finished({ bytes: landscape(number, 40, 30), mimetype: 'image/jpeg', width: 320, height: 240, thumbnail: landscape(number, 8, 6) });

function clip(number: number, seconds: number): Sample {
  const frames = Array.from({ length: seconds }, (_, second) => landscape(number * 3 + second, 20, 15));
  const size = { width: 160, height: 120 };
  return finished({ bytes: slideshowMp4(size, frames), mimetype: 'video/mp4', ...size, seconds, thumbnail: landscape(number * 3, 8, 6) });
}

function voice(seconds: number): Sample {
  return finished({ bytes: silentVoiceNote(seconds), mimetype: 'audio/ogg; codecs=opus', seconds });
}

const stickerColours: readonly Rgb[] = [[255, 205, 60], [240, 90, 90], [90, 180, 240], [120, 200, 110]];

const makers: Record<SampleKind, (number: number) => Sample> = {
  image,
  video: (number) => clip(number, 4 + (number % 7)),
  gif: (number) => clip(number + 100, 2 + (number % 3)),
  ptt: (number) => voice(3 + ((number * 7) % 53)),
  audio: (number) => voice(60 + number * 5),
  document: (number) => finished({ bytes: onePagePdf(`Document number ${number + 1}`), mimetype: 'application/pdf' }),
  sticker: (number) =>
    finished({ bytes: solidWebp(512 - number, 512, stickerColours[number % 4] ?? [255, 255, 255]), mimetype: 'image/webp', width: 512 - number, height: 512 }),
};
