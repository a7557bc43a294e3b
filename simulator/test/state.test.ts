import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { actions, startSimulator } from '../src/index.ts';
import { BaileysClient } from './fixtures/baileys-client.ts';
import { WhatsmeowClient } from './fixtures/whatsmeow-client.ts';

let folder: string;
let state: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wa-sim-state-'));
  state = join(folder, 'state.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('a restarted simulator knows its linked devices, their keys, what waits for them and what was said', async () => {
  const first = await startSimulator({ state });
  const { port } = first;
  const friendPn = [...first.world.people.keys()][1] ?? '';
  const baileys = new BaileysClient(first);
  const whatsmeow = new WhatsmeowClient(inject('whatsmeowBinary'), first, { folder, name: 'w' });
  await baileys.link(first.owner);
  await first.owner.companions[0]?.whenBootstrapped();
  await whatsmeow.link(first.owner);
  await first.owner.companions[1]?.whenBootstrapped();
  await first.phone(friendPn).send({ to: first.owner.pn, text: 'before' });
  await baileys.hearText('before');
  await whatsmeow.hearText('before');
  for (const companion of first.owner.companions) await companion.whenDrained();
  const gone = first.waitFor('disconnected', ({ device }) => device.id === 1);
  baileys.stop();
  await gone;
  await first.phone(friendPn).send({ to: first.owner.pn, text: 'while Baileys was away' });
  await whatsmeow.hearText('while Baileys was away');
  first.world.addPerson({ pn: '447700999999', name: 'Newcomer' });
  await first.phone('447700999999').send({ to: first.owner.pn, text: 'I am new' });
  await whatsmeow.hearText('I am new');
  const group = first.owner.groups.create('Late night', [first.phone(friendPn).pn]);
  first.owner.change(actions.pin(first.phone(friendPn).pn, true));
  await first.close();
  expect((await stat(state)).mode & 0o777).toBe(0o600);

  const second = await startSimulator({ state, port });
  try {
    expect(second.noiseRoot).toEqual(first.noiseRoot);
    expect(second.owner.companions.map(({ jid }) => jid)).toEqual(first.owner.companions.map(({ jid }) => jid));
    expect(second.owner.setting('regular_low', ['pin_v1', second.phone(friendPn).pn])?.pinAction?.pinned).toBe(true);
    expect(second.world.groups.get(group)).toMatchObject({ subject: 'Late night', members: [{ role: 'superadmin' }, { person: friendPn }] });
    expect(second.world.chat(second.phone(friendPn).pn)?.pinnedAt).toBeGreaterThan(0);
    expect(second.phone('447700999999').lid).toBe(first.phone('447700999999').lid);
    baileys.forget();
    await baileys.connect();
    await baileys.hearText('while Baileys was away');
    await second.waitFor('active', ({ device }) => device.id === 2, { timeoutMs: 20_000 });
    await second.phone(friendPn).send({ to: second.owner.pn, text: 'after' });
    await baileys.hearText('after');
    await whatsmeow.hearText('after');
    await whatsmeow.do('send', { to: second.phone(friendPn).pn, text: 'and back' });
    await second.phone(friendPn).waitForMessage(({ text }) => text === 'and back');
    const chat = second.world.chat(second.phone(friendPn).pn);
    const texts = chat === undefined ? [] : [...second.world.messagesOf(chat)].map(({ text }) => text);
    expect(texts).toEqual(['and back', 'after', 'while Baileys was away', 'before']);
    expect(whatsmeow.log).not.toContain('status code 404');
  } finally {
    baileys.stop();
    await whatsmeow.stop();
    await second.close();
  }
});

test('a state file of another seed, or of nothing we know, is refused with what to do', async () => {
  const simulator = await startSimulator({ state });
  await simulator.close();
  await expect(startSimulator({ state, seed: 8 })).rejects.toThrow('start with those, or name another file');
  await writeFile(state, '{"version": 9}');
  await expect(startSimulator({ state })).rejects.toThrow('delete it and link again');
  expect(await readFile(state, 'utf8')).toBe('{"version": 9}');
});
