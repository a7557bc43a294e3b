/** What works while Baileys is not linked, while it is off, and while neither bridge runs. */
import { beforeAll, expect, test } from 'vitest';
import { ToolError } from '../../harness/mcp-client.ts';
import { apart, calls, setUp } from './calls.ts';
import type { Need, Props } from './calls.ts';
import { useStage } from './stage.ts';

const stage = useStage({ linked: ['whatsmeow'] });

let props: Props;

beforeAll(async () => {
  props = await setUp(stage);
});

/** How the call of each such tool ended: "ok", or the code of its failure. */
async function outcomes(...needs: readonly Need[]): Promise<Record<string, string>> {
  const ended: [string, string][] = [];
  for (const [name, call] of Object.entries(calls)) {
    if (!needs.includes(call.needs)) continue;
    const failure = await stage.call(name, call.args?.(props)).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure !== undefined && !(failure instanceof ToolError)) throw failure;
    ended.push([name, failure === undefined ? 'ok' : `${failure.code}: ${failure.message}`]);
  }
  return Object.fromEntries(ended);
}

const failed = (ended: Readonly<Record<string, string>>) => Object.entries(ended).filter(([, outcome]) => outcome !== 'ok');

test('there is a call of every tool', async () => {
  const offered = (await stage.host.tools()).map(({ name }) => name);
  expect([...Object.keys(calls), ...apart].toSorted()).toEqual(offered.toSorted());
});

test('Baileys is not linked: every tool that does not need it works', async () => {
  expect(failed(await outcomes('store', 'either', 'whatsmeow'))).toEqual([]);
});

test('Baileys is not linked: the tools that need it say so, with what to do', async () => {
  for (const [name, outcome] of Object.entries(await outcomes('baileys'))) {
    if (outcome === 'ok') expect(['sync_history_to_database', 'clear_temp_storage']).toContain(name);
    else expect([name, outcome]).toEqual([name, expect.stringMatching(/^not_paired: .*get_pairing_qr/)]);
  }
});

test('neither bridge runs: every store tool answers, every other names the failure', async () => {
  await Promise.all(Object.values(stage.system.bridges).map((bridge) => bridge.stop()));
  expect(failed(await outcomes('store'))).toEqual([]);
  for (const name of ['send_message', 'archive_chat', 'get_group_info', 'get_privacy_settings', 'list_newsletters', 'get_business_catalog']) {
    expect(await stage.failure(name, calls[name]?.args?.(props))).toMatchObject({ code: 'bridge_down', body: { hint: expect.stringContaining('make up') as string } });
  }
});
