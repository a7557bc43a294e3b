import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decryptMedia, sha256, type MediaType } from '../media/cipher.ts';
import { fileOf } from '../media/retry.ts';
import { innerContent } from './content.ts';
import { worldOf } from './generate.ts';
import { DEFAULT_BASE_TIME, namedWorld, specOf } from './named.ts';
import type { MessageKind, TruthRow, World, WorldMessage } from './types.ts';

const small = { people: 14, directChats: 10, groups: 4, communities: 1, totalMessages: 2000 };

function fingerprint(world: World): string {
  const hash = createHash('sha256');
  for (const row of world.truth()) hash.update(JSON.stringify(row));
  for (const chat of world.chats.values()) hash.update(JSON.stringify(chat));
  for (const group of world.groups.values()) hash.update(JSON.stringify(group));
  for (const person of world.people.values()) hash.update(JSON.stringify(person));
  return hash.digest('hex');
}

const messages = function* (world: World): Generator<WorldMessage> {
  for (const chat of world.chats.values()) yield* world.messagesOf(chat);
};

describe('a world', () => {
  test('is the same for the same seed and another one for another', () => {
    expect(fingerprint(namedWorld('crowd', small))).toBe(fingerprint(namedWorld('crowd', small)));
    expect(fingerprint(namedWorld('crowd', { ...small, seed: 8 }))).not.toBe(fingerprint(namedWorld('crowd', small)));
  });

  test('does not depend on the order in which it is read', () => {
    const forwards = namedWorld('crowd', small);
    const backwards = namedWorld('crowd', small);
    for (const chat of [...backwards.chats.values()].reverse()) backwards.messagesOf(chat).range(0, 30);
    expect(fingerprint(backwards)).toBe(fingerprint(forwards));
  });

  test.each([
    ['crowd' as const, 20_000 + 20 + 4 * 60],
    ['demo' as const, 24_000 + 12 + 3 * 60],
    ['empty' as const, 0],
  ])('%s has exactly the messages it says', (name, expected) => {
    const world = namedWorld(name);
    expect(world.counts().messages).toBe(expected);
    expect([...world.truth()]).toHaveLength(expected);
  });

  test('can give every chat the same number of messages', () => {
    const world = namedWorld('crowd', { ...small, messagesPerChat: 33 });
    const talking = [...world.chats.values()].filter((chat) => ['direct', 'group', 'announcement'].includes(chat.kind));
    expect(talking.map((chat) => world.messagesOf(chat).length)).toEqual(talking.map(() => 33));
  });

  test('of a million messages can be asked for single ones', () => {
    const world = namedWorld('crowd', { totalMessages: 1_000_000 });
    expect(world.counts().messages).toBe(1_000_000 + 20 + 4 * 60);
    const [chat] = [...world.chats.values()];
    const log = chat && world.messagesOf(chat);
    const middle = log?.at(Math.floor(log.length / 2));
    expect(middle && log?.indexOf(middle.id)).toBe(Math.floor((log?.length ?? 0) / 2));
  });

  test('ends at its base time and begins a span before', () => {
    const world = namedWorld('crowd');
    const times = [...world.truth()].map((row) => row.timestamp);
    expect(times.reduce((latest, time) => Math.max(latest, time), 0)).toBeLessThanOrEqual(DEFAULT_BASE_TIME);
    const oldest = times.reduce((earliest, time) => Math.min(earliest, time), Infinity);
    expect(DEFAULT_BASE_TIME - oldest).toBeGreaterThan(480 * 86_400);
    expect(DEFAULT_BASE_TIME - oldest).toBeLessThanOrEqual(548 * 86_400 + 86_400);
  });

  test('ids are unique within a chat, edits included', () => {
    const world = namedWorld('crowd', { ...small, totalMessages: 8000 });
    for (const chat of world.chats.values()) {
      const ids = [...world.messagesOf(chat)].flatMap((message) => [message.id, ...message.edits.map((edit) => edit.id)]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe('messages', () => {
  const world = namedWorld('crowd');
  const rows: readonly TruthRow[] = [...world.truth()];

  test('are of every kind', () => {
    const kinds = new Set(rows.map((row) => row.kind));
    const expected: MessageKind[] = ['text', 'image', 'video', 'gif', 'ptt', 'audio', 'document', 'sticker', 'location', 'contact', 'contacts', 'poll', 'event', 'system'];
    expect([...kinds].sort()).toEqual(expected.sort());
  });

  test.each<[string, (row: TruthRow) => boolean, number]>([
    ['long texts', (row) => row.text.length > 500, 50],
    ['replies', (row) => row.replyTo !== undefined, 800],
    ['edits', (row) => row.edited, 100],
    ['revokes', (row) => row.revoked, 80],
    ['stars', (row) => row.starred, 50],
    ['view-once pictures', (row) => row.viewOnce, 20],
    ['reactions', (row) => row.reactions.length > 0, 800],
    ['votes', (row) => row.votes.length > 0, 30],
    ['own messages', (row) => row.fromMe, 3000],
  ])('has %s', (_what, holds, atLeast) => {
    expect(rows.filter(holds).length).toBeGreaterThan(atLeast);
  });

  test.each<[string, RegExp]>([
    ['Latin with accents', /[áéñüçãß]/],
    ['Arabic', /\p{Script=Arabic}/u],
    ['Hebrew', /\p{Script=Hebrew}/u],
    ['Chinese', /\p{Script=Han}/u],
    ['Japanese', /\p{Script=Hiragana}/u],
    ['Thai', /\p{Script=Thai}/u],
    ['Hindi', /\p{Script=Devanagari}/u],
    ['emoji', /\p{Extended_Pictographic}/u],
  ])('are written in %s', (_script, pattern) => {
    expect(rows.filter((row) => pattern.test(row.text)).length).toBeGreaterThan(100);
  });

  test('replies point to an older message of the same chat', () => {
    for (const chat of world.chats.values()) {
      const log = world.messagesOf(chat);
      for (const [index, message] of [...log].entries()) {
        if (message.replyTo !== undefined) expect(log.indexOf(message.replyTo)).toBeGreaterThan(index);
      }
    }
  });

  test('nobody reacts or votes twice', () => {
    for (const row of rows) {
      expect(new Set(row.reactions.map(({ sender }) => sender)).size).toBe(row.reactions.length);
      expect(new Set(row.votes.map(({ voter }) => voter)).size).toBe(row.votes.length);
    }
  });

  test('in direct chats both sides speak and nobody else', () => {
    for (const chat of world.chats.values()) {
      if (chat.kind !== 'direct') continue;
      const senders = new Set([...world.messagesOf(chat)].map((message) => message.sender));
      expect([...senders].filter((sender) => sender !== world.owner.id && sender !== chat.person)).toEqual([]);
    }
  });

  test('only admins write where only admins may', () => {
    for (const chat of world.chats.values()) {
      const group = chat.group === undefined ? undefined : world.groups.get(chat.group);
      if (!group?.announce) continue;
      const admins = new Set(group.members.filter((member) => member.role !== 'member').map((member) => member.person));
      for (const message of world.messagesOf(chat)) expect(admins).toContain(message.sender);
    }
  });

  test('an edit changes the text, and the first version is kept', () => {
    const edited = [...messages(world)].filter((message) => message.edits.length > 0);
    for (const { content, text, edits } of edited) {
      const inner = innerContent(content ?? {});
      const first = inner.conversation ?? inner.extendedTextMessage?.text;
      expect(edits.at(-1)?.text).toBe(text);
      expect(first).not.toBe(text);
    }
  });
});

test('every file of a generated message opens with its key and has the hashes it says', () => {
  const types: Partial<Record<MessageKind, MediaType>> = { image: 'image', video: 'video', gif: 'video', ptt: 'audio', audio: 'audio', document: 'document', sticker: 'sticker' };
  const world = namedWorld('crowd', { ...small, totalMessages: 3000 });
  let seen = 0;
  for (const message of messages(world)) {
    const type = types[message.kind];
    const file = message.content && fileOf(message.content);
    if (!type || !message.content || !file) continue;
    seen += 1;
    const fields = Object.values(innerContent(message.content)).find((value): value is { fileSha256: Uint8Array; fileEncSha256: Uint8Array; fileLength: number } => typeof value === 'object' && value !== null && 'fileSha256' in value);
    const blob = world.blob(`${file.directPath}&hash=x&mms-type=image`);
    expect(blob && sha256(blob)).toEqual(fields?.fileEncSha256);
    const plain = decryptMedia(blob ?? new Uint8Array(0), file.mediaKey, type);
    expect(sha256(plain)).toEqual(fields?.fileSha256);
    expect(plain).toHaveLength(fields?.fileLength ?? -1);
  }
  expect(seen).toBeGreaterThan(200);
});

test.each(['/v/t62.7118-24/10000000_5_123456789012345_n.enc', '/v/x', '', '/etc/passwd'])('the path %j opens nothing', (path) => {
  expect(namedWorld('empty').blob(path)).toBeUndefined();
});

test('a spec with a story about nobody is refused', () => {
  expect(() => worldOf({ ...specOf('demo'), directChats: 0 })).toThrow(/A story is about/);
});
