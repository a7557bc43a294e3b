import { expect, test } from 'vitest';
import { createPacing } from './pacing.ts';

const patient = () => ({ signal: new AbortController().signal, patienceMs: 5_000 });

test('sends over the minute wait, and are refused when it takes too long', async () => {
  const pacing = createPacing({ sendsPerMinute: 2, sendsPerDay: 10, sentToday: () => 0 });
  const ran: number[] = [];
  const send = (n: number, patienceMs: number) => pacing.send(`chat ${n}`, () => Promise.resolve(ran.push(n)), { ...patient(), patienceMs });
  await Promise.all([send(1, 5_000), send(2, 5_000)]);
  await expect(send(3, 50)).rejects.toMatchObject({ code: 'rate_limited', message: expect.stringContaining('Nothing was sent') as string });
  expect(ran).toEqual([1, 2]);
});

test('a chat goes in order, and a slow chat does not hold up another', async () => {
  const pacing = createPacing({ sendsPerMinute: 100, sendsPerDay: 100, sentToday: () => 0 });
  const slow = Promise.withResolvers<undefined>();
  const ended: string[] = [];
  const send = (chat: string, name: string, wait: Promise<unknown> = Promise.resolve()) => pacing.send(chat, () => wait.then(() => ended.push(name)), patient());
  const first = send('a', 'a1', slow.promise);
  const second = send('a', 'a2');
  await send('b', 'b1');
  expect(ended).toEqual(['b1']);
  slow.resolve(undefined);
  await Promise.all([first, second]);
  expect(ended).toEqual(['b1', 'a1', 'a2']);
});

test('a send that was cancelled while it waited never runs', async () => {
  const pacing = createPacing({ sendsPerMinute: 100, sendsPerDay: 100, sentToday: () => 0 });
  const slow = Promise.withResolvers<undefined>();
  const first = pacing.send('a', () => slow.promise, patient());
  const stop = new AbortController();
  let ran = false;
  const second = pacing.send('a', () => Promise.resolve((ran = true)), { signal: stop.signal, patienceMs: 5_000 });
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  slow.resolve(undefined);
  await first;
  await pacing.send('a', () => Promise.resolve(undefined), patient());
  expect(ran).toBe(false);
});

test('a send that runs is not stopped by a host that cancels: its outcome is told', async () => {
  const pacing = createPacing({ sendsPerMinute: 100, sendsPerDay: 100, sentToday: () => 0 });
  const stop = new AbortController();
  const slow = Promise.withResolvers<string>();
  const running = pacing.send('a', () => slow.promise, { signal: stop.signal, patienceMs: 5_000 });
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  slow.resolve('sent');
  expect(await running).toBe('sent');
});

test('the failure of a send is its own', async () => {
  const pacing = createPacing({ sendsPerMinute: 100, sendsPerDay: 100, sentToday: () => 0 });
  await expect(pacing.send('a', () => Promise.reject(new RangeError('mine')), patient())).rejects.toThrow(RangeError);
});
