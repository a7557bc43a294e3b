import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { TimedOut } from '../exchange/events.ts';
import { LinkFailure } from '../exchange/registration.ts';
import { RequestRefused } from '../phone/request.ts';
import { FileFailure } from '../phone/files.ts';
import { SendFailure } from '../phone/outgoing.ts';
import type { Simulator } from '../simulator.ts';
import { InvalidJid } from '../wire/jid.ts';
import { methods } from './methods.ts';

/** Names of this machine: other hosts in a request are somebody's trick (DNS rebinding). */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Failures a caller can expect, and what they are called. Anything else is a bug: 500. */
const FAILURES: readonly { readonly is: new (...args: never[]) => Error; readonly code: string; readonly status: number }[] = [
  { is: z.ZodError, code: 'invalid_input', status: 400 },
  { is: InvalidJid, code: 'invalid_input', status: 400 },
  { is: RangeError, code: 'not_found', status: 404 },
  { is: TimedOut, code: 'timed_out', status: 408 },
  { is: LinkFailure, code: 'link_failed', status: 409 },
  { is: RequestRefused, code: 'refused', status: 409 },
  { is: FileFailure, code: 'no_file', status: 409 },
  { is: SendFailure, code: 'send_refused', status: 409 },
];

/** Offers the simulator to other processes: `POST /control/<method>` with JSON in and out. */
export function mountControl(http: FastifyInstance, simulator: Simulator): void {
  http.register(async (scope) => {
    scope.addHook('onRequest', refuseStrangers);
    scope.get('/noise-root', () => ({ public_key: Buffer.from(simulator.noiseRoot).toString('hex') }));
    scope.get('/control', () => Object.entries(methods).map(([name, { about, input }]) => ({ name, about, input: z.toJSONSchema(input, { io: 'input' }) })));
    scope.post<{ Params: { method: string } }>('/control/:method', async ({ params, body }, reply) => {
      const found = methods[params.method];
      if (found === undefined) {
        return fail(reply, { status: 404, code: 'unknown_method', message: `no method ${params.method}; there are: ${Object.keys(methods).join(', ')}` });
      }
      try {
        return { result: (await found.run(simulator, found.input.parse(body ?? {}))) ?? null };
      } catch (error) {
        const known = FAILURES.find(({ is }) => error instanceof is);
        if (known === undefined) throw error;
        const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
        return fail(reply, { ...known, message });
      }
    });
    await Promise.resolve();
  });
}

function fail(reply: FastifyReply, { status, code, message }: { status: number; code: string; message: string }): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}

/** Browsers send an Origin; a page on the web must not reach this endpoint through one. */
async function refuseStrangers(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { host, origin } = request.headers;
  if (host !== undefined && LOOPBACK_HOST.test(host) && origin === undefined) return;
  await fail(reply, { status: 403, code: 'not_local', message: 'this endpoint answers programs on this machine only: no Origin, and a loopback Host' });
}
