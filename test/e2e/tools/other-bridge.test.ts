/** What works through Baileys while whatsmeow is away, and a send whose answer is lost with the bridge. */
import { beforeAll, expect, test } from 'vitest';
import { calls, failed, outcomes, setUp } from './calls.ts';
import type { Props } from './calls.ts';
import { useStage } from './stage.ts';

const stage = useStage();

let props: Props;

beforeAll(async () => {
  props = await setUp(stage);
});

interface Sent {
  readonly message_id: string;
}

test('the bridge dies after WhatsApp has the message: the outcome is unknown, then found out, and nothing is sent twice', async () => {
  const { whatsmeow } = stage.system.bridges;
  const emma = stage.phone('Emma');
  const { devices } = await stage.call<{ devices: readonly { device_id: number; is_this_bridge: boolean }[] }>('get_linked_devices');
  const device = devices.find((each) => each.is_this_bridge)!.device_id;
  const lift = stage.sim.faults.add({ direction: 'to_client', tag: 'ack', account: stage.world.owner.pn, device }, { kind: 'drop' });
  const args = { recipient: emma.pn, message: 'Did that get through?', idempotency_key: 'lost-answer' };
  const first = stage.call<Sent>('send_message', args).catch((error: unknown) => error);
  let answered = false;
  void first.then(() => (answered = true));
  const got = await emma.waitForMessage(({ text }) => text === args.message, { timeoutMs: 20_000 });
  expect({ answered, from: got.senderDevice }).toEqual({ answered: false, from: device });
  await whatsmeow.crash();
  lift();
  // The other companion of the account was told of the message; until that is merged nobody knows.
  const answer = await first;
  if (answer instanceof Error) expect(answer).toMatchObject({ code: 'outcome_unknown' });
  else expect(answer).toMatchObject({ message_id: got.id });
  await whatsmeow.start();
  await stage.system.waitForStatus('whatsmeow', ({ state }) => state === 'connected', 30_000);
  await stage.call('sync_history_to_database');
  expect(await stage.call('send_message', args)).toMatchObject({ success: true, message_id: got.id, repeated: true });
  const next = await stage.call<Sent>('send_message', { recipient: emma.pn, message: 'After that' });
  await stage.arrives(emma, next.message_id);
  expect(emma.inbox.filter(({ text }) => text === args.message).map(({ id, deliveries }) => [id, deliveries])).toEqual([[got.id, 1]]);
});

test('whatsmeow is away: every tool that either bridge serves works, and the one that needs it says so', async () => {
  await stage.system.bridges.whatsmeow.stop();
  expect(failed(await outcomes(stage, props, ['store', 'either', 'baileys']))).toEqual([]);
  expect(await stage.failure('list_newsletters', calls['list_newsletters']?.args?.(props))).toMatchObject({ code: 'bridge_down' });
});
