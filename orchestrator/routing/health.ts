/** What is known of one bridge, as a pure state machine fed by its status and by the results of calls. */
import type { BridgeStatus, ConnectionState, FailureCode } from '@whatsapp-mcp/contract';

export const healthStates = ['unknown', 'up', 'down', 'off', 'unpaired', 'disconnected', 'restricted', 'banned', 'outdated'] as const;
export type HealthState = (typeof healthStates)[number];

export interface Health {
  readonly state: HealthState;
  /** When this state began, milliseconds since 1970. */
  readonly since: number;
  /** Calls that failed in a row for want of the bridge or its connection. */
  readonly failuresInARow: number;
  readonly lastFailure: FailureCode | undefined;
  readonly status: BridgeStatus | undefined;
}

export type HealthEvent =
  | { readonly type: 'status'; readonly status: BridgeStatus }
  | { readonly type: 'answered' }
  | { readonly type: 'failed'; readonly code: FailureCode };

export const unknownHealth: Health = { state: 'unknown', since: 0, failuresInARow: 0, lastFailure: undefined, status: undefined };

const byConnection = {
  starting: 'disconnected',
  off: 'off',
  unpaired: 'unpaired',
  pairing: 'unpaired',
  passkey: 'unpaired',
  connecting: 'disconnected',
  connected: 'up',
  idle: 'up',
  disconnected: 'disconnected',
  replaced: 'disconnected',
  logged_out: 'unpaired',
  banned: 'banned',
  client_outdated: 'outdated',
  stopping: 'down',
} as const satisfies Record<ConnectionState, HealthState>;

/** Failures that say something of the bridge itself; every other one proves that the bridge works. */
const byFailure: Partial<Record<FailureCode, HealthState>> = {
  bridge_down: 'down',
  bridge_off: 'off',
  not_paired: 'unpaired',
  passkey_required: 'unpaired',
  disconnected: 'disconnected',
  restricted: 'restricted',
  banned: 'banned',
  client_outdated: 'outdated',
};

/** The health after an event. `now` in milliseconds since 1970. */
export function step(health: Health, event: HealthEvent, now: number): Health {
  if (event.type === 'status') return { ...moved(health, stateOf(event.status), now), failuresInARow: 0, status: event.status };
  if (event.type === 'answered') return { ...moved(health, afterAnswer(health), now), failuresInARow: 0 };
  const state = byFailure[event.code];
  if (state === undefined) return health;
  return { ...moved(health, state, now), failuresInARow: health.failuresInARow + 1, lastFailure: event.code };
}

/** An answer from WhatsApp proves a connection; it does not lift a restriction that a status named. */
function afterAnswer(health: Health): HealthState {
  return health.state === 'restricted' ? 'restricted' : 'up';
}

function stateOf(status: BridgeStatus): HealthState {
  const state = byConnection[status.state];
  return state === 'up' && status.restrictions.length > 0 ? 'restricted' : state;
}

function moved(health: Health, state: HealthState, now: number): Health {
  return health.state === state ? health : { ...health, state, since: now };
}

/**
 * Why a bridge in this state cannot serve an operation that needs WhatsApp; undefined: it can, as far as known.
 * A restricted account still reads and still writes to people it knows.
 */
export const obstacles = {
  unknown: undefined,
  up: undefined,
  restricted: undefined,
  down: 'bridge_down',
  off: 'bridge_off',
  unpaired: 'not_paired',
  disconnected: 'disconnected',
  banned: 'banned',
  outdated: 'client_outdated',
} as const satisfies Record<HealthState, FailureCode | undefined>;
