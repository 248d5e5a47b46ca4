import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Database } from './database.ts'
import { CannotStart, DatabaseError } from './errors.ts'

/** One file of supabase/migrations, e.g. `20261101000000_grids.sql`. */
export interface Migration {
  version: string
  name: string
  file: string
  sql: string
}

const folder = fileURLToPath(new URL('../migrations/', import.meta.url))

/** All migrations in the order in which they apply. */
export function readMigrations(from = folder): Migration[] {
  return readdirSync(from)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const [, version = file, name = ''] = /^(\d+)_(.*)\.sql$/.exec(file) ?? []
      return { version, name, file, sql: readFileSync(`${from}${from.endsWith('/') ? '' : '/'}${file}`, 'utf8') }
    })
}

/** Short hash of any texts, for names of prepared databases. */
export function hashOf(...texts: string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text).update('\0')
  return hash.digest('hex').slice(0, 16)
}

// The table is the one the Supabase CLI keeps, so `supabase migration list` reads it; `hash` is ours.
const ledger = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
  alter table supabase_migrations.schema_migrations add column if not exists hash text;
`

/**
 * Applies what is not applied yet, each file in one transaction, and records it.
 * Returns how many were applied. A migration whose text changed after it was applied is a reason not to start:
 * nobody can tell whether this data still fits.
 */
export async function migrate(db: Database, migrations: Migration[]): Promise<number> {
  await db.exec(ledger)
  const { rows } = await db.query<{ version: string; hash: string | null }>(
    'select version, hash from supabase_migrations.schema_migrations',
  )
  const done = new Map(rows.map((row) => [row.version, row.hash]))
  const changed = migrations.filter((m) => done.get(m.version) && done.get(m.version) !== hashOf(m.sql))
  const known = new Set(migrations.map((m) => m.version))
  const unknown = rows.filter((row) => !known.has(row.version))
  if (changed.length > 0 || unknown.length > 0) {
    const names = [...changed.map((m) => m.file), ...unknown.map((row) => row.version)].join(', ')
    throw new CannotStart(
      `数据是用另一版本的迁移建立的（${names}）。要清空重建请加 --reset；要保留数据请换回当时的程序版本，或用 --data 指定另一目录。\n` +
        `The data was made with other migrations (${names}). Start with --reset to empty it, or keep it with the program version that made it.`,
    )
  }
  const due = migrations.filter((m) => !done.has(m.version))
  for (const migration of due) await apply(db, migration)
  return due.length
}

async function apply(db: Database, migration: Migration): Promise<void> {
  try {
    await db.transaction(async (session) => {
      await session.exec(migration.sql)
      await session.query(
        'insert into supabase_migrations.schema_migrations (version, name, statements, hash) values ($1, $2, array[$3], $4)',
        [migration.version, migration.name, migration.sql, hashOf(migration.sql)],
      )
    })
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const line = error.position ? `:${migration.sql.slice(0, error.position).split('\n').length}` : ''
    const more = [error.detail, error.hint, error.where].filter(Boolean).join('\n')
    throw new CannotStart(`${migration.file}${line}: ${error.code} ${error.message}${more ? `\n${more}` : ''}`)
  }
}
