/** Who may speak to this bridge: programs of this machine that can read the token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Failure } from '@whatsapp-mcp/contract';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Refuses browsers (they send an Origin) and names that were made to point here (DNS rebinding). */
export function checkOrigin(headers: IncomingHttpHeaders, port: number): void {
  if (headers.origin !== undefined) throw new Failure('forbidden_origin', 'The request has an Origin header: bridges do not answer web pages.');
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (!hosts.includes(headers.host ?? '')) throw new Failure('forbidden_origin', `The Host header is "${headers.host ?? ''}"; expected 127.0.0.1:${port}.`);
}

export function checkToken(headers: IncomingHttpHeaders, token: string): void {
  const told = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (told === undefined) throw new Failure('unauthorized', 'The request has no "Authorization: Bearer" header.');
  if (!timingSafeEqual(digest(told), digest(token))) throw new Failure('unauthorized', 'The token is not that of this data folder.');
}
