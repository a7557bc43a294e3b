import { describe, expect, test } from 'vitest';
import { BlobStore, BlobStoreFull } from './blob-store.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const store = (options: ConstructorParameters<typeof BlobStore>[0] = { now: () => 0 }): BlobStore => new BlobStore(options);
const text = (found: ReturnType<BlobStore['get']>): string => (found.status === 'found' ? Buffer.from(found.blob).toString() : found.status);

describe('the blob store', () => {
  test('finds a blob by its path, with any query string', () => {
    const blobs = store();
    const { directPath } = blobs.put(bytes('one'));
    expect(directPath).toMatch(/^\/v\/t62\.7118-24\/[\d_]+_n\.enc\?/);
    for (const path of [directPath, `${directPath}&hash=abc&mms-type=image`, directPath.split('?')[0] ?? '']) expect(text(blobs.get(path))).toBe('one');
    expect(text(blobs.get('/v/t62.7118-24/1_2_3_n.enc'))).toBe('missing');
  });

  test('keeps the same bytes once', () => {
    const blobs = store();
    expect(blobs.put(bytes('one'))).toEqual(blobs.put(bytes('one')));
    blobs.put(bytes('two'));
    expect(blobs.counts()).toEqual({ blobs: 2, bytes: 6 });
  });

  test('forgets what is deleted, until it is uploaded again', () => {
    const blobs = store();
    const { directPath } = blobs.put(bytes('one'));
    expect(blobs.delete(directPath)).toBe(true);
    expect(blobs.delete(directPath)).toBe(false);
    expect(text(blobs.get(directPath))).toBe('missing');
    expect(blobs.counts()).toEqual({ blobs: 0, bytes: 0 });
    blobs.put(bytes('one'));
    expect(text(blobs.get(directPath))).toBe('one');
  });

  test('lets blobs expire by age and by hand, and renews them under another path', () => {
    let now = 0;
    const blobs = store({ now: () => now, lifetimeMs: 1000 });
    const { directPath } = blobs.put(bytes('one'));
    now = 1001;
    expect(text(blobs.get(directPath))).toBe('gone');
    const renewed = blobs.renew(directPath);
    expect(renewed?.directPath).not.toBe(directPath);
    expect(text(blobs.get(renewed?.directPath ?? ''))).toBe('one');
    expect(text(blobs.get(directPath))).toBe('gone');
    blobs.expire(renewed?.directPath ?? '');
    expect(text(blobs.get(renewed?.directPath ?? ''))).toBe('gone');
    expect(blobs.renew('/v/nowhere')).toBeUndefined();
  });

  test('shows what lies beneath, and can delete and renew that too', () => {
    const blobs = store({ now: () => 0, beneath: (path) => (path === '/v/old' ? bytes('old') : undefined) });
    expect(text(blobs.get('/v/old?x=y'))).toBe('old');
    expect(blobs.delete('/v/old')).toBe(true);
    expect(text(blobs.get('/v/old'))).toBe('missing');
    expect(text(blobs.get(blobs.renew('/v/old')?.directPath ?? ''))).toBe('old');
  });

  test.each([
    ['a blob', { maxBlobBytes: 2 }, /may have 2 bytes/],
    ['the number of blobs', { maxBlobs: 1 }, /holds 1 blobs/],
    ['all bytes', { maxTotalBytes: 4 }, /3 of 4 bytes/],
  ])('refuses beyond the limit of %s', (_what, limit, message) => {
    const blobs = store({ now: () => 0, ...limit });
    const fill = (): void => {
      blobs.put(bytes('one'));
      blobs.put(bytes('two'));
    };
    expect(fill).toThrow(BlobStoreFull);
    expect(fill).toThrow(message);
  });
});
