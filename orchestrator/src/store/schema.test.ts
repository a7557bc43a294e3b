import { getTableColumns, getViewSelectedFields, is } from 'drizzle-orm';
import { getTableConfig, SQLiteColumn, SQLiteTable, SQLiteView } from 'drizzle-orm/sqlite-core';
import { getViewConfig } from 'drizzle-orm/sqlite-core';
import { afterAll, expect, test } from 'vitest';
import * as schema from './schema.ts';
import { SampleStore } from './testing/sample-store.ts';

const store = new SampleStore();
afterAll(() => store[Symbol.dispose]());

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly key: boolean;
}

const described = Object.values(schema).filter((one) => is(one, SQLiteTable));
const views = Object.values(schema).filter((one) => is(one, SQLiteView));

function namesInDatabase(type: 'table' | 'view', pattern: string): string[] {
  const names = store.database.prepare('SELECT name FROM sqlite_master WHERE type = ? ORDER BY name').pluck().all(type) as string[];
  return names.filter((name) => !new RegExp(pattern).test(name));
}

function inDatabase(table: string): Column[] {
  const rows = store.database.pragma(`table_info(${table})`) as { name: string; type: string; notnull: number; dflt_value: string | null; pk: number }[];
  return rows.map((row) => ({ name: row.name, type: row.type, notNull: row.notnull === 1 || row.pk > 0, hasDefault: row.dflt_value !== null, key: row.pk > 0 }));
}

function inDescription(table: SQLiteTable): Column[] {
  const config = getTableConfig(table);
  const keys = new Set([...config.primaryKeys.flatMap((key) => key.columns), ...config.columns.filter((column) => column.primary)].map((column) => column.name));
  return Object.values(getTableColumns(table)).map((column) => ({
    name: column.name,
    type: column.getSQLType().toUpperCase(),
    notNull: column.notNull || keys.has(column.name),
    hasDefault: column.hasDefault && !column.primary,
    key: keys.has(column.name),
  }));
}

test('every table is described, and no other', () => {
  expect(described.map((table) => getTableConfig(table).name).sort()).toEqual(namesInDatabase('table', '^(sqlite_|message_fts)'));
});

test.each(described.map((table) => [getTableConfig(table).name, table] as const))('%s is described as it is', (name, table) => {
  expect(inDescription(table)).toEqual(inDatabase(name));
});

test.each(views.map((view) => [getViewConfig(view).name, view] as const))('the view %s has the columns described', (name, view) => {
  const fields = Object.values(getViewSelectedFields(view)).filter((field) => is(field, SQLiteColumn));
  expect(fields.map((field) => field.name)).toEqual(inDatabase(name).map((column) => column.name));
});
