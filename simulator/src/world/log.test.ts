import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namedWorld } from './named.ts';
import type { Chat, MessageLog, World, WorldMessage } from './types.ts';

const world = (): World => namedWorld('crowd', { people: 12, directChats: 8, groups: 3, communities: 1, totalMessages: 1500 });

function liveMessage(chat: Chat, id: string, timestamp: number): WorldMessage {
  return {
    id, chat: chat.jid, sender: '14155550100', fromMe: true, timestamp, kind: 'text', text: 'now', content: { conversation: 'now' },
    secret: new Uint8Array(32), edits: [], editForm: 'inline', reactions: [], votes: [], revoked: undefined, starred: false,
    stub: undefined, replyTo: undefined, viewOnce: false, ephemeral: 0, serverId: undefined,
  };
}

const chatsOf = (of: World): Chat[] => [...of.chats.values()].filter((chat) => of.messagesOf(chat).length > 0);

function expectSearchable(log: MessageLog): void {
  const all = [...log];
  expect(all).toHaveLength(log.length);
  for (const [index, message] of all.entries()) {
    expect(log.indexOf(message.id)).toBe(index);
    const edit = message.edits.at(-1);
    if (edit) expect(log.indexOf(edit.id)).toBe(index);
    expect(all.findIndex((other) => other.timestamp < message.timestamp)).toBe(log.firstBefore(message.timestamp) === log.length ? -1 : log.firstBefore(message.timestamp));
  }
}

describe('a chat', () => {
  test('is newest first, and every message is found by id and time', () => {
    const of = world();
    for (const chat of chatsOf(of)) expectSearchable(of.messagesOf(chat));
  });

  test('gives the same message each time', () => {
    const of = world();
    const [chat] = chatsOf(of);
    expect(chat).toBeDefined();
    if (chat) expect([...of.messagesOf(chat)]).toEqual([...of.messagesOf(chat)]);
  });

  test('range is at, clipped', () => {
    const of = world();
    const log = of.messagesOf(chatsOf(of)[0] as Chat);
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 400 }), fc.integer({ min: -5, max: 400 }), (start, end) => {
        const expected = Array.from({ length: Math.max(0, end - start) }, (_, offset) => log.at(start + offset)).filter((message) => message !== undefined);
        expect(log.range(start, end).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      }),
    );
  });

  test.each([-1, 0.5, 1e9, Number.NaN])('has nothing at index %d', (index) => {
    const of = world();
    expect(of.messagesOf(chatsOf(of)[0] as Chat).at(index)).toBeUndefined();
  });
});

describe('the present', () => {
  test('recorded messages lie on top in the order of time', () => {
    const of = world();
    const [chat] = chatsOf(of) as [Chat];
    const before = of.messagesOf(chat).length;
    const now = of.spec.baseTime;
    for (const [id, time] of [['B', now + 20], ['A', now + 10], ['C', now + 20]] as const) of.record(liveMessage(chat, id, time));
    expect(of.messagesOf(chat).length).toBe(before + 3);
    expect(of.messagesOf(chat).range(0, 3).map(({ id }) => id)).toEqual(['C', 'B', 'A']);
    expectSearchable(of.messagesOf(chat));
  });

  test('an id is recorded once', () => {
    const of = world();
    const [chat] = chatsOf(of) as [Chat];
    const old = of.messagesOf(chat).at(5) as WorldMessage;
    expect(() => of.record(liveMessage(chat, old.id, of.spec.baseTime))).toThrow(/already/);
  });

  test('a message of a slow clock still goes on top of the past', () => {
    const of = world();
    const [chat] = chatsOf(of) as [Chat];
    of.record(liveMessage(chat, 'SLOW', 1));
    expect(of.messagesOf(chat).at(0)?.id).toBe('SLOW');
    expect(of.messagesOf(chat).firstBefore(of.spec.baseTime + 1)).toBe(0);
  });

  test('amendments change generated and recorded messages alike, and last', () => {
    const of = world();
    const [chat] = chatsOf(of) as [Chat];
    of.record(liveMessage(chat, 'NEW', of.spec.baseTime));
    for (const index of [0, 4]) {
      const { id } = of.messagesOf(chat).at(index) as WorldMessage;
      const edit = { id: `EDIT${index}`, timestamp: of.spec.baseTime + 5, text: 'changed' };
      expect(of.amend(chat.jid, id, { starred: true })).toBe(true);
      expect(of.amend(chat.jid, id, { edits: [edit] })).toBe(true);
      expect(of.messagesOf(chat).at(index)).toMatchObject({ id, starred: true, text: 'changed', edits: [edit] });
    }
    expect(of.messagesOf(chat).indexOf('EDIT0')).toBe(0);
    expect(of.messagesOf(chat).indexOf('EDIT4')).toBe(4);
    expect(of.amend(chat.jid, 'NOBODY', { starred: true })).toBe(false);
  });
});
