/**
 * Writes baseline JPEG files in which every 8x8 block has one colour. Blocks of one colour have
 * only a DC coefficient, so the entropy coder is a few lines and the files are small.
 */

/** Red, green, blue, 0..255. */
export type Rgb = readonly [number, number, number];

/** Code lengths and symbols of ITU T.81 table K.3 (luminance DC). */
const DC_LENGTHS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_SYMBOLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/** The only AC symbol is "end of block", coded as one 0 bit. */
const AC_LENGTHS = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/** DC of a flat block is 8 x (sample - 128); a quantiser of 8 leaves sample - 128. */
const QUANTISER = 8;

const dcCodes = canonicalCodes(DC_LENGTHS, DC_SYMBOLS);

function canonicalCodes(lengths: readonly number[], symbols: readonly number[]): Map<number, { code: number; bits: number }> {
  const codes = new Map<number, { code: number; bits: number }>();
  let code = 0;
  let next = 0;
  for (const [index, count] of lengths.entries()) {
    for (let i = 0; i < count; i++) codes.set(symbols[next++] ?? 0, { code: code++, bits: index + 1 });
    code <<= 1;
  }
  return codes;
}

class BitWriter {
  private readonly bytes: number[] = [];
  private pending = 0;
  private count = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.pending = (this.pending << 1) | ((value >> bit) & 1);
      if (++this.count === 8) this.flush();
    }
  }

  /** Fills the last byte with 1 bits, as the standard wants. */
  end(): Uint8Array {
    if (this.count > 0) this.write(0xff, 8 - this.count);
    return Uint8Array.from(this.bytes);
  }

  private flush(): void {
    this.bytes.push(this.pending);
    if (this.pending === 0xff) this.bytes.push(0);
    this.pending = 0;
    this.count = 0;
  }
}

function toYCbCr([r, g, b]: Rgb): readonly [number, number, number] {
  const y = 0.299 * r + 0.587 * g + 0.114 * b;
  return [Math.round(y - 128), Math.round(0.564 * (b - y)), Math.round(0.713 * (r - y))];
}

function writeDc(out: BitWriter, difference: number): void {
  const size = 32 - Math.clz32(Math.abs(difference));
  const code = dcCodes.get(size);
  if (!code) throw new RangeError(`A DC difference of ${difference} does not fit a baseline JPEG.`);
  out.write(code.code, code.bits);
  out.write(difference < 0 ? difference + (1 << size) - 1 : difference, size);
  out.write(0, 1);
}

const segment = (marker: number, body: readonly number[]): number[] => [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body];

function header(width: number, height: number): number[] {
  const component = (id: number): number[] => [id, 0x11, 0];
  return [
    0xff, 0xd8,
    ...segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xdb, [0, ...Array<number>(64).fill(QUANTISER)]),
    ...segment(0xc0, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 3, ...component(1), ...component(2), ...component(3)]),
    ...segment(0xc4, [0x00, ...DC_LENGTHS, ...DC_SYMBOLS]),
    ...segment(0xc4, [0x10, ...AC_LENGTHS, 0]),
    ...segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
  ];
}

/** A JPEG of `columns` x `rows` blocks of 8x8 pixels, each in the colour that `colour` gives. */
export function mosaicJpeg(columns: number, rows: number, colour: (x: number, y: number) => Rgb): Buffer {
  const bits = new BitWriter();
  const previous: [number, number, number] = [0, 0, 0];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const sample = toYCbCr(colour(x, y));
      for (const plane of [0, 1, 2] as const) {
        writeDc(bits, sample[plane] - previous[plane]);
        previous[plane] = sample[plane];
      }
    }
  }
  return Buffer.concat([Uint8Array.from(header(columns * 8, rows * 8)), bits.end(), Uint8Array.of(0xff, 0xd9)]);
}
