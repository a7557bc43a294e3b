/** A small world of facts, each told in many ways: as PN or LID, live or by history, whole or in part. For property tests. */
import type { ContactRecord, MessageRecord, OpRecord, StagedRow } from '@whatsapp-mcp/contract';
import * as fc from 'fast-check';

export const NOW = 1_800_000_000_000;
const START = 1_700_000_000_000;

const pn = (digits: string): string => `${digits}@s.whatsapp.net`;
const lid = (digits: string): string => `${digits}@lid`;

interface Person {
  readonly lid: string;
  /** Numbers in the order in which the person had them. */
  readonly numbers: readonly string[];
}

export const me: Person = { lid: lid('9000'), numbers: [pn('15550000')] };
const people: readonly Person[] = [
  { lid: lid('9001'), numbers: [pn('15550001')] },
  { lid: lid('9002'), numbers: [pn('15550002')] },
  // Never resolved.
  { lid: lid('9003'), numbers: [] },
  // Changed the number.
  { lid: lid('9004'), numbers: [pn('15550009'), pn('15550004')] },
];
const GROUP = '120363000000000001@g.us';

/** Every pair there is to learn; a test that tells them all ends with everybody resolved who can be. */
export const mappings: readonly StagedRow[] = [me, ...people].flatMap((person) =>
  person.numbers.map((number, index) => live(1_000 * (index + 1), { mapping: { lid: person.lid, pn: number, source: 'test' } })),
);

function live(receivedAt: number, row: Partial<StagedRow>): StagedRow {
  return { seq: 1, chunk_id: 1, sync_type: 'LIVE', received_at: receivedAt, ...row };
}

function told(isLive: boolean, receivedAt: number, row: Partial<StagedRow>): StagedRow {
  return { seq: 1, chunk_id: 1, sync_type: isLive ? 'LIVE' : 'RECENT', received_at: receivedAt, ...row };
}

const formsOf = (person: Person): readonly string[] => [person.lid, ...person.numbers];
const form = (person: Person, pick: number): string => formsOf(person)[pick % formsOf(person).length] ?? person.lid;
/** The other kind of name, only where the message has one of a time: the number of then. */
const alt = (person: Person, one: string): string | undefined => (one === person.lid ? person.numbers[0] : person.lid);

/** What is true of message k, whoever tells it. */
function truth(k: number) {
  const index = k % (people.length + 1);
  const partner = people[index];
  const author = partner === undefined ? ([me, ...people][(k * 7) % (people.length + 1)] ?? me) : k % 3 === 0 ? me : partner;
  return { id: `MSG${k}`, partner, author, timestamp: START + k * 1_000 };
}

const MESSAGES = 20;
const editText = (k: number, edit: number): string => `text ${k} edit ${edit}`;
const editTime = (k: number, edit: number): number => START + k * 1_000 + edit * 10;

/** Told rather than derived, so that shrinking drops one thing at a time. */
const telling = fc.record({
  k: fc.nat(MESSAGES - 1),
  isLive: fc.boolean(),
  chatForm: fc.nat(2),
  senderForm: fc.nat(2),
  withAlt: fc.boolean(),
  placeholder: fc.constantFrom(undefined, undefined, undefined, 'undecryptable', 'unknown'),
  edit: fc.constantFrom(0, 0, 0, 1, 2),
  revoked: fc.boolean(),
  starred: fc.boolean(),
  late: fc.constantFrom(0, 0, 5_000),
  variant: fc.nat(2),
  fields: fc.subarray(['push_name', 'status', 'media', 'quoted', 'secret', 'payload', 'raw', 'sender', 'sender_raw']),
});

type Telling = typeof telling extends fc.Arbitrary<infer T> ? T : never;

export const messageRow: fc.Arbitrary<StagedRow> = telling.map((t) => told(t.isLive, t.isLive ? truth(t.k).timestamp : 0, { message: messageRecord(t) }));

function messageRecord(t: Telling): MessageRecord {
  const { id, partner, author, timestamp } = truth(t.k);
  const chat = partner === undefined ? GROUP : form(partner, t.chatForm);
  const sender = form(author, t.senderForm);
  const chatAlt = partner === undefined ? undefined : alt(partner, chat);
  const senderAlt = alt(author, sender);
  return {
    id,
    chat,
    from_me: author === me,
    timestamp: timestamp + t.late,
    ...(partner === undefined || t.fields.includes('sender') ? { sender } : {}),
    ...(t.withAlt && chatAlt !== undefined && { chat_alt: chatAlt }),
    ...(t.withAlt && senderAlt !== undefined && { sender_alt: senderAlt }),
    ...(t.revoked && { revoked: true }),
    ...(t.starred && { starred: true }),
    ...content(t),
  };
}

function content(t: Telling): Pick<MessageRecord, 'kind'> & Partial<MessageRecord> {
  if (t.placeholder !== undefined) return { kind: t.placeholder };
  const has = (field: Telling['fields'][number]): boolean => t.fields.includes(field);
  return {
    kind: 'image',
    text: t.edit === 0 ? `text ${t.k}` : editText(t.k, t.edit),
    ...(t.edit > 0 && { edited_at: editTime(t.k, t.edit) }),
    ...(has('push_name') && { push_name: `name ${t.variant}` }),
    ...(has('status') && { status: t.variant + 2 }),
    ...(has('media') && { media: { kind: 'image' as const, direct_path: `/v/${t.variant}?a=1`, media_key: 'AAEC', file_length: 3 } }),
    ...(has('quoted') && { quoted_id: 'Q1', quoted_text: 'quoted' }),
    ...(has('secret') && { message_secret: 'c2VjcmV0' }),
    ...(has('payload') && { payload: '{"poll":1}' }),
    ...(has('raw') && { raw: 'cmF3' }),
    ...(has('sender_raw') && { sender_raw: `15550001:${t.variant}@s.whatsapp.net`, addressing_mode: 'pn' as const }),
  };
}

const operation = fc.record({
  k: fc.nat(MESSAGES - 1),
  type: fc.constantFrom('edit', 'revoke', 'reaction', 'reaction', 'poll_vote', 'pin', 'unpin', 'star', 'unstar', 'delete_for_me', 'receipt'),
  by: fc.nat(people.length),
  chatForm: fc.nat(2),
  actorForm: fc.nat(2),
  withAlt: fc.boolean(),
  time: fc.nat(3),
});

/** Edits and revokes are the author's; one in five edits is somebody else's and must change nothing. */
export const opRow: fc.Arbitrary<StagedRow> = fc.tuple(operation, fc.boolean(), fc.nat(4)).map(([o, isLive, honesty]) => {
  const { id, partner, author, timestamp } = truth(o.k);
  const chosen = [me, ...people][o.by] ?? me;
  const authored = o.type === 'revoke' || (o.type === 'edit' && honesty > 0);
  const own = o.type === 'star' || o.type === 'unstar' || o.type === 'delete_for_me';
  const inChat = partner === undefined || chosen === me ? chosen : partner;
  const actor = authored ? author : own ? me : inChat;
  const actorJid = form(actor, o.actorForm);
  const actorAlt = alt(actor, actorJid);
  const edit = 1 + (o.time % 2);
  const op: OpRecord = {
    type: o.type,
    op_id: `${o.type} ${o.k} ${[me, ...people].indexOf(actor)} ${o.time}`,
    chat: partner === undefined ? GROUP : form(partner, o.chatForm),
    target_id: id,
    from_me: actor === me,
    actor: actorJid,
    ...(o.withAlt && actorAlt !== undefined && { actor_alt: actorAlt }),
    timestamp: o.type === 'edit' ? editTime(o.k, edit) : timestamp + o.time,
    ...(o.type === 'edit' && { text: actor === author ? editText(o.k, edit) : 'forged' }),
    ...(o.type === 'reaction' && { text: ['👍', '', '❤️', '😂'][o.time] ?? '' }),
    ...(o.type === 'poll_vote' && { payload: JSON.stringify({ hashes: [`${o.time}`] }) }),
    ...(o.type === 'receipt' && { payload: JSON.stringify({ kind: ['delivered', 'read', 'played'][o.time % 3] }) }),
  };
  return told(isLive, timestamp, { ops: [op] });
});

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const present = <T extends object>(record: T): T => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

export const chatRow: fc.Arbitrary<StagedRow> = fc
  .record({
    who: fc.nat(people.length - 1),
    chatForm: fc.nat(2),
    name: optional(fc.constantFrom('Ann', 'Bob')),
    last_message_at: optional(fc.nat(MESSAGES).map((k) => START + k * 1_000)),
    unread_count: optional(fc.nat(5)),
    marked_unread: optional(fc.boolean()),
    archived: optional(fc.boolean()),
    pinned_at: optional(fc.nat(3)),
    muted_until: optional(fc.integer({ min: -1, max: 3 })),
    ephemeral_seconds: optional(fc.nat(3)),
    end_of_history: optional(fc.nat(3)),
    observed_at: optional(fc.nat(MESSAGES).map((k) => START + k * 1_000)),
  })
  .map(({ who, chatForm, ...rest }) => {
    const jid = form(people[who] ?? me, chatForm);
    return told(rest.observed_at !== undefined, rest.observed_at ?? 0, { chat: present({ jid, ...rest }) });
  });

export const contactRow: fc.Arbitrary<StagedRow> = fc
  .record({ who: fc.nat(people.length - 1), jidForm: fc.nat(2), withPair: fc.boolean(), full_name: optional(fc.constantFrom('Ann Lee', 'Anna Lee')), push_name: optional(fc.constantFrom('ann', '-')), at: fc.nat(3) })
  .map(({ who, jidForm, withPair, at, ...names }) => {
    const person = people[who] ?? me;
    const number = person.numbers[0];
    const contact = present({ jid: form(person, jidForm), ...(withPair && { lid: person.lid, pn: number }), ...names }) as ContactRecord;
    return told(at > 0, 500 * at, { contact });
  });

export const eventRow: fc.Arbitrary<StagedRow> = fc
  .record({ who: fc.nat(people.length - 1), actorForm: fc.nat(2), known: fc.boolean(), withId: fc.boolean(), second: fc.nat(1), ms: fc.nat(1) })
  .map(({ who, actorForm, known, withId, second, ms }) =>
    told(true, 0, {
      event: {
        chat: GROUP,
        type: 'group_participant_leave',
        timestamp: START + 60_000 * who + second * 1_000 + ms,
        parameters: [],
        ...(known && { actor: form(people[who] ?? me, actorForm) }),
        ...(withId && { id: `EV${who}${second}` }),
      },
    }),
  );

/** Anything that a page can hold. */
export const anyRow: fc.Arbitrary<StagedRow> = fc.oneof(
  { weight: 6, arbitrary: messageRow },
  { weight: 5, arbitrary: opRow },
  { weight: 2, arbitrary: chatRow },
  { weight: 1, arbitrary: contactRow },
  { weight: 1, arbitrary: eventRow },
  { weight: 2, arbitrary: fc.constantFrom(...mappings) },
);
