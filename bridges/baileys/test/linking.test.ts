import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { files } from '@whatsapp-mcp/contract';
import type { Simulator } from 'wa-sim';
import { startSimulator } from 'wa-sim';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BridgeUnderTest, link } from './harness.ts';

let simulator: Simulator;
let bridge: BridgeUnderTest;

beforeEach(async () => {
  simulator = await startSimulator();
  bridge = new BridgeUnderTest(simulator.url, { WHATSAPP_LOG_LEVEL: 'debug' });
});

afterEach(async () => {
  await bridge.dispose();
  await simulator.close();
});

describe('linking', () => {
  test('by QR: the phone scans, the bridge connects, and says so', async () => {
    await bridge.start();
    expect(await bridge.status()).toMatchObject({ bridge: 'baileys', state: 'unpaired', paired: false, simulated: true, mode: 'on-demand' });
    const status = await link(bridge, simulator.owner);
    expect(status).toMatchObject({ own_pn: simulator.owner.pn, own_lid: simulator.owner.lid, own_name: simulator.owner.name });
    expect(await bridge.call('session.pair_qr', {})).toEqual({ state: 'paired', own_jid: simulator.owner.pn });
    expect(await bridge.call('session.devices', {})).toMatchObject({ devices: [{ device_id: 0, is_phone: true }, { is_this_bridge: true, is_phone: false }] });
  });

  test('by code: the phone types it', async () => {
    await bridge.start();
    const { code } = await bridge.call('session.pair_code', { phone_number: simulator.owner.pn.replace(/@.*/, '') });
    expect(code).toMatch(/^[0-9A-Z]{8}$/);
    await simulator.owner.enterPairingCode(code);
    await bridge.until(({ state, paired }) => paired && state === 'connected');
    const again = await bridge.ask('session.pair_code', { phone_number: '15550100' });
    expect(again).toMatchObject({ ok: false, error: { code: 'already_paired' } });
  });

  test('is forgotten at logout, and the phone shows no device any more', async () => {
    await bridge.start();
    await link(bridge, simulator.owner);
    await bridge.call('session.logout', {});
    expect(await bridge.status()).toMatchObject({ state: 'unpaired', paired: false });
    expect(simulator.owner.companions).toEqual([]);
    await link(bridge, simulator.owner);
  });

  test('ends when the phone removes the device: a named state, no loop', async () => {
    await bridge.start();
    await link(bridge, simulator.owner);
    simulator.owner.companions[0]!.logout();
    const status = await bridge.until(({ state }) => state === 'logged_out');
    expect(status).toMatchObject({ paired: false, reason: expect.stringContaining('unlinked') as string });
    const reply = await bridge.ask('contact.blocklist', {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'not_paired' } });
  });
});

describe('the connection', () => {
  test('survives a restart of the process without scanning again', async () => {
    await bridge.start();
    await link(bridge, simulator.owner);
    expect(await bridge.stop()).toBe(0);
    expect(existsSync(join(bridge.folder, files.baileysRun))).toBe(false);
    await bridge.start();
    expect(await bridge.status()).toMatchObject({ state: 'idle', paired: true });
    await bridge.call('contact.blocklist', {});
    expect(await bridge.status()).toMatchObject({ state: 'connected' });
  });

  test('is closed when idle, and opened by the next operation', async () => {
    await bridge.dispose();
    bridge = new BridgeUnderTest(simulator.url, { WHATSAPP_BAILEYS_IDLE_SECONDS: '1' });
    await bridge.start();
    await link(bridge, simulator.owner);
    // History that comes in keeps the connection; the next process has nothing to wait for.
    const [companion] = simulator.owner.companions;
    await companion!.whenBootstrapped();
    await companion!.whenDrained();
    await bridge.stop();
    await bridge.start();
    await bridge.call('contact.blocklist', {});
    await bridge.until(({ state }) => state === 'idle');
    await bridge.call('contact.blocklist', {});
    expect(await bridge.status()).toMatchObject({ state: 'connected' });
  });

  test('is not opened by a bridge that is off', async () => {
    await bridge.dispose();
    bridge = new BridgeUnderTest(simulator.url, { WHATSAPP_BAILEYS: 'off' });
    await bridge.start();
    expect(await bridge.ask('session.pair_qr', {})).toMatchObject({ ok: false, error: { code: 'bridge_off' } });
    expect(await bridge.status()).toMatchObject({ state: 'off' });
  });
});

describe('the process', () => {
  test('keeps stdout empty and keys out of its log, while sessions come and go', async () => {
    await bridge.start();
    await link(bridge, simulator.owner);
    const contact = [...simulator.world.people.values()].find(({ id }) => id !== simulator.world.owner.id);
    if (contact !== undefined) await simulator.phone(contact.pn).send({ to: simulator.owner.pn, text: 'a secret sentence' });
    await bridge.stop();
    expect(bridge.stdout).toBe('');
    expect(bridge.log.join('\n')).not.toMatch(/privKey|rootKey|SessionEntry|mediaKey|a secret sentence|wa\.me\/settings/);
    for (const line of bridge.log) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  test('keeps its files to their owner', async () => {
    await bridge.start();
    expect(statSync(bridge.folder).mode & 0o777).toBe(0o700);
    for (const name of [files.token, files.baileysSession, files.staging, files.baileysRun]) {
      expect(statSync(join(bridge.folder, name)).mode & 0o777, name).toBe(0o600);
    }
  });

  test('is alone: a second one says who holds the folder, and exits with 3', async () => {
    await bridge.start();
    const second = new BridgeUnderTest(simulator.url, { WHATSAPP_DATA_DIR: bridge.folder });
    await expect(second.start()).rejects.toThrow(/exit 3: Another Baileys bridge \(pid \d+, port \d+\)/);
    await second.dispose();
  });

  test('refuses a simulator that is not on this machine, with 2', async () => {
    const wrong = new BridgeUnderTest('ws://example.com:1234/ws/chat');
    await expect(wrong.start()).rejects.toThrow(/exit 2: WHATSAPP_SIMULATOR/);
    await wrong.dispose();
  });
});
