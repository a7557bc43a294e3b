import { createHmac } from 'node:crypto';
import { encryptMedia, sha256, type MediaType } from '../media/cipher.ts';
import { sampleOf, SAMPLES_PER_KIND, type Sample, type SampleKind } from '../media/samples/index.ts';

/**
 * The media of generated messages. A direct path names the sample file and a nonce, and carries a
 * check value; from path and seed the key and the encrypted bytes follow. So nothing is stored,
 * and a path that this world did not make opens nothing.
 */
export interface Attachment {
  readonly sample: Sample;
  readonly url: string;
  /** With query string: whatsmeow appends `&hash=` to it. */
  readonly directPath: string;
  readonly mediaKey: Uint8Array;
  readonly fileSha256: Uint8Array;
  readonly fileEncSha256: Uint8Array;
  readonly fileLength: number;
}

/** Kind, the folder under /v/ that real paths of this kind have, and the key it is encrypted under. */
const shelves = {
  image: { folder: 't62.7118-24', type: 'image' },
  video: { folder: 't62.7161-24', type: 'video' },
  gif: { folder: 't62.7161-24', type: 'video' },
  ptt: { folder: 't62.7117-24', type: 'audio' },
  audio: { folder: 't62.7114-24', type: 'audio' },
  document: { folder: 't62.7119-24', type: 'document' },
  sticker: { folder: 't62.15575-24', type: 'sticker' },
} as const satisfies Record<SampleKind, { folder: string; type: MediaType }>;

const kinds = Object.keys(shelves) as SampleKind[];
const pathPattern = /^\/v\/(t62\.\d+-24)\/(\d+)_(\d+)_(\d+)_n\.enc$/;

/** Host that message URLs name; clients are redirected to loopback by their own settings. */
const MEDIA_HOST = 'https://mmg.whatsapp.net';

function secretOf(seed: number, name: string): Buffer {
  return createHmac('sha256', `wa-sim media ${seed}`).update(name).digest();
}

function checkValue(seed: number, name: string): string {
  return String(secretOf(seed, `check ${name}`).readUIntBE(0, 6)).padStart(15, '1');
}

/** The media key of a path; `name` is folder, file number and nonce. */
const mediaKeyOf = (seed: number, name: string): Uint8Array => secretOf(seed, `key ${name}`);

/** `index` chooses the file, `nonce` (a whole number) makes path and key unique. */
export function attachmentOf(seed: number, kind: SampleKind, index: number, nonce: number): Attachment {
  const { folder, type } = shelves[kind];
  const number = 10_000_000 + (index % SAMPLES_PER_KIND) * kinds.length + kinds.indexOf(kind);
  const name = `/v/${folder}/${number}_${nonce}`;
  const mediaKey = mediaKeyOf(seed, name);
  const sample = sampleOf(kind, index);
  const { fileEncSha256 } = encryptMedia(sample.bytes, mediaKey, type);
  const token = sha256(mediaKey).toString('hex').slice(0, 32);
  const directPath = `${name}_${checkValue(seed, name)}_n.enc?ccb=11-4&oh=01_Q5Aa${token}&oe=6B1F2C80&_nc_sid=5e03e0`;
  return {
    sample,
    url: `${MEDIA_HOST}${directPath}&mms3=true`,
    directPath,
    mediaKey,
    fileSha256: sample.sha256,
    fileEncSha256,
    fileLength: sample.bytes.length,
  };
}

/** The encrypted bytes behind a direct path (query string ignored); undefined if this seed never made it. */
export function attachmentBlob(seed: number, directPath: string): Buffer | undefined {
  const path = directPath.replace(/\?.*$/, '');
  const [, folder, number, nonce, check] = pathPattern.exec(path) ?? [];
  if (!folder || !number || !nonce || !check) return undefined;
  const name = `/v/${folder}/${number}_${nonce}`;
  if (checkValue(seed, name) !== check) return undefined;
  const offset = Number(number) - 10_000_000;
  const kind = kinds[offset % kinds.length];
  if (!kind) return undefined;
  const sample = sampleOf(kind, Math.floor(offset / kinds.length));
  return encryptMedia(sample.bytes, mediaKeyOf(seed, name), shelves[kind].type).blob;
}
