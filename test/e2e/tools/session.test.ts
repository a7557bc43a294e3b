/** Toolset session: links that the phone knows of, and their end. */
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage();

interface Device {
  readonly jid: string;
  readonly device_id: number;
  readonly is_phone: boolean;
  readonly is_this_bridge: boolean;
}

const companions = () => stage.sim.owner.companions.map(({ deviceId }) => deviceId).toSorted((a, b) => a - b);

tool('backend_status', 'both bridges as the account knows them, the store, and what can be used', async () => {
  const { owner } = stage.world;
  const report = await stage.call<Record<'whatsmeow' | 'baileys', Record<string, unknown>>>('backend_status', { detail: true });
  for (const bridge of ['whatsmeow', 'baileys'] as const) {
    expect(report[bridge]).toMatchObject({ paired: true, own_number: `${owner.pn}@s.whatsapp.net`, own_lid: `${owner.lid}@lid` });
  }
  expect(JSON.stringify(report)).toContain('messages.db');
});

tool('get_linked_devices', 'the phone and both companions', async () => {
  const { devices } = await stage.call<{ devices: Device[] }>('get_linked_devices');
  expect(devices.filter(({ is_phone }) => is_phone)).toHaveLength(1);
  expect(devices.filter(({ is_phone }) => !is_phone).map(({ device_id: id }) => id).toSorted((a, b) => a - b)).toEqual(companions());
  expect(devices.filter(({ is_this_bridge }) => is_this_bridge)).toHaveLength(1);
});

tool('logout_session', 'the account loses the device, stored messages stay', async () => {
  const before = companions();
  const stored = () => stage.system.query<{ n: number }>('SELECT count(*) AS n FROM messages')[0]?.n ?? 0;
  const rows = stored();
  expect(await stage.call('logout_session', { backend: 'baileys' })).toMatchObject({ backend: 'baileys', logged_out: true });
  expect(companions()).toHaveLength(before.length - 1);
  expect(before).toEqual(expect.arrayContaining(companions()));
  expect(stored()).toBeGreaterThanOrEqual(rows);
  await stage.system.waitForStatus('baileys', ({ paired }) => !paired, 20_000);
});

tool('request_pairing_code', 'the phone accepts the code', async () => {
  await unlinked();
  const before = companions();
  const { code } = await stage.call<{ code: string }>('request_pairing_code', { backend: 'baileys', phone_number: `+${stage.world.owner.pn}` });
  expect(code).toMatch(/^[A-Z0-9]{4}-?[A-Z0-9]{4}$/);
  const companion = await stage.sim.owner.enterPairingCode(code);
  await stage.system.waitForStatus('baileys', ({ paired }) => paired, 60_000);
  expect(companions()).toEqual([...before, companion.deviceId]);
});

tool('get_pairing_qr', 'the phone reads the picture, and a linked bridge has nothing to scan', async () => {
  await unlinked();
  const before = companions();
  await stage.system.pair(stage.host, 'baileys');
  expect(companions()).toHaveLength(before.length + 1);
  const again = await stage.host.raw('get_pairing_qr', { backend: 'baileys', wait_seconds: 5 });
  expect(again.content).toEqual([{ type: 'text', text: expect.stringContaining('There is nothing to scan') as string }]);
});

/** Whatever ran before: Baileys is not linked. */
async function unlinked(): Promise<void> {
  if (!(await stage.system.status('baileys')).paired) return;
  await stage.call('logout_session', { backend: 'baileys' });
  await stage.system.waitForStatus('baileys', ({ paired }) => !paired, 20_000);
}
