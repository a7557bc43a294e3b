import type { Rgb } from './jpeg.ts';

/**
 * A lossless WebP of one colour. Each prefix code has a single symbol, so the pixels take no bits
 * at all (WebP Lossless Bitstream Specification, section 6.2.1 "simple code length code").
 */
export function solidWebp(width: number, height: number, [red, green, blue]: Rgb): Buffer {
  const bits: number[] = [];
  const put = (value: number, count: number): void => {
    for (let bit = 0; bit < count; bit++) bits.push((value >> bit) & 1);
  };
  put(width - 1, 14);
  put(height - 1, 14);
  put(0, 1 + 3); // no alpha, version 0
  put(0, 1); // no transform
  put(0, 1); // no colour cache
  put(0, 1); // one group of prefix codes
  for (const symbol of [green, red, blue, 255, 0]) {
    put(1, 1); // simple code
    put(0, 1); // of one symbol
    put(1, 1); // written in eight bits
    put(symbol, 8);
  }
  const stream = Buffer.alloc(1 + Math.ceil(bits.length / 8));
  stream.writeUInt8(0x2f, 0);
  for (const [index, bit] of bits.entries()) stream.writeUInt8(stream.readUInt8(1 + (index >> 3)) | (bit << (index & 7)), 1 + (index >> 3));
  const padding = Buffer.alloc(stream.length & 1);
  const head = Buffer.alloc(20);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(12 + stream.length + padding.length, 4);
  head.write('WEBPVP8L', 8, 'latin1');
  head.writeUInt32LE(stream.length, 16);
  return Buffer.concat([head, stream, padding]);
}
