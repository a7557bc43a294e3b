import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namedWorld } from '../world/named.ts';
import { Random } from '../world/random.ts';
import { actions, type Action } from './actions.ts';
import { AppStateParticipant } from './participant.ts';
import { emptyState, readPatch, writePatch } from './patch.ts';
import { KeyRing, type SyncKey } from './keys.ts';
import { appStateJid, seedActions } from './seed.ts';
import { settleMutation } from './settle.ts';
import { AppStateStore, collectionNames } from './store.ts';

const key: SyncKey = { keyId: Uint8Array.of(0, 0, 0, 0, 7, 7), keyData: new Uint8Array(32).fill(99) };
const NOW = 1_795_000_000_000;

function device(store: AppStateStore, seed: number): AppStateParticipant {
  const random = new Random(seed);
  return new AppStateParticipant({ store, keys: [key], randomBytes: (length) => random.bytes(length) });
}

const chat = fc.constantFrom('1@s.whatsapp.net', '2@lid', '3@g.us');
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.tuple(chat, fc.boolean()).map(([jid, on]) => actions.pin(jid, on)),
  fc.tuple(chat, fc.boolean()).map(([jid, on]) => actions.archive(jid, on, { lastTimestamp: 1 })),
  fc.tuple(chat, fc.constantFrom(-1, 0, NOW)).map(([jid, until]) => actions.mute(jid, until)),
  fc.string({ maxLength: 20 }).map((text) => actions.pushName(text)),
);

describe('devices of one account', () => {
  test('agree after any sequence of writing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.array(action, { minLength: 1, maxLength: 3 })), { maxLength: 12 }), (turns) => {
        const store = new AppStateStore();
        const devices = [device(store, 1), device(store, 2), device(store, 3)] as const;
        for (const [who, what] of turns) {
          const unique = [...new Map(what.map((one) => [JSON.stringify(one.index), one])).values()];
          devices[who as 0 | 1 | 2].write(unique, NOW);
        }
        for (const one of devices) expect(one.catchUp().faults).toEqual([]);
        for (const name of collectionNames) expect(new Set(devices.map((one) => one.version(name))).size).toBe(1);
        for (const { collection, index } of turns.flatMap(([, what]) => what)) {
          const bytes = devices.map((one) => Buffer.from(proto.SyncActionValue.encode(one.value(collection, index) ?? {}).finish()).toString('hex'));
          expect(new Set(bytes).size).toBe(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('hear of what the others have written, once, and not of their own', () => {
    const store = new AppStateStore();
    const phone = device(store, 1);
    const companion = device(store, 2);
    expect(companion.write([actions.pin('1@s.whatsapp.net', true), actions.mute('1@s.whatsapp.net', -1)], NOW)).toEqual([
      { name: 'regular_low', version: 1 },
      { name: 'regular_high', version: 1 },
    ]);
    expect(phone.catchUp().applied.map(({ collection, version, mutation }) => [collection, version, mutation.index[0]])).toEqual([
      ['regular_high', 1, 'mute'],
      ['regular_low', 1, 'pin_v1'],
    ]);
    expect(phone.catchUp().applied).toEqual([]);
    expect(companion.catchUp().applied).toEqual([]);
    expect(Number(phone.value('regular_high', ['mute', '1@s.whatsapp.net'])?.muteAction?.muteEndTimestamp)).toBe(-1);
  });

  test('go on with a new key once it is shared', () => {
    const store = new AppStateStore();
    const phone = device(store, 1);
    const companion = device(store, 2);
    const next: SyncKey = { keyId: Uint8Array.of(0, 0, 0, 0, 8, 8), keyData: new Uint8Array(32).fill(5) };
    phone.write([actions.pushName('Before')], NOW);
    phone.rotate(next);
    phone.write([actions.pushName('After')], NOW);
    expect(companion.catchUp().faults).toMatchObject([{ code: 'unknown_key' }]);
    const informed = device(store, 3);
    informed.rotate(next);
    expect(informed.catchUp()).toMatchObject({ faults: [], applied: [{ version: 1 }, { version: 2 }] });
  });

  test('name a patch that does not fit, keep the other collections and refuse to write over it', () => {
    const store = new AppStateStore();
    const phone = device(store, 1);
    phone.write([actions.pin('1@s.whatsapp.net', true)], NOW);
    const { index, apiVersion, value } = actions.pin('2@s.whatsapp.net', true);
    const blind = writePatch({ ...emptyState('regular_low'), version: 1 }, [{ operation: 'set', index, apiVersion, value }], { key, randomBytes: (length) => new Uint8Array(length) });
    store.submit('regular_low', 1, blind.patch);
    expect(phone.catchUp().faults).toMatchObject([{ code: 'snapshot_mac', collection: 'regular_low' }]);
    expect(phone.write([actions.pushName('Still works')], NOW)).toEqual([{ name: 'critical_block', version: 1 }]);
    expect(() => phone.write([actions.pin('3@s.whatsapp.net', true)], NOW)).toThrow(/regular_low/);
  });
});

describe('the seed', () => {
  const world = namedWorld('demo');
  const store = new AppStateStore();
  const phone = device(store, 1);
  const written = phone.write(seedActions(world), NOW);

  test('leaves no collection at version 0', () => {
    expect(written.map(({ name }) => name).sort()).toEqual([...collectionNames].sort());
    for (const name of collectionNames) expect(store.version(name)).toBe(1);
  });

  test('can be read by a companion that checks every MAC', () => {
    const ring = new KeyRing([key]);
    for (const name of collectionNames) {
      const [patch] = store.since(name, 0).patches;
      expect(readPatch(emptyState(name), patch ?? new Uint8Array(0), ring).mutations.length).toBeGreaterThan(0);
    }
  });

  test('has each saved contact, and no number that is unknown', () => {
    const { applied } = device(store, 2).catchUp();
    const contacts = applied.filter(({ mutation }) => mutation.index[0] === 'contact');
    const everything = JSON.stringify(applied);
    const saved = [...world.people.values()].filter((person) => person.name !== undefined && person.mapping !== 'never');
    expect(contacts).toHaveLength(saved.length + 1);
    for (const person of [...world.people.values()].filter(({ mapping }) => mapping === 'never')) {
      expect(everything).not.toContain(person.pn);
    }
  });

  test('repeats the state of the chats', () => {
    for (const one of world.chats.values()) {
      if (one.kind === 'status' || one.kind === 'newsletter') continue;
      const jid = appStateJid(world, one);
      expect(phone.value('regular_low', ['pin_v1', jid])?.pinAction?.pinned ?? false).toBe(one.pinnedAt > 0);
      expect(phone.value('regular_low', ['archive', jid])?.archiveChatAction?.archived ?? false).toBe(one.archived);
      expect(phone.value('regular_high', ['mute', jid])?.muteAction?.muted ?? false).toBe(one.mutedUntil !== 0);
    }
  });
});

describe('what a companion does', () => {
  const world = namedWorld('demo');
  const [first] = [...world.chats.values()];
  if (!first) throw new Error('The demo has chats.');
  const person = world.people.get(first.person ?? '');
  const jid = `${person?.lid}@lid`;
  const message = world.messagesOf(first).at(7);
  const settle = ({ index, apiVersion, value }: Action): boolean => settleMutation(world, { operation: 'set', index, apiVersion, value: { timestamp: NOW, ...value } });

  test.each<[string, Action, () => unknown, unknown]>([
    ['pin', actions.pin(jid, true), (): unknown => first.pinnedAt, NOW],
    ['unpin', actions.pin(jid, false), (): unknown => first.pinnedAt, 0],
    ['archive', actions.archive(jid, true, { lastTimestamp: 1 }), (): unknown => first.archived, true],
    ['mute for ever', actions.mute(jid, -1), (): unknown => first.mutedUntil, -1],
    ['mute until', actions.mute(jid, NOW), (): unknown => first.mutedUntil, NOW],
    ['unmute', actions.mute(jid, 0), (): unknown => first.mutedUntil, 0],
    ['mark unread', actions.markRead(jid, false, { lastTimestamp: 1 }), (): unknown => first.markedUnread, true],
    ['mark read', actions.markRead(jid, true, { lastTimestamp: 1 }), (): unknown => [first.markedUnread, first.unread], [false, 0]],
    ['star', actions.star({ chat: jid, id: message?.id ?? '', fromMe: false }, true), (): unknown => world.messagesOf(first).at(7)?.starred, true],
    ['rename a contact', actions.contact(jid, { fullName: 'Em W.' }), (): unknown => person?.name, 'Em W.'],
    ['change the push name', actions.pushName('Sam R.'), (): unknown => world.owner.pushName, 'Sam R.'],
  ])('%s shows on the phone', (_what, done, seen, expected) => {
    expect(settle(done)).toBe(true);
    expect(seen()).toEqual(expected);
  });

  test('a removed pin is no pin', () => {
    settle(actions.pin(jid, true));
    settleMutation(world, { operation: 'remove', index: ['pin_v1', jid], apiVersion: 5, value: { pinAction: { pinned: true } } });
    expect(first.pinnedAt).toBe(0);
  });

  test('what shows nowhere is left alone', () => {
    expect(settle(actions.labelEdit('1', { name: 'New', color: 2 }))).toBe(false);
    expect(settle(actions.pin('999@s.whatsapp.net', true))).toBe(true);
  });
});
