import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlobStore } from './blob-store.ts';
import { sha256 } from './cipher.ts';
import { mediaHandler, rangeOf, type MediaRequest, type MediaResponse } from './routes.ts';

const body = Buffer.from('0123456789');
const padded = `${sha256(body).toString('base64url')}=`;
const unpadded = sha256(body).toString('base64url');

function server(): { store: BlobStore; ask: (request: Partial<MediaRequest>) => MediaResponse | undefined } {
  const store = new BlobStore({ now: () => 0, maxBlobBytes: 1000 });
  const handle = mediaHandler({ store, isAuthorised: (auth) => auth === 'good' });
  return { store, ask: (request) => handle({ method: 'GET', target: '/', ...request }) };
}

const textOf = (response: MediaResponse | undefined): string => Buffer.from(response?.body ?? []).toString();

describe('an upload', () => {
  test.each([
    ['Baileys', `/mms/image/${unpadded}?auth=good&token=${unpadded}`],
    ['whatsmeow', `/mms/image/${encodeURIComponent(padded)}?auth=good&token=${encodeURIComponent(padded)}`],
    ['whatsmeow, unescaped', `/mms/document/${padded}?auth=good`],
    ['a newsletter', `/newsletter/newsletter-image/${padded}?auth=good`],
    ['a history blob', `/mms/md-app-state/${unpadded}?auth=good`],
  ])('as %s sends it can be downloaded', (_client, target) => {
    const { ask } = server();
    const uploaded = ask({ method: 'POST', target, body });
    expect(uploaded?.status).toBe(200);
    const answer = JSON.parse(textOf(uploaded)) as Record<string, string>;
    expect(answer.url).toBe(`https://mmg.whatsapp.net${answer.direct_path}`);
    expect(answer.handle).toBeTruthy();
    expect(answer.object_id).toBeTruthy();
    expect(answer.direct_path).toContain('?');
    const downloaded = ask({ target: `${answer.direct_path}&hash=${padded}&mms-type=image&__wa-mms=` });
    expect(downloaded).toMatchObject({ status: 200, headers: { 'content-length': '10' } });
    expect(textOf(downloaded)).toBe('0123456789');
  });

  test('of a cover photo gets what the profile edit needs', () => {
    const answer = server().ask({ method: 'POST', target: `/pps/biz-cover-photo/${unpadded}?auth=good`, body });
    expect(JSON.parse(textOf(answer))).toEqual(expect.objectContaining({ ts: 1 }));
    for (const field of ['fbid', 'meta_hmac', 'direct_path']) expect(JSON.parse(textOf(answer))).toHaveProperty(field, expect.stringMatching(/./));
  });

  test.each<[number, Partial<MediaRequest>]>([
    [401, { target: `/mms/image/${unpadded}?auth=bad`, body }],
    [401, { target: `/mms/image/${unpadded}`, body }],
    [400, { target: `/mms/image/${unpadded}?auth=good` }],
    [400, { target: `/mms/image/${unpadded}?auth=good`, body: Buffer.from('other') }],
    [413, { target: `/mms/image/${sha256(Buffer.alloc(1001)).toString('base64url')}?auth=good`, body: Buffer.alloc(1001) }],
  ])('is refused with %d', (status, request) => {
    expect(server().ask({ method: 'POST', ...request })?.status).toBe(status);
  });
});

describe('a download', () => {
  test('gives exactly the bytes of the range', () => {
    const { store, ask } = server();
    const { directPath } = store.put(body);
    fc.assert(
      fc.property(fc.nat(12), fc.nat(12), (first, last) => {
        const response = ask({ target: directPath, range: `bytes=${first}-${last}` });
        const expected = '0123456789'.slice(first, last + 1);
        expect(response?.status).toBe(expected === '' ? 416 : 206);
        expect(textOf(response)).toBe(expected);
        if (expected) expect(response?.headers['content-range']).toBe(`bytes ${first}-${Math.min(last, 9)}/10`);
      }),
    );
  });

  test('by HEAD gives the length alone', () => {
    const { store, ask } = server();
    const { directPath } = store.put(body);
    expect(ask({ method: 'HEAD', target: directPath })).toMatchObject({ status: 200, headers: { 'content-length': '10' }, body: new Uint8Array(0) });
  });

  test('is 404 for what never was and 410 for what has expired', () => {
    const { store, ask } = server();
    const { directPath } = store.put(body);
    store.expire(directPath);
    expect(ask({ target: directPath })?.status).toBe(410);
    expect(ask({ target: '/v/t62.7118-24/1_2_3_n.enc?x=y' })?.status).toBe(404);
  });
});

test('a deletion names the direct path in d_md, as whatsmeow sends it', () => {
  const { store, ask } = server();
  const { directPath } = store.put(body);
  const named = Buffer.from(directPath.split('?')[0] ?? '').toString('base64url');
  const target = `/mms/md-msg-hist/${padded}?auth=good&d_md=${named}&e_handle=h`;
  expect(ask({ method: 'DELETE', target: target.replace('good', 'bad') })?.status).toBe(401);
  expect(ask({ method: 'DELETE', target })?.status).toBe(200);
  expect(ask({ method: 'DELETE', target })?.status).toBe(404);
  expect(ask({ target: directPath })?.status).toBe(404);
});

test.each(['/', '/ws/chat', '/control/send', '/mms', '/v/'])('%s is no media path', (target) => {
  expect(server().ask({ target })).toBeUndefined();
});

test('a wrong method says which ones there are', () => {
  expect(server().ask({ method: 'GET', target: `/mms/image/${unpadded}` })).toMatchObject({ status: 405, headers: { allow: 'POST, PUT, DELETE' } });
});

test.each([
  ['bytes=0-', 10, { first: 0, last: 9 }],
  ['bytes=-3', 10, { first: 7, last: 9 }],
  ['bytes=-30', 10, { first: 0, last: 9 }],
  ['bytes=3-3', 10, { first: 3, last: 3 }],
  ['bytes=9-100', 10, { first: 9, last: 9 }],
  ['bytes=10-', 10, undefined],
  ['bytes=5-2', 10, undefined],
  ['bytes=-', 10, undefined],
  ['bytes=0-1,3-4', 10, undefined],
  ['lines=0-1', 10, undefined],
  ['bytes=0-0', 0, undefined],
])('%s of %d bytes is %j', (header, length, expected) => {
  expect(rangeOf(header, length)).toEqual(expected);
});
