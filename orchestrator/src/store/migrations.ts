/** The numbered files that are the schema of messages.db; whoever opens for writing brings the database up to date. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { Failure } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

const folder = new URL('../store/migrations/', import.meta.resolve('@whatsapp-mcp/contract'));

/** Details of the failures that only another version of this program, or another file, ends. */
export const versionMismatch = { reason: 'version_mismatch' } as const;

/** All of them, oldest first. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_.*\.sql$/.test(file))
    .sort()
    .map((file) => {
      const bytes = readFileSync(new URL(file, folder));
      return { version: Number(file.slice(0, 4)), name: file.replace(/\.sql$/, ''), sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') };
    });
}

/** Version of the database as it is; refuses one that is foreign, newer or differently made. Throws Failure `store_unavailable`. */
export function checkVersion(database: Database, migrations: readonly Migration[]): number {
  const version = database.pragma('user_version', { simple: true }) as number;
  const known = migrations.at(-1)?.version ?? 0;
  if (version > known) {
    throw new Failure('store_unavailable', `${database.name} has schema version ${version}; this program knows up to ${known}. Update this program ("git pull", then "make up").`, versionMismatch);
  }
  if (version === 0) refuseForeign(database);
  else refuseOtherHistory(database, migrations);
  return version;
}

function refuseForeign(database: Database): void {
  const table = database.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1").get();
  if (table === undefined) return;
  throw new Failure(
    'store_unavailable',
    `${database.name} is a database of another program (it has a table "${table.name}"). Move it away; "sync-checkpoint import lharries FILE" takes over one of lharries/whatsapp-mcp.`,
  );
}

function refuseOtherHistory(database: Database, migrations: readonly Migration[]): void {
  const applied = database.prepare<[], { version: number; checksum: string }>('SELECT version, checksum FROM schema_migrations').all();
  const other = applied.find((row) => migrations.find((migration) => migration.version === row.version)?.checksum !== row.checksum);
  if (other === undefined) return;
  throw new Failure('store_unavailable', `${database.name} was made by another build: its schema version ${other.version} differs from this program's. Use the program that made it, or move the file away.`, versionMismatch);
}

/** Applies what is missing, in one transaction; two processes that start at once do it once. */
export function migrate(database: Database, migrations: readonly Migration[], now: number): void {
  const apply = database.transaction(() => {
    const version = checkVersion(database, migrations);
    for (const migration of migrations.filter((each) => each.version > version)) {
      database.exec(migration.sql);
      const { name, checksum } = migration;
      database.prepare('INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)').run(migration.version, name, checksum, now);
      database.pragma(`user_version = ${migration.version}`);
    }
  });
  apply.immediate();
}
