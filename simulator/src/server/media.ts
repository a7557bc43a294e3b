import type { FastifyInstance } from 'fastify';
import type { Exchange } from '../exchange/exchange.ts';
import { mediaHandler } from '../media/index.ts';

/** Serves uploads and downloads on every path that no other route has, whatever Host they name. */
export function mountMedia(http: FastifyInstance, exchange: Exchange): void {
  const answer = mediaHandler({ store: exchange.blobs, isAuthorised: (auth) => auth === exchange.mediaAuth });
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.all('/*', async (request, reply) => {
      const { method, url: target, headers, body } = request;
      const response = answer({ method, target, range: headers.range, body: body instanceof Uint8Array ? body : undefined });
      if (response === undefined) return reply.code(404).send('there is nothing here');
      return reply.code(response.status).headers(response.headers).send(response.body);
    });
    await Promise.resolve();
  });
}
