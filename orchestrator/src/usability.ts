/** Which tools can work now, and why the others cannot. Pure. */
import { bridges, operations } from '@whatsapp-mcp/contract';
import type { Bridge, FailureCode, OperationName } from '@whatsapp-mcp/contract';
import { obstacles } from '../routing/health.ts';
import type { HealthState } from '../routing/health.ts';
import { routes } from '../routing/table.ts';
import type { Tool } from './tool.ts';

export interface Conditions {
  readonly stateOf: (bridge: Bridge) => HealthState;
  readonly storeWorks: boolean;
}

/** Undefined: usable, as far as known. Else the failure that a call would end with, for the bridge of the route. */
export interface Obstacle {
  readonly code: FailureCode;
  readonly bridge: Bridge | undefined;
}

export function obstacleOf(tool: Tool, conditions: Conditions): Obstacle | undefined {
  if (tool.storeAlone) return conditions.storeWorks ? undefined : { code: 'store_unavailable', bridge: undefined };
  const [needed] = tool.operations;
  return needed === undefined ? undefined : obstacleOfOperation(needed, conditions);
}

/** As obstacleOf, for one operation. */
export function obstacleOfOperation(operation: OperationName, { stateOf }: Conditions): Obstacle | undefined {
  const candidates = candidatesOf(operation);
  const blocked = candidates.map((bridge) => ({ bridge, code: obstacleAt(operation, stateOf(bridge)) }));
  if (blocked.some(({ code }) => code === undefined)) return undefined;
  const [first] = blocked;
  return first?.code === undefined ? undefined : { code: first.code, bridge: first.bridge };
}

function candidatesOf(operation: OperationName): readonly Bridge[] {
  const { first, then } = routes[operation];
  if (first === 'named') return bridges.filter((bridge) => (operations[operation].bridges as readonly Bridge[]).includes(bridge));
  return then === null ? [first] : [first, then];
}

/** Pairing and what is staged need the bridge process, not a connection to WhatsApp. */
function obstacleAt(operation: OperationName, state: HealthState): FailureCode | undefined {
  const withoutWhatsApp = (operation.startsWith('session.') && operation !== 'session.devices') || (operation.startsWith('history.') && operation !== 'history.request');
  return withoutWhatsApp && state !== 'down' && state !== 'off' ? undefined : obstacles[state];
}
