import qrcode from 'qrcode';
import { describe, expect, it } from 'vitest';
import { readQr } from './qr-picture.ts';

describe('reading a QR', () => {
  it('gives back what was encoded, at the length of a real linking code', async () => {
    const text = `2@${'A1b2/+=='.repeat(25)},${'k'.repeat(44)},${'i'.repeat(44)},${'s'.repeat(44)}`;
    const png = await qrcode.toBuffer(text);
    expect(readQr(png.toString('base64'))).toBe(text);
  });

  it('says so when a picture holds none', async () => {
    const { PNG } = await import('pngjs');
    const empty = new PNG({ width: 40, height: 40 });
    expect(() => readQr(PNG.sync.write(empty).toString('base64'))).toThrow('no QR can be read in a picture of 40 x 40');
  });
});
