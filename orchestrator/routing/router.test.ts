import { operations } from '@whatsapp-mcp/contract';
import type { Bridge, BridgeStatus, OperationName } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { AttemptFailure } from './attempt.ts';
import type { CallBridge } from './router.ts';
import { createRouter } from './router.ts';

/** What a bridge does with a call. `handed`: whether WhatsApp got it. */
interface Behaviour {
  readonly handed: boolean;
  readonly fails?: (bridge: Bridge) => AttemptFailure;
}

const points = {
  answers: { handed: true },
  'refuses the connection': { handed: false, fails: (bridge) => new AttemptFailure(bridge, 'bridge_down', 'refused', { unreachable: true }) },
  'is not paired': { handed: false, fails: (bridge) => new AttemptFailure(bridge, 'not_paired', 'no') },
  'is disconnected, by a check before the first write': { handed: false, fails: (bridge) => new AttemptFailure(bridge, 'disconnected', 'no') },
  'loses the connection to WhatsApp after the hand-off': { handed: true, fails: (bridge) => new AttemptFailure(bridge, 'outcome_unknown', 'lost') },
  'dies after the hand-off': { handed: true, fails: (bridge) => new AttemptFailure(bridge, 'outcome_unknown', 'reset', { unreachable: true, lost: true }) },
  'answers too late': { handed: true, fails: (bridge) => new AttemptFailure(bridge, 'outcome_unknown', 'late', { unreachable: true }) },
  'is refused by WhatsApp': { handed: true, fails: (bridge) => new AttemptFailure(bridge, 'whatsapp_error', '479') },
  'is restricted': { handed: true, fails: (bridge) => new AttemptFailure(bridge, 'restricted', '463') },
  'finds the argument wrong': { handed: false, fails: (bridge) => new AttemptFailure(bridge, 'invalid_argument', 'to') },
} as const satisfies Record<string, Behaviour>;

type Point = keyof typeof points;

const unsafe = { by_id: 'message.send_text', never: 'group.create' } as const;

function fakes(plan: Readonly<Record<Bridge, Behaviour>>) {
  const calls: Bridge[] = [];
  const handed: Bridge[] = [];
  const call: CallBridge = (bridge) => {
    calls.push(bridge);
    if (plan[bridge].handed) handed.push(bridge);
    const failure = plan[bridge].fails?.(bridge);
    return failure === undefined ? Promise.resolve({} as never) : Promise.reject(failure);
  };
  const router = createRouter({ call, now: () => 1_000, retries: 0 });
  return { calls, handed, router };
}

async function ask(router: ReturnType<typeof createRouter>, operation: OperationName, bridge?: Bridge): Promise<string> {
  try {
    await router.ask(operation, {}, { signal: new AbortController().signal, bridge });
    return 'ok';
  } catch (error) {
    if (error instanceof AttemptFailure) return error.code;
    throw error;
  }
}

const names = Object.keys(points) as Point[];
const matrix = names.flatMap((first) => names.map((second) => [first, second] as const));

test.each(matrix)('what is not safe is handed over by one bridge at most: first %s, second %s', async (first, second) => {
  for (const operation of Object.values(unsafe)) {
    const { handed, router } = fakes({ whatsmeow: points[first], baileys: points[second] });
    const outcome = await ask(router, operation);
    expect(new Set(handed).size).toBeLessThanOrEqual(1);
    // Nothing handed over and no error would be a send that silently never was.
    if (handed.length === 0) expect(outcome).not.toBe('ok');
  }
});

test.each(matrix)('an operation that is not by_id is handed over once at most: first %s, second %s', async (first, second) => {
  const { handed, router } = fakes({ whatsmeow: points[first], baileys: points[second] });
  await ask(router, unsafe.never);
  expect(handed.length).toBeLessThanOrEqual(1);
});

test.each<[Point, Point, string, string]>([
  // first,                                              second,                     sends,       says
  ['answers', 'answers', 'whatsmeow', 'ok'],
  ['refuses the connection', 'answers', 'baileys', 'ok'],
  ['is not paired', 'answers', 'baileys', 'ok'],
  ['is disconnected, by a check before the first write', 'answers', 'baileys', 'ok'],
  ['loses the connection to WhatsApp after the hand-off', 'answers', 'whatsmeow', 'outcome_unknown'],
  ['answers too late', 'answers', 'whatsmeow', 'outcome_unknown'],
  ['is refused by WhatsApp', 'answers', 'whatsmeow', 'whatsapp_error'],
  ['is restricted', 'answers', 'whatsmeow', 'restricted'],
  ['finds the argument wrong', 'answers', '', 'invalid_argument'],
  ['refuses the connection', 'is not paired', '', 'bridge_down'],
  ['is not paired', 'loses the connection to WhatsApp after the hand-off', 'baileys', 'outcome_unknown'],
  ['is not paired', 'is restricted', 'baileys', 'restricted'],
])('a send whose first bridge %s and whose second %s: %s sends, the answer is %s', async (first, second, sends, says) => {
  for (const operation of Object.values(unsafe)) {
    const { handed, router } = fakes({ whatsmeow: points[first], baileys: points[second] });
    expect(await ask(router, operation)).toBe(says);
    expect(handed.join()).toBe(sends);
  }
});

test('a send whose bridge dies is tried once more there with the same id, and nowhere else', async () => {
  const { calls, router } = fakes({ whatsmeow: points['dies after the hand-off'], baileys: points.answers });
  expect(await ask(router, unsafe.by_id)).toBe('outcome_unknown');
  expect(calls).toEqual(['whatsmeow', 'whatsmeow']);
});

test('a repeat on the same bridge that succeeds is the answer', async () => {
  const calls: Bridge[] = [];
  const call: CallBridge = (bridge) => {
    calls.push(bridge);
    return calls.length === 1 ? Promise.reject(new AttemptFailure(bridge, 'outcome_unknown', 'reset', { lost: true, unreachable: true })) : Promise.resolve({} as never);
  };
  expect(await ask(createRouter({ call, now: () => 1_000, retries: 0 }), unsafe.by_id)).toBe('ok');
  expect(calls).toEqual(['whatsmeow', 'whatsmeow']);
});

test.each(names.filter((name) => !['answers', 'is restricted', 'finds the argument wrong'].includes(name)))('a safe operation goes on to the other bridge when the first %s', async (first) => {
  const { calls, router } = fakes({ whatsmeow: points[first], baileys: points.answers });
  expect(await ask(router, 'group.info')).toBe('ok');
  expect(calls).toEqual(['whatsmeow', 'baileys']);
});

test.each<Point>(['is restricted', 'finds the argument wrong'])('an answer that the other bridge could only repeat ends a safe operation: %s', async (first) => {
  const { calls, router } = fakes({ whatsmeow: points[first], baileys: points.answers });
  expect(await ask(router, 'group.info')).not.toBe('ok');
  expect(calls).toEqual(['whatsmeow']);
});

function known(bridge: Bridge, state: BridgeStatus['state']): BridgeStatus {
  const history = { last_seq: 0, acknowledged_seq: 0, staged_rows: 0, pending_downloads: 0, failed_downloads: 0, chunk_gaps: 0, progress: [] };
  return { bridge, version: '1', library: 'x', pid: 1, simulated: true, mode: 'always', state, paired: true, restrictions: [], history };
}

test.each<[BridgeStatus['state'], BridgeStatus['state'], readonly Bridge[]]>([
  ['connected', 'connected', ['whatsmeow']],
  ['disconnected', 'idle', ['baileys']],
  ['unpaired', 'connected', ['baileys']],
  ['disconnected', 'unpaired', ['whatsmeow']],
])('whatsmeow %s, Baileys %s: asks %s first', async (whatsmeow, baileys, expected) => {
  const { calls, router } = fakes({ whatsmeow: points.answers, baileys: points.answers });
  router.observe('whatsmeow', { type: 'status', status: known('whatsmeow', whatsmeow) });
  router.observe('baileys', { type: 'status', status: known('baileys', baileys) });
  expect(await ask(router, 'message.send_text')).toBe('ok');
  expect(calls).toEqual(expected);
});

test('a bridge of which bad things are known is still asked when it is the only one', async () => {
  const { calls, router } = fakes({ whatsmeow: points.answers, baileys: points.answers });
  router.observe('baileys', { type: 'status', status: known('baileys', 'unpaired') });
  expect(await ask(router, 'business.catalog')).toBe('ok');
  expect(calls).toEqual(['baileys']);
});

test('three calls in a row without an answer open the circuit, and a status closes it', async () => {
  const { calls, router } = fakes({ whatsmeow: points.answers, baileys: points['refuses the connection'] });
  for (let call = 0; call < 5; call += 1) expect(await ask(router, 'business.catalog')).toBe('bridge_down');
  expect(calls).toHaveLength(3);
  expect(router.circuit('baileys')).toBe('open');
  router.observe('baileys', { type: 'status', status: known('baileys', 'connected') });
  expect(router.circuit('baileys')).toBe('closed');
  await ask(router, 'business.catalog');
  expect(calls).toHaveLength(4);
});

test('a bridge that the settings switch off is not called', async () => {
  const calls: Bridge[] = [];
  const call: CallBridge = (bridge) => {
    calls.push(bridge);
    return Promise.resolve({} as never);
  };
  const router = createRouter({ call, now: () => 1_000, retries: 0, off: new Set<Bridge>(['baileys']) });
  expect(await ask(router, 'business.catalog')).toBe('bridge_off');
  expect(await ask(router, 'history.request')).toBe('ok');
  expect(calls).toEqual(['whatsmeow']);
});

test('a bridge that is starting is asked once more after a pause', async () => {
  let calls = 0;
  const call: CallBridge = (bridge) => {
    calls += 1;
    return calls === 1 ? Promise.reject(new AttemptFailure(bridge, 'bridge_down', 'refused', { unreachable: true })) : Promise.resolve({} as never);
  };
  expect(await ask(createRouter({ call, now: () => 1_000 }), 'business.catalog')).toBe('ok');
  expect(calls).toBe(2);
});

test('a cancelled call reaches no bridge', async () => {
  const { calls, router } = fakes({ whatsmeow: points.answers, baileys: points.answers });
  const asked = router.ask('group.info', {}, { signal: AbortSignal.abort() });
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  expect(calls).toEqual([]);
});

test('an attempt gets what is left of the call, and never more than its operation may take', async () => {
  const deadlines: number[] = [];
  let now = 1_000;
  const call: CallBridge = (bridge, _operation, _input, { deadlineMs }) => {
    deadlines.push(deadlineMs);
    now += 15_000;
    return Promise.reject(new AttemptFailure(bridge, 'timeout', 'slow'));
  };
  const router = createRouter({ call, now: () => now, retries: 0 });
  await expect(router.ask('group.info', {}, { signal: new AbortController().signal, deadlineMs: 25_000 })).rejects.toMatchObject({ code: 'timeout' });
  expect(deadlines).toEqual([operations['group.info'].deadlineMs, 10_000]);
});
