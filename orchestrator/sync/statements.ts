/** The shared merge statements (bridges/contract/store/merge), prepared once for a connection. */
import { readFileSync } from 'node:fs';
import type { Database, Statement } from 'better-sqlite3';

export type SqlValue = string | number | Buffer | null;
/** By name without `@`; every parameter of the file must be there, null where absent. */
export type Parameters = Readonly<Record<string, SqlValue>>;
export type Row = Record<string, SqlValue>;

/** Files that only write, run for all their statements. */
export const writes = [
  'begin_change',
  'put_mapping',
  'refresh_contact',
  'merge_identity',
  'merge_message',
  'end_merge',
  'upsert_chat',
  'refresh_chat',
  'put_contact',
  'put_version',
  'put_collision',
  'put_op',
  'apply_ops',
  'put_event',
  'upsert_group',
  'put_participant',
  'end_participants',
  'put_chunk',
  'set_account',
  'set_media',
  'set_media_path',
] as const;

/** Files of one statement that returns rows. */
export const queries = ['upsert_message', 'identity_merges', 'leftover_messages', 'chat_fields'] as const;

export type Write = (typeof writes)[number];
export type Query = (typeof queries)[number];

export interface MergeStatements {
  run(write: Write, parameters: Parameters): void;
  /** All rows at once: what follows may change what the query reads. */
  rows(query: Query, parameters: Parameters): Row[];
  /** The first row, if any. */
  row(query: Query, parameters: Parameters): Row | undefined;
}

interface Prepared {
  readonly statement: Statement<[SqlValue[]], Row>;
  readonly names: readonly string[];
}

export function prepareMerge(database: Database): MergeStatements {
  const load = (file: Write | Query): readonly Prepared[] => splitStatements(readFile(file)).map((sql) => prepare(database, sql));
  const writers = new Map(writes.map((file) => [file, load(file)]));
  const readers = new Map(queries.map((file) => [file, load(file)]));
  const reader = (query: Query): Prepared => {
    const [first] = readers.get(query) ?? [];
    if (first === undefined) throw new Error(`merge/${query}.sql holds no statement`);
    return first;
  };
  return {
    run: (write, parameters) => {
      for (const { statement, names } of writers.get(write) ?? []) statement.run(bind(names, parameters));
    },
    rows: (query, parameters) => {
      const { statement, names } = reader(query);
      return statement.all(bind(names, parameters));
    },
    row: (query, parameters) => {
      const { statement, names } = reader(query);
      return statement.get(bind(names, parameters));
    },
  };
}

function readFile(file: Write | Query): string {
  return readFileSync(new URL(`../store/merge/${file}.sql`, import.meta.resolve('@whatsapp-mcp/contract')), 'utf8');
}

/** A statement ends with `;` at the end of a line; no other line ends so. */
export function splitStatements(text: string): string[] {
  return text.split(/;[ \t]*(?:\n|$)/).filter((part) => part.replaceAll(/--.*/g, '').trim() !== '');
}

/** Named parameters become anonymous ones, one for each use: better-sqlite3 binds an array much faster than an object. */
function prepare(database: Database, sql: string): Prepared {
  const names: string[] = [];
  const numbered = sql.replaceAll(/'(?:[^']|'')*'|--[^\n]*|@([a-z_0-9]+)/g, (token, name?: string) => {
    if (name === undefined) return token;
    names.push(name);
    return '?';
  });
  return { statement: database.prepare<[SqlValue[]], Row>(numbered), names };
}

function bind(names: readonly string[], parameters: Parameters): SqlValue[] {
  return names.map((name) => {
    const value = parameters[name];
    if (value === undefined) throw new TypeError(`a merge statement needs the parameter "${name}"`);
    return value;
  });
}
