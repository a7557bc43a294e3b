import { BlobStoreFull, type BlobStore } from './blob-store.ts';
import { sha256 } from './cipher.ts';

export interface MediaRequest {
  readonly method: string;
  /** Path and query string as they came. */
  readonly target: string;
  /** The value of the Range header. */
  readonly range?: string | undefined;
  readonly body?: Uint8Array | undefined;
}

export interface MediaResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface MediaRoutesOptions {
  readonly store: BlobStore;
  /** Is this the `auth` of a media connection that was handed out? */
  readonly isAuthorised: (auth: string) => boolean;
  /** Host in the URLs of uploaded files; the clients' own transports lead it to loopback. */
  readonly host?: string;
}

interface Context extends MediaRoutesOptions {
  readonly request: MediaRequest;
  readonly url: URL;
  /** Of the route's pattern. */
  readonly groups: readonly string[];
}

interface Route {
  readonly methods: readonly string[];
  readonly pattern: RegExp;
  readonly answer: (context: Context) => MediaResponse;
}

const plain = (status: number, text: string): MediaResponse => ({ status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) });
const json = (status: number, value: unknown): MediaResponse => ({ status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) });

/** The folder under /v/ where files of an upload type end up; images for what is not listed. */
const folders: Readonly<Record<string, string>> = {
  image: 't62.7118-24',
  video: 't62.7161-24',
  audio: 't62.7114-24',
  ptt: 't62.7117-24',
  document: 't62.7119-24',
  sticker: 't62.15575-24',
  'md-app-state': 't62.19146-24',
  'md-msg-hist': 't62.19146-24',
};

/** Baileys sends base64url without padding, whatsmeow with. */
const tokenOf = (bytes: Uint8Array): string => sha256(bytes).toString('base64url');

/** POST /mms/<type>/<token>: the token is the SHA-256 of the body, which is ciphertext and MAC. */
function upload({ store, request, url, isAuthorised, host = 'mmg.whatsapp.net', groups: [type = '', token = ''] }: Context): MediaResponse {
  const { body } = request;
  if (!isAuthorised(url.searchParams.get('auth') ?? '')) return plain(401, 'The auth parameter is not one of a media connection.');
  if (!body || body.length === 0) return plain(400, 'An upload needs a body.');
  if (tokenOf(body) !== decodeURIComponent(token).replace(/=+$/, '')) return plain(400, 'The token is not the SHA-256 of the body.');
  try {
    const { directPath, handle } = store.put(body, folders[type.replace(/^newsletter-/, '')]);
    return json(200, { url: `https://${host}${directPath}`, direct_path: directPath, handle, object_id: handle.slice(2, 18) });
  } catch (error) {
    if (error instanceof BlobStoreFull) return plain(413, error.message);
    throw error;
  }
}

/** POST /pps/biz-cover-photo/<token>: the answer has what the profile edit needs next (Baileys business.ts). */
function uploadCover(context: Context): MediaResponse {
  const answered = upload({ ...context, groups: ['image', ...context.groups] });
  if (answered.status !== 200) return answered;
  const { object_id: fbid, ...rest } = JSON.parse(Buffer.from(answered.body).toString()) as Record<string, string>;
  return json(200, { ...rest, fbid, meta_hmac: tokenOf(answered.body), ts: 1 });
}

/** DELETE /mms/<type>/<token>?d_md=…: the direct path is in `d_md`, base64url (whatsmeow upload.go:DeleteMedia). */
function remove({ store, url, isAuthorised }: Context): MediaResponse {
  if (!isAuthorised(url.searchParams.get('auth') ?? '')) return plain(401, 'The auth parameter is not one of a media connection.');
  const directPath = Buffer.from(url.searchParams.get('d_md') ?? '', 'base64url').toString();
  return store.delete(directPath) ? plain(200, '') : plain(404, 'There is no such blob.');
}

/** First and last byte that a Range header asks for; undefined if none of the file. */
export function rangeOf(header: string, length: number): { first: number; last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  return first <= last && first < length ? { first, last } : undefined;
}

/** GET of a direct path, with whatever query string the client has added. */
function download({ store, request, url }: Context): MediaResponse {
  const found = store.get(url.pathname);
  if (found.status !== 'found') return plain(found.status === 'gone' ? 410 : 404, found.status === 'gone' ? 'This blob has expired.' : 'There is no such blob.');
  const { blob } = found;
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' };
  if (request.range === undefined) return { status: 200, headers: { ...headers, 'content-length': String(blob.length) }, body: request.method === 'HEAD' ? new Uint8Array(0) : blob };
  const range = rangeOf(request.range, blob.length);
  if (!range) return { status: 416, headers: { ...headers, 'content-range': `bytes */${blob.length}` }, body: new Uint8Array(0) };
  const body = blob.subarray(range.first, range.last + 1);
  const partial = { 'content-range': `bytes ${range.first}-${range.last}/${blob.length}`, 'content-length': String(body.length) };
  return { status: 206, headers: { ...headers, ...partial }, body: request.method === 'HEAD' ? new Uint8Array(0) : body };
}

const routes: readonly Route[] = [
  { methods: ['POST', 'PUT'], pattern: /^\/mms\/([\w-]+)\/([^/]+)$/, answer: upload },
  { methods: ['POST', 'PUT'], pattern: /^\/newsletter\/(newsletter-[\w-]+)\/([^/]+)$/, answer: upload },
  { methods: ['POST', 'PUT'], pattern: /^\/product\/(image)\/([^/]+)$/, answer: upload },
  { methods: ['POST', 'PUT'], pattern: /^\/pps\/biz-cover-photo\/([^/]+)$/, answer: uploadCover },
  { methods: ['DELETE'], pattern: /^\/mms\/([\w-]+)\/([^/]+)$/, answer: remove },
  { methods: ['GET', 'HEAD'], pattern: /^(\/v\/.+)$/, answer: download },
];

/**
 * The media servers: uploads, downloads with ranges, deletions. Undefined if the request is for
 * none of them.
 */
export function mediaHandler(options: MediaRoutesOptions): (request: MediaRequest) => MediaResponse | undefined {
  return (request) => {
    const url = new URL(request.target, 'http://media.invalid');
    const matching = routes.filter((route) => route.pattern.test(url.pathname));
    if (matching.length === 0) return undefined;
    const route = matching.find((candidate) => candidate.methods.includes(request.method));
    if (!route) return { ...plain(405, `${request.method} is not possible here.`), headers: { allow: matching.flatMap((candidate) => candidate.methods).join(', ') } };
    const groups = (route.pattern.exec(url.pathname) ?? []).slice(1);
    return route.answer({ ...options, request, url, groups });
  };
}
