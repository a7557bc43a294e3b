import { z } from 'zod';
import { failureCodes } from './failures.ts';

/** Largest request body that a bridge reads, bytes. Files travel by path, so JSON stays small. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Error body of every bridge answer that is not a success. */
export const ErrorBody = z
  .strictObject({
    ok: z.literal(false),
    error: z.strictObject({
      code: z.enum(failureCodes),
      message: z.string().max(4000),
      details: z.string().max(16_384).optional().describe('JSON as text'),
    }),
  })
  .meta({ id: 'ErrorBody' });

/** Success body: `{"ok": true, "result": …}`. */
export function successBody<Result extends z.ZodType>(result: Result) {
  return z.strictObject({ ok: z.literal(true), result });
}
