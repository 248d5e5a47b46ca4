import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'
import { migrate, readMigrations } from './migrate.ts'
import { openNative } from './native.ts'
import { installPlatform } from './platform.ts'
import { type Stage, stageHash } from './prepared.ts'
import { plantDemo } from './seed.ts'

// Any number; both builders of a template take it, so that the second waits for the first.
const templateLock = 5_434_001

/** A fresh copy of the template of a stage on the native server at `url` (a superuser). */
export async function copyTemplate(url: string, stage: Stage): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await openNative(url, { connections: 1 })
  try {
    const template = await ensureTemplate(server, url, stage)
    const name = `safegrid_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
    await server.exec(`create database ${name} template ${template}`)
    // The search path of a database is not copied with it.
    await server.exec(`alter database ${name} set search_path = "$user", public, extensions`)
    return {
      url: at(url, name),
      async drop() {
        await server.exec(`drop database if exists ${name} with (force)`)
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** The same, opened; `close` drops it. */
export async function openCopy(url: string, stage: Stage): Promise<Database> {
  const copy = await copyTemplate(url, stage)
  const db = await openNative(copy.url, { connections: 4 })
  return {
    engine: db.engine,
    version: db.version,
    query: (sql, params) => db.query(sql, params),
    exec: (sql) => db.exec(sql),
    lease: () => db.lease(),
    transaction: (work) => db.transaction(work),
    listen: (channel, hear, again) => db.listen(channel, hear, again),
    async close() {
      await db.close()
      await copy.drop()
    },
  }
}

async function ensureTemplate(server: Database, url: string, stage: Stage): Promise<string> {
  const name = `safegrid_${stage}_${stageHash(stage)}`
  await server.query('select pg_advisory_lock($1)', [templateLock])
  try {
    const { rows } = await server.query<{ done: boolean }>(
      'select datistemplate as done from pg_database where datname = $1',
      [name],
    )
    if (rows[0]?.done) return name
    if (rows[0]) await server.exec(`drop database ${name} with (force)`)
    await server.exec(`create database ${name}`)
    const db = await openNative(at(url, name), { connections: 1 })
    try {
      await installPlatform(db)
      if (stage !== 'platform') await migrate(db, readMigrations())
      if (stage === 'demo') await plantDemo(db)
    } finally {
      await db.close()
    }
    // Only a whole template carries the mark.
    await server.exec(`alter database ${name} is_template true`)
    return name
  } finally {
    await server.query('select pg_advisory_unlock($1)', [templateLock])
  }
}

function at(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}
