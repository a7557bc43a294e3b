import * as z from 'zod';
import { attr, bytesOf, node } from '../wire/node.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';
import { MEX_NEWSLETTERS } from './mex-newsletters.ts';
import { MEX_ACCOUNT } from './mex-account.ts';
import { MexRefusal } from './mex-query.ts';

const QUERIES = new Map([...MEX_NEWSLETTERS, ...MEX_ACCOUNT].flatMap((query) => query.ids.map((id) => [id, query] as const)));

const Body = z.object({ variables: z.unknown() });

export const MEX_ROWS: readonly IqRow[] = [{ xmlns: 'w:mex', type: 'get', tag: 'query', answer }];

function answer(request: IqRequest): IqAnswer {
  const result = (body: object) => [node('result', {}, JSON.stringify(body))];
  const query = QUERIES.get(attr(request.child, 'query_id') ?? '');
  if (query === undefined) {
    request.exchange.watch.emit('unknownRequest', { from: request.from, iq: request.iq });
    return result({ data: null, errors: [errorOf(400, `unknown query ${attr(request.child, 'query_id') ?? ''}`)] });
  }
  try {
    const { variables } = Body.parse(JSON.parse(Buffer.from(bytesOf(request.child)).toString('utf8')));
    return result({ data: { [query.path]: query.run(request, variables) } });
  } catch (error) {
    if (error instanceof MexRefusal) return result({ data: null, errors: [errorOf(error.code, error.message)] });
    if (error instanceof z.ZodError || error instanceof SyntaxError) return result({ data: null, errors: [errorOf(400, 'Bad Request')] });
    throw error;
  }
}

function errorOf(code: number, message: string): object {
  return { message, path: [], extensions: { error_code: code, is_retryable: false, severity: 'CRITICAL' } };
}
