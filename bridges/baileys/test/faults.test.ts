/** What WhatsApp refuses, loses and repeats, and what the bridge makes of it. */
import { randomBytes } from 'node:crypto';
import type { Phone, Simulator } from 'wa-sim';
import { startSimulator } from 'wa-sim';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BridgeUnderTest, link } from './harness.ts';

let simulator: Simulator;
let bridge: BridgeUnderTest;
let friend: Phone;

const newId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

beforeEach(async () => {
  simulator = await startSimulator();
  friend = simulator.phone([...simulator.world.people.values()].find(({ id }) => id !== simulator.world.owner.id)!.pn);
  bridge = new BridgeUnderTest(simulator.url);
  await bridge.start();
  await link(bridge, simulator.owner);
  await simulator.owner.companions[0]!.whenBootstrapped();
});

afterEach(async () => {
  await bridge.dispose();
  await simulator.close();
});

const sendText = (id = newId()) => bridge.ask('message.send_text', { to: friend.pn, id, text: 'Hello' });

describe('a login that is refused', () => {
  test.each([
    [401, {}, 'logged_out', 'not_paired'],
    [402, { expire: '3600', code: '101' }, 'banned', 'banned'],
    [403, {}, 'banned', 'banned'],
    [405, {}, 'client_outdated', 'client_outdated'],
  ] as const)('with %s', async (reason, attrs, state, code) => {
    simulator.refuseLogins({ reason, attrs });
    simulator.owner.companions[0]!.drop();
    const status = await bridge.until((told) => told.state === state);
    expect(status.reason).toBeTruthy();
    expect(await sendText()).toMatchObject({ ok: false, error: { code } });
    expect((await bridge.status()).state).toBe(state);
  });

  test('for a moment: the bridge comes back by itself', async () => {
    simulator.refuseLogins({ reason: 503, times: 2 });
    simulator.owner.companions[0]!.drop();
    await bridge.until(({ state }) => state === 'disconnected');
    await bridge.until(({ state }) => state === 'connected');
  });
});

test('a dropped connection comes back, and what was sent meanwhile arrives', async () => {
  simulator.owner.companions[0]!.drop();
  const { id } = await friend.send({ to: simulator.owner.pn, text: 'In between' });
  await bridge.row(({ message }) => message?.id === id);
});

describe('a message that WhatsApp', () => {
  test('refuses for a time lock is restricted, and the status says so', async () => {
    simulator.faults.add({ direction: 'from_client', tag: 'message' }, { kind: 'refuse', code: 463, text: 'reach-out' });
    expect(await sendText()).toMatchObject({ ok: false, error: { code: 'restricted' } });
    // 463 also stands for a missing token: once WhatsApp says that there is no time lock, none is shown.
    await bridge.until(({ restrictions }) => restrictions.length === 0);
    simulator.faults.add({ direction: 'from_client', tag: 'iq', xmlns: 'w:mex' }, { kind: 'refuse', code: 500, text: 'internal' });
    await sendText();
    expect((await bridge.status()).restrictions).toMatchObject([{ kind: 'reachout_timelock' }]);
  });

  test('refuses otherwise is a named failure with its code', async () => {
    simulator.faults.add({ direction: 'from_client', tag: 'message' }, { kind: 'refuse', code: 479, text: 'smax' });
    expect(await sendText()).toMatchObject({ ok: false, error: { code: 'whatsapp_error', message: expect.stringContaining('479') as string } });
  });

  test('never acknowledges has an unknown outcome, and is staged as pending', async () => {
    simulator.faults.add({ direction: 'to_client', tag: 'ack' }, { kind: 'drop' });
    const id = newId();
    expect(await sendText(id)).toMatchObject({ ok: false, error: { code: 'outcome_unknown' } });
    expect((await bridge.row(({ message }) => message?.id === id)).message).toMatchObject({ status: 1 });
  });

  test('delivers twice is staged, and so is one that comes corrupted first', async () => {
    simulator.faults.add({ direction: 'to_client', tag: 'message', times: 1 }, { kind: 'corrupt' });
    const { id } = await friend.send({ to: simulator.owner.pn, text: 'Fragile' });
    expect((await bridge.row(({ message }) => message?.id === id && message.kind === 'text')).message?.text).toBe('Fragile');
  });
});

test('a request that WhatsApp refuses has the failure of its code', async () => {
  simulator.faults.add({ direction: 'from_client', tag: 'iq', xmlns: 'w:g2' }, { kind: 'refuse', code: 429, text: 'rate-overlimit' });
  expect(await bridge.ask('group.info', { jid: '120363000000000001@g.us' })).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
});

test('a catalog that WhatsApp leaves unanswered is named after 15 s', async () => {
  simulator.faults.add({ direction: 'from_client', tag: 'iq', xmlns: 'w:biz:catalog' }, { kind: 'drop' });
  expect(await bridge.ask('business.catalog', { jid: friend.pn })).toMatchObject({ ok: false, error: { code: 'no_answer_from_whatsapp' } });
});
