/** One call of an operation: parse, run within its time, name what went wrong. */
import type { FailureCode, Handlers, OperationName } from '@whatsapp-mcp/contract';
import { everywhere, Failure, operations } from '@whatsapp-mcp/contract';
import type { z } from 'zod';
import type { Log } from '../log.ts';

export type BaileysHandlers = Handlers<'baileys'>;

/** What a handler may still do after its time, to name the outcome itself. */
const GRACE_MS = 1000;

export interface Call {
  readonly name: string;
  readonly body: unknown;
  /** Shorter time that the caller gives, milliseconds. */
  readonly deadlineMs: number | undefined;
  /** Aborted when the caller goes away. */
  readonly gone: AbortSignal;
}

export async function runCall(handlers: BaileysHandlers, call: Call, log: Log): Promise<unknown> {
  const name = served(handlers, call.name);
  const operation = operations[name];
  const parsed = operation.input.safeParse(call.body);
  if (!parsed.success) throw new Failure('invalid_argument', complaint(name, parsed.error, call.body));
  const deadline = Math.min(call.deadlineMs ?? operation.deadlineMs, operation.deadlineMs);
  // Input and handler belong to the same name, which the compiler cannot follow through a union.
  const handler = handlers[name] as (input: unknown, signal: AbortSignal) => Promise<unknown>;
  try {
    return await within(deadline, call.gone, (signal) => handler(parsed.data, signal));
  } catch (error) {
    throw named(name, error, log);
  }
}

function served(handlers: BaileysHandlers, name: string): keyof BaileysHandlers & OperationName {
  if (!Object.hasOwn(handlers, name)) throw new Failure('unknown_operation', `This bridge serves no operation "${name}".`);
  return name as keyof BaileysHandlers & OperationName;
}

async function within(deadlineMs: number, gone: AbortSignal, work: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const timeout = new AbortController();
  const signal = AbortSignal.any([timeout.signal, gone]);
  const timer = setTimeout(() => timeout.abort(new Failure('timeout', `It was not done within ${deadlineMs} ms.`)), deadlineMs);
  let grace: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      grace = setTimeout(() => reject(signal.reason as Error), GRACE_MS);
    });
  });
  try {
    return await Promise.race([work(signal), overdue]);
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
  }
}

/** A failure that the operation declares; anything else is a defect, whose details only the log has. */
function named(name: OperationName, error: unknown, log: Log): Failure {
  if (!(error instanceof Failure)) {
    log.error({ operation: name, err: error }, 'an operation threw an unknown error');
    return new Failure('internal', `${name} failed in a way that nobody foresaw. The log of the bridge has the details.`);
  }
  const declared: readonly FailureCode[] = [...everywhere, ...operations[name].fails];
  return declared.includes(error.code) ? error : new Failure('whatsapp_error', error.message, error.details);
}

function complaint(name: string, error: z.ZodError, body: unknown): string {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  const came = issue?.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], body);
  const told = came === undefined ? 'nothing' : JSON.stringify(came).slice(0, 100);
  return `${name}: ${path === '' ? 'the argument' : `"${path}"`} is wrong: ${issue?.message ?? 'invalid'}; it was ${told}.`;
}
