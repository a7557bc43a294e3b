import { describe, expect, test } from 'vitest';
import { groupFrom } from './groups.ts';
import { namedWorld } from './named.ts';
import type { Person } from './types.ts';

const someone = (): { world: ReturnType<typeof namedWorld>; person: Person } => {
  const world = namedWorld('crowd', { people: 12, directChats: 12, groups: 1, communities: 0, totalMessages: 100 });
  return { world, person: [...world.people.values()][1] as Person };
};

describe('people', () => {
  test('are found by number and by LID, with or without device', () => {
    const { world, person } = someone();
    for (const jid of [person.pn, `${person.pn}@s.whatsapp.net`, `${person.pn}:17@s.whatsapp.net`, `${person.pn}@c.us`, `${person.lid}@lid`, `${person.lid}:3@lid`]) {
      expect(world.person(jid)).toBe(person);
    }
  });

  test.each(['', '999', '999@s.whatsapp.net', '14155550100@lid', '14155550100@g.us'])('%j is nobody', (jid) => {
    expect(someone().world.person(jid)).toBeUndefined();
  });

  test('have different numbers and hidden ids', () => {
    const people = [...namedWorld('crowd', { people: 2000 }).people.values()];
    expect(new Set(people.map(({ pn }) => pn)).size).toBe(2001);
    expect(new Set(people.map(({ lid }) => lid)).size).toBe(2001);
    expect(people.every(({ lid }) => /^\d{15}$/.test(lid))).toBe(true);
  });

  test('include one business', () => {
    const businesses = [...namedWorld('crowd').people.values()].filter((person) => person.business);
    expect(businesses).toHaveLength(1);
  });

  test('can be added once', () => {
    const { world } = someone();
    const added = world.addPerson({ pn: '15550001111', name: 'New Friend' });
    expect(world.person(`${added.lid}@lid`)).toBe(added);
    expect(added.pushName).toBe('New Friend');
    expect(() => world.addPerson({ pn: '15550001111' })).toThrow(/already/);
  });
});

describe('chats', () => {
  test('are found under either address of the person', () => {
    const { world, person } = someone();
    const chat = world.chats.get(`${person.pn}@s.whatsapp.net`);
    expect(chat).toBeDefined();
    expect(world.chat(`${person.lid}@lid`)).toBe(chat);
  });

  test('open when they are needed', () => {
    const { world } = someone();
    const added = world.addPerson({ pn: '15550001111' });
    const chat = world.openChat(added.id);
    expect(world.openChat(added.id)).toBe(chat);
    expect(world.messagesOf(chat).length).toBe(0);
    expect(() => world.openChat('404')).toThrow(/addPerson/);
  });

  test('of new groups are empty and ready', () => {
    const { world, person } = someone();
    const group = groupFrom(1, { name: 'New', kind: 'group', subject: 'New', creator: world.owner, members: [person] }, world.spec.baseTime);
    const chat = world.addGroup(group);
    expect(world.chat(group.jid)).toBe(chat);
    expect(world.counts().groups).toBe(2);
    expect(() => world.addGroup(group)).toThrow(/already/);
  });

  test('a chat of another world is refused', () => {
    const { world } = someone();
    expect(() => world.messagesOf({ ...([...world.chats.values()][0] as never as object), jid: 'elsewhere@g.us' } as never)).toThrow(/no chat/);
  });
});

describe('the demo', () => {
  const world = namedWorld('demo');
  const rows = [...world.truth()];

  test('has the cast it promises', () => {
    expect(world.counts()).toMatchObject({ people: 40, communities: 2, newsletters: 3 });
    const plainGroups = [...world.groups.values()].filter((group) => group.kind === 'group' && group.parent === undefined);
    expect(plainGroups).toHaveLength(8);
  });

  test.each([
    ['Ravello', 3],
    ['火锅', 2],
    ['deposit', 1],
  ])('can be searched for %s', (word, atLeast) => {
    expect(rows.filter((row) => row.text.includes(word)).length).toBeGreaterThanOrEqual(atLeast);
  });

  test('ends its stories within the last three days, newest of their chats', () => {
    for (const word of ['tagliatelle', 'Fine with me', 'Façade recalculated', 'certificado', 'permission slips', 'warm clothes', '记得带那本书', 'أول المدعوين']) {
      const row = rows.find((candidate) => candidate.text.includes(word));
      const chat = row && world.chat(row.chat);
      expect(chat && world.messagesOf(chat).indexOf(row.id)).toBe(0);
    }
  });

  test('speaks of days that fit its base time', () => {
    const later = namedWorld('demo', { baseTime: world.spec.baseTime + 86_400 });
    const viewing = (of: typeof world): string | undefined => [...of.truth()].find((row) => row.text.startsWith('Viewing is confirmed'))?.text;
    expect(viewing(world)).toContain('Saturday 10:15');
    expect(viewing(later)).toContain('Sunday 10:15');
    expect([...later.truth()].filter((row) => /[{}]/.test(row.text))).toEqual([]);
  });

  test('knows people by number, by LID only, and late', () => {
    const mappings = new Set([...world.people.values()].map((person) => person.mapping));
    expect([...mappings].sort()).toEqual(['known', 'late', 'never']);
    for (const chat of world.chats.values()) {
      const person = chat.person === undefined ? undefined : world.people.get(chat.person);
      if (person?.mapping === 'late') expect(chat.addressing).toBe('mixed');
      if (person?.mapping === 'never') expect(chat.addressing).toBe('lid');
    }
  });

  test('marks only messages of others as unread', () => {
    for (const chat of world.chats.values()) {
      expect(world.messagesOf(chat).range(0, chat.unread).every((message) => !message.fromMe)).toBe(true);
    }
    expect([...world.chats.values()].some((chat) => chat.unread > 0)).toBe(true);
  });
});
