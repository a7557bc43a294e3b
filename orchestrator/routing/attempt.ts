/** The rules of a route: in which order bridges are asked, and what a failure allows next. Pure. */
import { failures, operations } from '@whatsapp-mcp/contract';
import type { Bridge, FailureCode, OperationName } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { obstacles } from './health.ts';
import type { HealthState } from './health.ts';
import { routes } from './table.ts';

/** What one bridge failed with. */
export class AttemptFailure extends Failure {
  readonly bridge: Bridge;
  /** The bridge process itself did not answer, so the failure says something of it, not of WhatsApp. */
  readonly unreachable: boolean;
  /** The request left this process, and no answer came back. */
  readonly lost: boolean;

  constructor(bridge: Bridge, code: FailureCode, message: string, more: AttemptDetails = {}) {
    super(code, message, more.details);
    this.bridge = bridge;
    this.unreachable = more.unreachable ?? false;
    this.lost = more.lost ?? false;
  }
}

export interface AttemptDetails {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly unreachable?: boolean;
  readonly lost?: boolean;
}

/** What may follow a failure: the other bridge, the same one with the same message id, or nothing. */
export type Next = 'other' | 'same' | 'stop';

/** Answers that the other bridge could only repeat: they come from the account, the caller or the policy. */
const final: ReadonlySet<FailureCode> = new Set([
  'invalid_argument',
  'malformed_json',
  'too_large',
  'unsupported_type',
  'ambiguous',
  'not_found',
  'not_allowed',
  'policy_denied',
  'declined',
  'rate_limited',
  'restricted',
  'cancelled',
]);

/** `safe` operations may go on after any failure that the other bridge could answer differently; others only where nothing was sent. */
export function nextAfter(operation: OperationName, failure: AttemptFailure): Next {
  if (final.has(failure.code)) return 'stop';
  const { replay } = operations[operation];
  if (replay === 'safe' || failures[failure.code].nothingSent) return 'other';
  return replay === 'by_id' && failure.lost ? 'same' : 'stop';
}

/** Bridges in the order in which to ask: one that is known not to work goes last, and is still asked when alone. */
export function order(operation: OperationName, named: Bridge | undefined, stateOf: (bridge: Bridge) => HealthState): readonly Bridge[] {
  const route = routes[operation];
  if (route.first === 'named') {
    if (named === undefined) throw new TypeError(`${operation} needs the bridge to be named`);
    return [named];
  }
  if (named !== undefined) return [named];
  if (route.then === null) return [route.first];
  const swap = obstacles[stateOf(route.first)] !== undefined && obstacles[stateOf(route.then)] === undefined;
  return swap ? [route.then, route.first] : [route.first, route.then];
}

/** Failures of the bridge rather than of what was asked of it. */
const unavailable: ReadonlySet<FailureCode> = new Set(['bridge_down', 'bridge_off', 'not_paired', 'disconnected', 'client_outdated', 'unknown_operation']);

/** Of several failures the one that tells most: the last that is about the request, else the first bridge's. */
export function tellingFailure(failed: readonly [AttemptFailure, ...AttemptFailure[]]): AttemptFailure {
  const telling = failed.findLast((failure) => !unavailable.has(failure.code)) ?? failed[0];
  const others = failed.filter((failure) => failure !== telling);
  if (others.length === 0) return telling;
  const also = others.map((failure) => `${failure.bridge}: ${failure.code}`).join(', ');
  const { details, unreachable, lost } = telling;
  return new AttemptFailure(telling.bridge, telling.code, `${telling.message} (also tried: ${also})`, { unreachable, lost, ...(details && { details }) });
}

/** Whether the whole route may be walked again after a pause: a bridge that starts or connects at this moment answers then. */
export function mayWalkAgain(failure: unknown): boolean {
  if (!(failure instanceof AttemptFailure)) return false;
  return (failure.code === 'bridge_down' && failure.unreachable && !failure.lost) || failure.code === 'disconnected';
}
