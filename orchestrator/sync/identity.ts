/** Who is who: LID-PN pairs that records tell, and the merging of two chats that turn out to be one person's. */
import type { MappingRecord, StagedRow } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import type { MergeStatements, Parameters } from './statements.ts';

export interface Pair {
  readonly lid: string;
  readonly pn: string;
  readonly source: string;
}

const isLid = (jid: string): boolean => jid.endsWith('@lid');
const isPn = (jid: string): boolean => jid.endsWith('@s.whatsapp.net');

/** The pair that two forms of one JID are; nothing where they are not one of each. */
function pair(source: string, one: string | undefined, other: string | undefined): Pair[] {
  if (one === undefined || other === undefined) return [];
  if (isLid(one) && isPn(other)) return [{ lid: one, pn: other, source }];
  if (isPn(one) && isLid(other)) return [{ lid: other, pn: one, source }];
  return [];
}

function pairsOfPerson(source: string, person: { readonly jid: string; readonly pn?: string | undefined; readonly lid?: string | undefined }): Pair[] {
  return [...pair(source, person.pn, person.lid), ...pair(source, person.jid, person.pn), ...pair(source, person.jid, person.lid)];
}

const fromMapping = ({ lid, pn, source }: MappingRecord): Pair[] => [{ lid, pn, source }];

/** Every pair that a staged row tells, whatever it is about. */
export function pairsOf(row: StagedRow): Pair[] {
  const { message, mapping, contact, chat, group, ops } = row;
  return [
    ...(mapping ? fromMapping(mapping) : []),
    ...(contact ? pairsOfPerson('contact', contact) : []),
    ...(chat ? pairsOfPerson('chat', chat) : []),
    ...(group?.participants.flatMap((participant) => pairsOfPerson('group', participant)) ?? []),
    ...(message ? [...pair('message', message.chat, message.chat_alt), ...pair('message', message.sender, message.sender_alt)] : []),
    ...(ops?.flatMap((op) => [...pair('message', op.chat, op.chat_alt), ...pair('message', op.actor, op.actor_alt)]) ?? []),
  ];
}

/** What merging two people needs of the message rules: one home, in apply. */
export type PutMessage = (parameters: Parameters) => void;

export interface Told {
  /** ms when it was told live, 0 by history. */
  readonly at: number;
  /** Wall clock, ms. */
  readonly now: number;
  readonly putMessage: PutMessage;
}

export interface Identities {
  /**
   * Learns a pair, and merges what it shows to be one.
   * @returns canonical JIDs of people that were merged into.
   */
  map(pair: Pair, told: Told): readonly string[];
  /** The JID under which the database knows a JID. */
  readonly canonical: (jid: string) => string;
  /** Whether there is a chat with that person. */
  readonly hasChat: (jid: string) => boolean;
}

export function createIdentities(database: Database, statements: MergeStatements): Identities {
  const known = database.prepare<[string, string], { first_seen: number; last_seen: number }>('SELECT first_seen, last_seen FROM jid_map WHERE lid = ? AND pn = ?');
  const alias = database.prepare<[string], { jid: string }>('SELECT jid FROM jid_aliases WHERE alias = ?');
  const chat = database.prepare<[string], { jid: string }>('SELECT jid FROM chats WHERE jid = ?');
  const canonical = (jid: string): string => alias.get(jid)?.jid ?? jid;
  return {
    canonical,
    hasChat: (jid) => chat.get(canonical(jid)) !== undefined,
    map: ({ lid, pn, source }, { at, now, putMessage }) => {
      const before = known.get(lid, pn);
      if (before !== undefined && before.first_seen <= at && before.last_seen >= at) return [];
      statements.run('put_mapping', { lid, pn, source, at });
      const merges = statements.rows('identity_merges', { lid, pn }).map((row) => ({ from_jid: String(row['from_jid']), into_jid: String(row['into_jid']) }));
      for (const people of merges) mergeTwo({ statements, putMessage }, people, now);
      statements.run('refresh_contact', { jid: lid });
      return [...new Set(merges.map((people) => people.into_jid))];
    },
  };
}

interface MergeTools {
  readonly statements: MergeStatements;
  readonly putMessage: PutMessage;
}

function mergeTwo({ statements, putMessage }: MergeTools, people: { readonly from_jid: string; readonly into_jid: string }, now: number): void {
  statements.run('merge_identity', { ...people, now });
  for (const row of statements.rows('leftover_messages', people)) {
    putMessage(row);
    statements.run('merge_message', row);
  }
  for (const row of statements.rows('chat_fields', people)) statements.run('upsert_chat', row);
  statements.run('end_merge', people);
}
