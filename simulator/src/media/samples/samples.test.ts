import { describe, expect, test } from 'vitest';
import { mosaicJpeg } from './jpeg.ts';
import { sampleOf, SAMPLES_PER_KIND, type SampleKind } from './index.ts';
import { silentVoiceNote } from './ogg.ts';
import { onePagePdf } from './pdf.ts';

const kinds: SampleKind[] = ['image', 'video', 'gif', 'ptt', 'audio', 'document', 'sticker'];

const magic: Record<SampleKind, (bytes: Buffer) => boolean> = {
  image: (bytes) => bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9,
  video: (bytes) => bytes.toString('latin1', 4, 8) === 'ftyp',
  gif: (bytes) => bytes.toString('latin1', 4, 8) === 'ftyp',
  ptt: (bytes) => bytes.toString('latin1', 0, 4) === 'OggS',
  audio: (bytes) => bytes.toString('latin1', 0, 4) === 'OggS',
  document: (bytes) => bytes.toString('latin1', 0, 5) === '%PDF-' && bytes.toString('latin1').trimEnd().endsWith('%%EOF'),
  sticker: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.readUInt32LE(4) === bytes.length - 8,
};

test.each(kinds)('samples of %s are different files of their format', (kind) => {
  const samples = Array.from({ length: SAMPLES_PER_KIND }, (_, index) => sampleOf(kind, index));
  expect(samples.every(({ bytes }) => magic[kind](bytes))).toBe(true);
  expect(new Set(samples.map(({ sha256 }) => sha256.toString('hex'))).size).toBe(SAMPLES_PER_KIND);
  expect(sampleOf(kind, SAMPLES_PER_KIND)).toBe(samples[0]);
  expect(samples.every(({ bytes }) => bytes.length < 60_000)).toBe(true);
});

describe('formats', () => {
  test('a JPEG states its size in pixels', () => {
    const jpeg = mosaicJpeg(5, 3, () => [10, 20, 30]);
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    expect([jpeg.readUInt16BE(frame + 5), jpeg.readUInt16BE(frame + 7)]).toEqual([24, 40]);
  });

  test('the entropy-coded part of a JPEG has no marker in it', () => {
    const jpeg = mosaicJpeg(30, 30, (x, y) => [(x * 83) % 256, (y * 57) % 256, (x * y) % 256]);
    const data = jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xda])) + 14, -2);
    for (let i = data.indexOf(0xff); i >= 0; i = data.indexOf(0xff, i + 1)) expect(data[i + 1]).toBe(0);
  });

  test.each([1, 5, 6, 60])('a voice note of %d s ends at that granule', (seconds) => {
    const ogg = silentVoiceNote(seconds);
    const last = ogg.lastIndexOf('OggS');
    expect(ogg.readUInt8(last + 5)).toBe(4);
    expect(ogg.readUInt32LE(last + 6)).toBe(seconds * 48_000);
  });

  test('the offsets in a PDF point to its objects', () => {
    const pdf = onePagePdf('Budget (draft) \\ é').toString('latin1');
    const table = /xref\n0 6\n([\s\S]*?)trailer/.exec(pdf)?.[1] ?? '';
    const offsets = table.split('\n').slice(1, 6).map((line) => Number(line.slice(0, 10)));
    for (const [index, offset] of offsets.entries()) expect(pdf.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj`));
    expect(pdf.slice(Number(/startxref\n(\d+)/.exec(pdf)?.[1]))).toMatch(/^xref/);
  });
});
