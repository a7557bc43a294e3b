/** Sends an operation to the bridge of its route, and to the other one where that cannot do it twice. */
import { bridges, operations } from '@whatsapp-mcp/contract';
import type { Bridge, Input, OperationName, Output } from '@whatsapp-mcp/contract';
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, ExponentialBackoff, circuitBreaker, handleWhen, retry } from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { AttemptFailure, mayWalkAgain, nextAfter, order, tellingFailure } from './attempt.ts';
import { step, unknownHealth } from './health.ts';
import type { Health, HealthEvent } from './health.ts';

/** Hands one operation to one bridge. Throws AttemptFailure. */
export type CallBridge = <Name extends OperationName>(bridge: Bridge, operation: Name, input: Input<Name>, options: CallOptions) => Promise<Output<Name>>;

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

export interface RouteOptions {
  readonly signal: AbortSignal;
  readonly bridge?: Bridge | undefined;
  /** For all attempts together, milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** Told of every hand-off, in order. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
}

export interface Attempt {
  readonly operation: OperationName;
  readonly bridge: Bridge;
  readonly outcome: 'ok' | AttemptFailure['code'];
  readonly ms: number;
}

export interface Router {
  ask<Name extends OperationName>(operation: Name, input: Input<Name>, options: RouteOptions): Promise<Output<Name>>;
  health(bridge: Bridge): Health;
  observe(bridge: Bridge, event: HealthEvent): void;
  circuit(bridge: Bridge): 'closed' | 'open' | 'half_open';
}

export interface RouterParts {
  readonly call: CallBridge;
  readonly now: () => number;
  /** Bridges that the settings switch off. */
  readonly off?: ReadonlySet<Bridge>;
  /** How often a route that could not be begun is walked again. */
  readonly retries?: number;
}

/** Nothing blocks a host for longer than 45 s; the rest is for answering. */
const LONGEST_MS = 44_000;
const FAILURES_TO_OPEN = 3;
/** Short: a bridge that was started again must not be kept waiting. */
const HALF_OPEN_AFTER_MS = 3_000;

const circuitNames = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
} as const;

export function createRouter(parts: RouterParts): Router {
  const healths = new Map<Bridge, Health>();
  const breakers = new Map<Bridge, CircuitBreakerPolicy>(bridges.map((bridge) => [bridge, newBreaker()]));
  const health = (bridge: Bridge): Health => healths.get(bridge) ?? unknownHealth;
  const observe = (bridge: Bridge, event: HealthEvent): void => {
    healths.set(bridge, step(health(bridge), event, parts.now()));
    if (event.type === 'status') closeCircuit(breakers, bridge);
  };
  const again = retry(handleWhen(mayWalkAgain), {
    maxAttempts: parts.retries ?? 1,
    backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 1_000 }),
  });
  const walker: Walker = { parts, breakers, health, observe };
  return {
    health,
    observe,
    circuit: (bridge) => circuitNames[breakerOf(breakers, bridge).state],
    ask: (operation, input, options) => {
      const endsAt = parts.now() + Math.min(options.deadlineMs ?? LONGEST_MS, LONGEST_MS);
      return again.execute(() => walk(walker, { operation, input, options, endsAt }), options.signal);
    },
  };
}

function newBreaker(): CircuitBreakerPolicy {
  const unreachable = handleWhen((error) => error instanceof AttemptFailure && error.unreachable);
  return circuitBreaker(unreachable, { halfOpenAfter: HALF_OPEN_AFTER_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) });
}

function breakerOf(breakers: ReadonlyMap<Bridge, CircuitBreakerPolicy>, bridge: Bridge): CircuitBreakerPolicy {
  const breaker = breakers.get(bridge);
  if (breaker === undefined) throw new TypeError(`no such bridge: ${bridge}`);
  return breaker;
}

/** A status is an answer of the bridge process: cockatiel closes a circuit when the hand that isolated it lets go. */
function closeCircuit(breakers: ReadonlyMap<Bridge, CircuitBreakerPolicy>, bridge: Bridge): void {
  const breaker = breakerOf(breakers, bridge);
  if (breaker.state !== CircuitState.Closed) breaker.isolate().dispose();
}

interface Walker {
  readonly parts: RouterParts;
  readonly breakers: ReadonlyMap<Bridge, CircuitBreakerPolicy>;
  readonly health: Router['health'];
  readonly observe: Router['observe'];
}

interface Journey<Name extends OperationName> {
  readonly operation: Name;
  readonly input: Input<Name>;
  readonly options: RouteOptions;
  readonly endsAt: number;
}

async function walk<Name extends OperationName>(walker: Walker, journey: Journey<Name>): Promise<Output<Name>> {
  const failed: AttemptFailure[] = [];
  for (const bridge of order(journey.operation, journey.options.bridge, (each) => walker.health(each).state)) {
    const answer = await attemptTwiceIfSame(walker, journey, bridge);
    if (!(answer instanceof AttemptFailure)) return answer.output;
    failed.push(answer);
    if (nextAfter(journey.operation, answer) !== 'other') break;
  }
  const [first, ...rest] = failed;
  if (first === undefined) throw new TypeError(`${journey.operation} has no bridge`);
  // A failure that may have sent something is told as it is: what came before it does not matter any more.
  const last = rest.at(-1);
  if (last !== undefined && nextAfter(journey.operation, last) !== 'other') throw last;
  throw tellingFailure([first, ...rest]);
}

async function attemptTwiceIfSame<Name extends OperationName>(walker: Walker, journey: Journey<Name>, bridge: Bridge): Promise<{ output: Output<Name> } | AttemptFailure> {
  const first = await attempt(walker, journey, bridge);
  if (!(first instanceof AttemptFailure) || nextAfter(journey.operation, first) !== 'same') return first;
  const second = await attempt(walker, journey, bridge);
  // The first hand-off stays possible whatever the repeat failed with.
  return second instanceof AttemptFailure ? first : second;
}

async function attempt<Name extends OperationName>(walker: Walker, journey: Journey<Name>, bridge: Bridge): Promise<{ output: Output<Name> } | AttemptFailure> {
  const { operation, input, options } = journey;
  const startedAt = walker.parts.now();
  const told = (outcome: Attempt['outcome']): void => options.onAttempt?.({ operation, bridge, outcome, ms: walker.parts.now() - startedAt });
  try {
    refuseHopeless(walker, journey, bridge);
    const deadlineMs = Math.min(operations[operation].deadlineMs, journey.endsAt - startedAt);
    const output = await breakerOf(walker.breakers, bridge).execute(() => walker.parts.call(bridge, operation, input, { signal: options.signal, deadlineMs }));
    if (provesConnection(operation)) walker.observe(bridge, { type: 'answered' });
    told('ok');
    return { output };
  } catch (error) {
    const failure = error instanceof BrokenCircuitError ? circuitOpen(bridge) : error;
    if (!(failure instanceof AttemptFailure)) throw error;
    walker.observe(bridge, { type: 'failed', code: failure.code });
    told(failure.code);
    return failure;
  }
}

function refuseHopeless<Name extends OperationName>(walker: Walker, journey: Journey<Name>, bridge: Bridge): void {
  if (journey.options.signal.aborted) throw new AttemptFailure(bridge, 'cancelled', 'The call was cancelled before it reached a bridge.');
  if (journey.endsAt <= walker.parts.now()) throw new AttemptFailure(bridge, 'timeout', `No time was left to ask the ${bridge} bridge.`);
  if (journey.operation !== 'session.status' && walker.parts.off?.has(bridge) === true) {
    throw new AttemptFailure(bridge, 'bridge_off', `The ${bridge} bridge is switched off in the settings.`);
  }
}

/** Session and staging operations are answered without WhatsApp, so their answers prove no connection. */
function provesConnection(operation: OperationName): boolean {
  return !operation.startsWith('session.') && !operation.startsWith('history.');
}

function circuitOpen(bridge: Bridge): AttemptFailure {
  return new AttemptFailure(bridge, 'bridge_down', `The ${bridge} bridge did not answer several times in a row; it is left alone for a few seconds.`);
}
