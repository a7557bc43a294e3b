/** The HTTP face of the bridge: every operation of the contract, mounted in one loop. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Fastify from 'fastify';
import { Failure, failures, MAX_BODY_BYTES } from '@whatsapp-mcp/contract';
import type { Log } from '../log.ts';
import type { Feed } from './feed.ts';
import { checkOrigin, checkToken } from './guard.ts';
import type { BaileysHandlers } from './run.ts';
import { runCall } from './run.ts';

const HEARTBEAT_MS = 15_000;

export interface ServerParts {
  readonly handlers: BaileysHandlers;
  readonly feed: Feed;
  readonly token: string;
  readonly log: Log;
}

export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. Port 0: any free one. */
export async function startServer(parts: ServerParts, port: number): Promise<Server> {
  // A stream of events never ends by itself: closing must not wait for its readers.
  const app = Fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  let bound = port;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request) => {
    checkOrigin(request.headers, bound);
    if (request.url !== '/health') checkToken(request.headers, parts.token);
  });
  app.setErrorHandler(async (error, request, reply) => {
    const failure = asFailure(error, parts.log);
    if (failure.code === 'too_large') await drain(request);
    return refuse(reply, failure);
  });
  app.setNotFoundHandler((request, reply) => refuse(reply, new Failure('unknown_operation', `There is no ${request.method} ${request.url}.`)));
  mount(app, parts);
  await app.listen({ host: '127.0.0.1', port });
  bound = (app.server.address() as AddressInfo).port;
  return { port: bound, close: () => app.close() };
}

function mount(app: FastifyInstance, parts: ServerParts): void {
  app.get('/health', async () => ({ ok: true }));
  app.get('/v1/events', (request, reply) => stream(parts.feed, request, reply));
  app.get('/v1/status', async (request, reply) => answer(parts, request, reply, { name: 'session.status', body: {} }));
  app.post<{ Params: { operation: string } }>('/v1/:operation', async (request, reply) =>
    answer(parts, request, reply, { name: request.params.operation, body: parseBody(request.body) }),
  );
}

async function answer(
  { handlers, log }: ServerParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { name, body }: { readonly name: string; readonly body: unknown },
): Promise<unknown> {
  const gone = new AbortController();
  const left = (): void => {
    if (!reply.raw.writableEnded) gone.abort(new Failure('cancelled', 'The caller closed the connection.'));
  };
  reply.raw.once('close', left);
  try {
    const result = await runCall(handlers, { name, body, deadlineMs: deadline(request), gone: gone.signal }, log);
    return { ok: true, result };
  } finally {
    reply.raw.off('close', left);
  }
}

function deadline(request: FastifyRequest): number | undefined {
  const told = request.headers['x-deadline-ms'];
  if (told === undefined) return undefined;
  const value = Number(told);
  if (!Number.isInteger(value) || value < 1) throw new Failure('invalid_argument', `"x-deadline-ms" is "${told.toString()}"; expected a whole number of milliseconds.`);
  return value;
}

function parseBody(body: unknown): unknown {
  let value: unknown;
  try {
    value = JSON.parse(typeof body === 'string' ? body : '');
  } catch {
    throw new Failure('malformed_json', 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Failure('malformed_json', 'The body is not a JSON object.');
  return value;
}

function asFailure(error: unknown, log: Log): Failure {
  if (error instanceof Failure) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Failure('too_large', `The body is over the limit of ${MAX_BODY_BYTES} bytes.`);
  if (statusCode !== undefined && statusCode < 500) return new Failure('malformed_json', `The request cannot be read: ${(error as Error).message}`);
  log.error({ err: error }, 'a request failed in the server');
  return new Failure('internal', 'The request failed in a way that nobody foresaw. The log of the bridge has the details.');
}

/** A caller that is still writing when the connection closes sees a broken pipe instead of the answer: its body is read and thrown away. */
const DRAIN_BYTES = 4 * MAX_BODY_BYTES;
const DRAIN_WITHIN_MS = 5000;

async function drain({ raw }: FastifyRequest): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), DRAIN_WITHIN_MS);
  let bytes = 0;
  raw.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > DRAIN_BYTES) resolve(undefined);
  });
  raw.once('end', () => resolve(undefined));
  raw.once('close', () => resolve(undefined));
  await promise;
  clearTimeout(timer);
}

function refuse(reply: FastifyReply, failure: Failure): FastifyReply {
  const details = failure.details === undefined ? {} : { details: JSON.stringify(failure.details).slice(0, 16_384) };
  return reply.code(failures[failure.code].status).send({ ok: false, error: { code: failure.code, message: failure.message.slice(0, 4000), ...details } });
}

function stream(feed: Feed, request: FastifyRequest, reply: FastifyReply): void {
  const told = Number(request.headers['last-event-id']);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.write(': listening\n\n');
  const stop = feed.listen(Number.isInteger(told) && told >= 0 && request.headers['last-event-id'] !== undefined ? told : undefined, (event) => {
    raw.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  const heartbeat = setInterval(() => raw.write(': alive\n\n'), HEARTBEAT_MS);
  raw.once('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}
