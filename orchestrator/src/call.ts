/** The one path of a call: find, parse, policy, run, answer. The only place where an error becomes a result. */
import { Failure } from '@whatsapp-mcp/contract';
import type { Bridge, Input, OperationName, Output } from '@whatsapp-mcp/contract';
import { AttemptFailure } from '../routing/attempt.ts';
import type { Attempt, Router } from '../routing/router.ts';
import type { Audit, AuditEntry } from './audit.ts';
import type { Catalog } from './catalog.ts';
import type { AskOptions, Context, Progress } from './context.ts';
import type { JsonObject } from './json.ts';
import type { Log } from './log.ts';
import type { Pacing } from './pacing.ts';
import type { Confirm, Policy } from './policy/policy.ts';
import { effectOf, ruleOf } from './policy/rules.ts';
import { resultOf, resultOfFailure } from './result.ts';
import type { CallResult } from './result.ts';
import { storeFailure } from './store/open.ts';
import { translate } from './tools/aliases.ts';

/** What stays the same from call to call. */
export interface Calls {
  readonly catalog: Catalog;
  readonly router: Router;
  readonly policy: Policy;
  readonly pacing: Pacing;
  readonly audit: Audit;
  readonly log: Log;
  readonly surroundings: Omit<Context, 'signal' | 'ask' | 'progress' | 'policy' | 'remainingMs'>;
}

/** The program that calls: what it is called, whether it can ask its person, how it is told of progress. */
export interface Caller {
  readonly client: string | undefined;
  readonly signal: AbortSignal;
  readonly confirm: Confirm;
  readonly progress: (progress: Progress) => void;
}

/** Never rejects: failures are results. */
export async function callTool(calls: Calls, request: ToolRequest, caller: Caller): Promise<CallResult> {
  const startedAt = calls.surroundings.clock.now();
  const trace: Trace = { asks: [], attempts: [], startedAt, askedPersonMs: 0 };
  const outcome = await run(calls, request, { caller, trace });
  record(calls, request, { caller, trace, outcome, ms: calls.surroundings.clock.now() - startedAt });
  return outcome.result;
}

export interface ToolRequest {
  readonly name: string;
  readonly args: JsonObject;
}

interface Trace {
  readonly asks: AuditEntry['operations'][number][];
  readonly attempts: Attempt[];
  readonly startedAt: number;
  /** Time that the person took to answer questions: hosts wait for people. */
  askedPersonMs: number;
}

interface Running {
  readonly caller: Caller;
  readonly trace: Trace;
}

interface Outcome {
  readonly result: CallResult;
  readonly code: string;
}

async function run(calls: Calls, request: ToolRequest, running: Running): Promise<Outcome> {
  try {
    const { name, args } = translate(request, calls.surroundings.store);
    const work = calls.catalog.find(name).prepare(args);
    return { result: resultOf(await work(contextOf(calls, running))), code: 'ok' };
  } catch (thrown) {
    const error = storeFailure('messages.db', thrown);
    if (!(error instanceof Failure)) calls.log.error({ tool: request.name, error: errorFacts(error) }, 'defect');
    const failure = error instanceof Failure ? error : new Failure('internal', `${request.name} ended unexpectedly. The log of this server has the details.`);
    return { result: resultOfFailure(failure, bridgeOf(error)), code: failure.code };
  }
}

function bridgeOf(error: unknown): Bridge | undefined {
  return error instanceof AttemptFailure ? error.bridge : undefined;
}

/** Where a defect happened, without values that might hold message text. */
function errorFacts(error: unknown): JsonObject {
  return error instanceof Error ? { name: error.name, message: error.message.slice(0, 500), stack: error.stack?.split('\n').slice(1, 12).join('\n') } : { name: typeof error };
}

function contextOf(calls: Calls, running: Running): Context {
  const { caller } = running;
  return {
    ...calls.surroundings,
    policy: calls.policy,
    signal: caller.signal,
    progress: caller.progress,
    remainingMs: () => remainingMs(calls, running.trace),
    ask: (operation, input, options) => ask(calls, running, { operation, input, options: options ?? {} }),
  };
}

interface Asked<Name extends OperationName> {
  readonly operation: Name;
  readonly input: Input<Name>;
  readonly options: AskOptions;
}

/** Hosts give up after 45 s; what is left of it is for answering. */
const LONGEST_CALL_MS = 44_000;

function remainingMs({ surroundings }: Calls, { startedAt, askedPersonMs }: Trace): number {
  return Math.max(0, LONGEST_CALL_MS - (surroundings.clock.now() - startedAt - askedPersonMs));
}

/** A send that has to wait longer than this for its turn is refused, so that there is time left to send it. */
const PATIENCE_MS = 20_000;

async function ask<Name extends OperationName>(calls: Calls, { caller, trace }: Running, asked: Asked<Name>): Promise<Output<Name>> {
  const { operation, input, options } = asked;
  const rule = ruleOf(operation);
  const targets = [...(rule.reaches?.(input) ?? []), ...(rule.reads?.(input) ?? [])];
  const changes = effectOf(operation, input) === 'writes' || effectOf(operation, input) === 'destroys';
  const signal = options.signal === undefined ? caller.signal : AbortSignal.any([caller.signal, options.signal]);
  const route = (): Promise<Output<Name>> =>
    calls.router.ask(operation, input, { signal, bridge: options.bridge, deadlineMs: Math.min(options.deadlineMs ?? Infinity, remainingMs(calls, trace)), onAttempt: (attempt) => trace.attempts.push(attempt) });
  const tell = (outcome: string): void => {
    if (changes) trace.asks.push({ operation, outcome, targets, ...bridgeAsked(trace), ...messageId(input) });
  };
  try {
    calls.policy.check(operation, input);
    await askPerson(calls, { caller, trace }, { operation, input, signal });
    const output = await (rule.paced === true ? calls.pacing.send(targets[0] ?? '', route, { signal, patienceMs: PATIENCE_MS }) : route());
    tell('ok');
    return output;
  } catch (error) {
    tell(error instanceof Failure ? error.code : 'internal');
    throw error;
  }
}

async function askPerson<Name extends OperationName>({ policy, surroundings: { clock } }: Calls, { caller, trace }: Running, { operation, input, signal }: Omit<Asked<Name>, 'options'> & { signal: AbortSignal }): Promise<void> {
  const askedAt = clock.now();
  try {
    await policy.confirm(operation, input, { confirm: caller.confirm, signal });
  } finally {
    trace.askedPersonMs += clock.now() - askedAt;
  }
}

function bridgeAsked(trace: Trace): { bridge?: Bridge } {
  const last = trace.attempts.at(-1);
  return last === undefined ? {} : { bridge: last.bridge };
}

function messageId(input: object): { message_id?: string } {
  return 'id' in input && typeof input.id === 'string' ? { message_id: input.id } : {};
}

interface Recording extends Running {
  readonly outcome: Outcome;
  readonly ms: number;
}

function record(calls: Calls, request: ToolRequest, { caller, trace, outcome, ms }: Recording): void {
  const attempts = trace.attempts.map(({ operation, bridge, outcome: ended, ms: took }) => `${bridge} ${operation} ${ended} ${took} ms`);
  calls.log.info({ tool: request.name, outcome: outcome.code, ms, attempts }, 'call');
  if (trace.asks.length === 0) return;
  try {
    calls.audit({ at: new Date(calls.surroundings.clock.now()).toISOString(), tool: request.name, client: caller.client, operations: trace.asks, outcome: outcome.code });
  } catch (error) {
    calls.log.error({ error: errorFacts(error) }, 'the audit log cannot be written');
  }
}
