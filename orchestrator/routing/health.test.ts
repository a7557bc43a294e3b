import type { BridgeStatus } from '@whatsapp-mcp/contract';
import { connectionStates } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { healthStates, obstacles, step, unknownHealth } from './health.ts';
import type { Health, HealthEvent, HealthState } from './health.ts';

function status(state: BridgeStatus['state'], restrictions: BridgeStatus['restrictions'] = []): HealthEvent {
  const history = { last_seq: 0, acknowledged_seq: 0, staged_rows: 0, pending_downloads: 0, failed_downloads: 0, chunk_gaps: 0, progress: [] };
  return { type: 'status', status: { bridge: 'whatsmeow', version: '1', library: 'x', pid: 1, simulated: true, mode: 'always', state, paired: true, restrictions, history } };
}

const after = (events: readonly HealthEvent[]): Health => events.reduce((health, event, index) => step(health, event, index + 1), unknownHealth);

test.each<[string, readonly HealthEvent[], HealthState]>([
  ['a connected bridge is up', [status('connected')], 'up'],
  ['an idle bridge connects by itself, so it is up', [status('idle')], 'up'],
  ['a logged-out bridge has to be linked', [status('logged_out')], 'unpaired'],
  ['a bridge that refuses connections is down', [status('connected'), { type: 'failed', code: 'bridge_down' }], 'down'],
  ['an answer brings it back', [{ type: 'failed', code: 'bridge_down' }, { type: 'answered' }], 'up'],
  ['a failure of the request says nothing of the bridge', [status('connected'), { type: 'failed', code: 'not_found' }], 'up'],
  ['restrictions of a connected account', [status('connected', [{ kind: 'reachout_timelock', reason: 'x' }])], 'restricted'],
  ['an answer does not lift a restriction', [{ type: 'failed', code: 'restricted' }, { type: 'answered' }], 'restricted'],
  ['a status without restrictions lifts it', [{ type: 'failed', code: 'restricted' }, status('connected')], 'up'],
  ['restrictions do not hide a lost connection', [status('disconnected', [{ kind: 'temporary_ban', reason: 'x' }])], 'disconnected'],
  ['a ban', [{ type: 'failed', code: 'banned' }], 'banned'],
])('%s', (_name, events, expected) => {
  expect(after(events).state).toBe(expected);
});

test('since is the time of the last change of state, not of the last event', () => {
  expect(after([status('connected'), status('idle'), { type: 'answered' }]).since).toBe(1);
});

test('failures in a row are counted until something works', () => {
  const down: HealthEvent = { type: 'failed', code: 'bridge_down' };
  expect(after([down, down, down]).failuresInARow).toBe(3);
  expect(after([down, down, { type: 'answered' }]).failuresInARow).toBe(0);
});

test('every state that a bridge reports leads to a known health', () => {
  for (const state of connectionStates) expect(healthStates).toContain(after([status(state)]).state);
});

test('only working states have no obstacle', () => {
  expect(healthStates.filter((state) => obstacles[state] === undefined)).toEqual(['unknown', 'up', 'restricted']);
});
