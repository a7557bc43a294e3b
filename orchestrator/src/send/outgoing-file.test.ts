import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADA, Desk, sent } from '../testing/desk.ts';
import { kindOf, mediaFacts } from './media-facts.ts';
import { outgoingFile } from './outgoing-file.ts';
import { bars, voiceNote } from './voice-note.ts';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==', 'base64');

let base: string;
let root: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'files-'));
  root = join(base, 'outbox');
  mkdirSync(root);
  writeFileSync(join(root, 'a.png'), PNG);
  writeFileSync(join(root, 'notes.txt'), 'plain text');
  writeFileSync(join(base, 'secret.txt'), 'secret');
});

afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

const config = () => ({ data_dir: base, media_roots: undefined, max_media_mb: 1 });
const open = (path: string) => outgoingFile(config(), 'media_path', path);

test('a file in the outbox may be sent, and its bytes say what it is', async () => {
  expect(await open(join(root, 'a.png'))).toMatchObject({ name: 'a.png', mimetype: 'image/png', bytes: PNG.length });
  expect(await open(join(root, 'notes.txt'))).toMatchObject({ mimetype: 'text/plain' });
});

test.each([
  ['outside the folder', () => join(base, 'secret.txt')],
  ['outside by way of ..', () => join(root, '..', 'secret.txt')],
  ['a file that is not there, outside', () => join(base, 'nothing.txt')],
  ['a system file', () => '/etc/passwd'],
  ['the folder itself', () => root],
  ['a file that is not there, outside by way of ..', () => `${root}/../nothing.txt`],
])('%s is refused', async (_what, path) => {
  await expect(open(path())).rejects.toMatchObject({ code: 'policy_denied' });
});

test('a symbolic link that leads out is refused, one that stays is followed', async () => {
  symlinkSync(join(base, 'secret.txt'), join(root, 'out.txt'));
  symlinkSync(join(root, 'a.png'), join(root, 'in.png'));
  await expect(open(join(root, 'out.txt'))).rejects.toMatchObject({ code: 'policy_denied' });
  expect(await open(join(root, 'in.png'))).toMatchObject({ mimetype: 'image/png' });
});

test('a folder beside the root whose name begins alike is not inside', async () => {
  mkdirSync(`${root}-other`);
  writeFileSync(join(`${root}-other`, 'x.txt'), 'x');
  await expect(open(join(`${root}-other`, 'x.txt'))).rejects.toMatchObject({ code: 'policy_denied' });
});

test('folders, empty files and large files are each told apart', async () => {
  mkdirSync(join(root, 'folder'));
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, 'large'), Buffer.alloc(1024 * 1024 + 1));
  await expect(open(join(root, 'folder'))).rejects.toMatchObject({ code: 'invalid_argument' });
  await expect(open(join(root, 'empty'))).rejects.toMatchObject({ code: 'invalid_argument' });
  await expect(open(join(root, 'large'))).rejects.toMatchObject({ code: 'too_large' });
  await expect(open(join(root, 'missing'))).rejects.toMatchObject({ code: 'not_found' });
});

test('a text that calls itself a picture is no picture', async () => {
  writeFileSync(join(root, 'photo.jpg'), 'not a photo');
  const file = await open(join(root, 'photo.jpg'));
  expect(file.mimetype).toBe('application/octet-stream');
  expect(kindOf(file, 'auto')).toBe('document');
  expect(() => kindOf(file, 'image')).toThrow(/as image WhatsApp shows image\/jpeg/);
});

test('pictures tell their size; what cannot be measured goes without', async () => {
  const file = await open(join(root, 'a.png'));
  expect(kindOf(file, 'auto')).toBe('image');
  expect(await mediaFacts(file, 'image')).toEqual({ width: 3, height: 2 });
  expect(await mediaFacts(await open(join(root, 'notes.txt')), 'image')).toEqual({});
  expect(await mediaFacts(await open(join(root, 'notes.txt')), 'audio')).toEqual({});
});

test('send_file hands the bridge a checked path with what it found', async () => {
  using desk = new Desk({ env: { WHATSAPP_MEDIA_ROOTS: root }, handlers: { 'message.send_media': sent } });
  await desk.answer('send_file', { recipient: ADA, media_path: join(root, 'a.png'), caption: 'Look' });
  expect(desk.asked[0]?.input).toMatchObject({ path: join(root, 'a.png'), kind: 'image', mimetype: 'image/png', caption: 'Look', width: 3, height: 2 });
  expect(await desk.failure('send_file', { recipient: ADA, media_path: join(base, 'secret.txt') })).toMatchObject({ code: 'policy_denied' });
  expect(desk.asked).toHaveLength(1);
});

test('a voice note that needs ffmpeg says so where there is none, and leaves nothing behind', async () => {
  using desk = new Desk();
  const context = { ...desk.calls.surroundings, signal: new AbortController().signal };
  const work = voiceNote(context, await open(join(root, 'notes.txt')), join(base, 'no-such-program'));
  await expect(work).rejects.toMatchObject({ code: 'unsupported_type', message: expect.stringContaining('Install ffmpeg') as string });
  expect(readdirSync(join(desk.sample.folder, 'outbox/.converted'))).toEqual([]);
});

test('a voice note that cannot be converted carries what ffmpeg said', async () => {
  using desk = new Desk();
  const program = join(base, 'ffmpeg');
  writeFileSync(program, '#!/bin/sh\necho "Invalid data found" >&2\nexit 1\n', { mode: 0o755 });
  const context = { ...desk.calls.surroundings, signal: new AbortController().signal };
  await expect(voiceNote(context, await open(join(root, 'notes.txt')), program)).rejects.toMatchObject({ code: 'unsupported_type', message: expect.stringContaining('Invalid data found') as string });
});

/** One Ogg page (RFC 3533) with one packet; the checksum is left out, which readers of headers do not mind. */
function page(flags: number, granule: number, packet: Buffer): Buffer {
  const header = Buffer.alloc(28);
  header.write('OggS', 0);
  header.writeUInt8(flags, 5);
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(7, 14);
  header.writeUInt8(1, 26);
  header.writeUInt8(packet.length, 27);
  return Buffer.concat([header, packet]);
}

/** Two seconds of Opus (RFC 7845): 48,000 samples a second, 312 of them skipped at the beginning. */
function opus(): Buffer {
  const head = Buffer.from([...Buffer.from('OpusHead'), 1, 1, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0]);
  const tags = Buffer.concat([Buffer.from('OpusTags'), Buffer.from([4, 0, 0, 0]), Buffer.from('test'), Buffer.alloc(4)]);
  return Buffer.concat([page(2, 0, head), page(0, 0, tags), page(4, 96_312, Buffer.alloc(40, 0xfc))]);
}

test('a file that is Opus in Ogg already goes out as it is, with its length', async () => {
  writeFileSync(join(root, 'note.ogg'), opus());
  using desk = new Desk({ env: { WHATSAPP_MEDIA_ROOTS: root }, handlers: { 'message.send_media': sent } });
  await desk.answer('send_audio_message', { recipient: ADA, media_path: join(root, 'note.ogg') });
  expect(desk.asked[0]?.input).toMatchObject({ path: join(root, 'note.ogg'), kind: 'ptt', mimetype: 'audio/ogg; codecs=opus', duration_seconds: 2 });
});

test('a waveform has 64 bars from 0 to 100, loudest where the sound is', () => {
  const samples = Int8Array.from({ length: 6_400 }, (_, index) => (index < 3_200 ? 0 : index % 2 === 0 ? 64 : -64));
  const drawn = bars(samples);
  expect(drawn).toHaveLength(64);
  expect([drawn[0], drawn[31], drawn[32], drawn[63]]).toEqual([0, 0, 100, 100]);
  expect(bars(new Int8Array(0))).toEqual(Array(64).fill(0));
});
