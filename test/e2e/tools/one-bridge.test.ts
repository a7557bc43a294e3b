/** What works while Baileys is not linked, while it is off, and while neither bridge runs. */
import { beforeAll, expect, test } from 'vitest';
import { apart, calls, failed, outcomes, setUp } from './calls.ts';
import type { Props } from './calls.ts';
import { useStage } from './stage.ts';

const stage = useStage({ linked: ['whatsmeow'] });

let props: Props;

beforeAll(async () => {
  props = await setUp(stage);
});

test('there is a call of every tool', async () => {
  const offered = (await stage.host.tools()).map(({ name }) => name);
  expect([...Object.keys(calls), ...apart].toSorted()).toEqual(offered.toSorted());
});

test('Baileys is not linked: every tool that does not need it works', async () => {
  expect(failed(await outcomes(stage, props, ['store', 'either', 'whatsmeow']))).toEqual([]);
});

test('Baileys is not linked: the tools that need it say so, with what to do', async () => {
  for (const [name, outcome] of Object.entries(await outcomes(stage, props, ['baileys']))) {
    if (outcome === 'ok') expect(['sync_history_to_database', 'clear_temp_storage']).toContain(name);
    else expect([name, outcome]).toEqual([name, expect.stringMatching(/^not_paired: .*get_pairing_qr/)]);
  }
});

test('neither bridge runs: every store tool answers, every other names the failure', async () => {
  await Promise.all(Object.values(stage.system.bridges).map((bridge) => bridge.stop()));
  expect(failed(await outcomes(stage, props, ['store']))).toEqual([]);
  for (const name of ['send_message', 'archive_chat', 'get_group_info', 'get_privacy_settings', 'list_newsletters', 'get_business_catalog']) {
    expect(await stage.failure(name, calls[name]?.args?.(props))).toMatchObject({ code: 'bridge_down', body: { hint: expect.stringContaining('make up') as string } });
  }
});
