/** Writes MP4 files whose video track is a row of JPEG pictures, one second each. */

const u8 = (...values: readonly number[]): Buffer => Buffer.from(values);
const u16 = (...values: readonly number[]): Buffer => Buffer.concat(values.map((value) => u8(value >> 8, value & 0xff)));
const u32 = (...values: readonly number[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(value);
      return out;
    }),
  );

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

/** The unity matrix of ISO/IEC 14496-12, 8.2.2. */
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const TIMESCALE = 1000;

interface Picture {
  readonly width: number;
  readonly height: number;
}

/** Object type 0x6C is JPEG (ISO/IEC 14496-1, table 5). */
function sampleEntry({ width, height }: Picture): Buffer {
  const decoderConfig = Buffer.concat([u8(0x04, 13, 0x6c, 0x11, 0, 0, 0), u32(0, 0)]);
  const descriptor = Buffer.concat([u8(0x03, 3 + decoderConfig.length + 3), u16(1), u8(0), decoderConfig, u8(0x06, 1, 0x02)]);
  return box(
    'mp4v',
    u8(0, 0, 0, 0, 0, 0), u16(1), Buffer.alloc(16), u16(width, height),
    u32(0x480000, 0x480000, 0), u16(1), Buffer.alloc(32), u16(24, 0xffff),
    box('esds', u32(0), descriptor),
  );
}

function sampleTable(picture: Picture, frames: readonly Uint8Array[], firstOffset: number): Buffer {
  const offsets: number[] = [];
  let offset = firstOffset;
  for (const frame of frames) {
    offsets.push(offset);
    offset += frame.length;
  }
  return box(
    'stbl',
    box('stsd', u32(0, 1), sampleEntry(picture)),
    box('stts', u32(0, 1, frames.length, TIMESCALE)),
    box('stsc', u32(0, 1, 1, 1, 1)),
    box('stsz', u32(0, 0, frames.length, ...frames.map((frame) => frame.length))),
    box('stco', u32(0, frames.length, ...offsets)),
  );
}

function movie(picture: Picture, frames: readonly Uint8Array[], firstOffset: number): Buffer {
  const duration = frames.length * TIMESCALE;
  const media = box(
    'mdia',
    box('mdhd', u32(0, 0, 0, TIMESCALE, duration), u16(0x55c4, 0)),
    box('hdlr', u32(0, 0), Buffer.from('vide', 'latin1'), u32(0, 0, 0), u8(0)),
    box(
      'minf',
      box('vmhd', u32(1), u16(0, 0, 0, 0)),
      box('dinf', box('dref', u32(0, 1), box('url ', u32(1)))),
      sampleTable(picture, frames, firstOffset),
    ),
  );
  const track = box(
    'trak',
    box('tkhd', u32(7, 0, 0, 1, 0, duration, 0, 0), u16(0, 0, 0, 0), MATRIX, u32(picture.width << 16, picture.height << 16)),
    media,
  );
  const header = box('mvhd', u32(0, 0, 0, TIMESCALE, duration, 0x10000), u16(0x100, 0), u32(0, 0), MATRIX, u32(0, 0, 0, 0, 0, 0, 2));
  return box('moov', header, track);
}

/** `video/mp4`; each frame is a JPEG of the given size and is shown for one second. */
export function slideshowMp4(picture: Picture, frames: readonly Uint8Array[]): Buffer {
  const type = box('ftyp', Buffer.from('isom', 'latin1'), u32(0x200), Buffer.from('isomiso2mp41', 'latin1'));
  const headerLength = type.length + movie(picture, frames, 0).length + 8;
  return Buffer.concat([type, movie(picture, frames, headerLength), box('mdat', ...frames)]);
}
