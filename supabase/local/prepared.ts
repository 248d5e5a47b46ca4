import { mkdirSync, readdirSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { versionOf } from './liteSchema.ts'
import { hashOf, migrate, readMigrations } from './migrate.ts'
import { openPglite, type PgliteDatabase } from './pglite.ts'
import { installPlatform, rolesSql, servicesSql } from './platform.ts'
import { demoHash, plantDemo } from './seed.ts'

/**
 * A database made from nothing costs 15 s, loading a tarball of one 4 s. Three tarballs are kept, each made from the one
 * before: `platform` (PostGIS and Lite's schemas), `migrated`, and `demo` (with the demo county).
 * A name holds the hash of all that went in, so a changed migration or package simply misses.
 */
export type Stage = 'platform' | 'migrated' | 'demo'

const folder = fileURLToPath(new URL('../../node_modules/.cache/safegrid/', import.meta.url))
const kept = 3

/** Hash of everything a stage is made of. */
export function stageHash(stage: Stage): string {
  const packages = ['@electric-sql/pglite', '@electric-sql/pglite-postgis', '@supabase/lite']
  const platform = hashOf(rolesSql, servicesSql, ...packages.map(versionOf))
  if (stage === 'platform') return platform
  const migrated = hashOf(platform, ...readMigrations().map((m) => m.file + m.sql))
  return stage === 'migrated' ? migrated : hashOf(migrated, demoHash())
}

/** The tarball of a stage, or undefined when it was not made yet. */
export async function cached(stage: Stage): Promise<Blob | undefined> {
  const file = `${folder}${stage}-${stageHash(stage)}.tar.gz`
  try {
    const bytes = await readFile(file)
    utimesSync(file, new Date(), new Date())
    return new Blob([new Uint8Array(bytes)], { type: 'application/gzip' })
  } catch {
    return undefined
  }
}

/** The tarball of a stage, made (and kept) when it is missing. */
export async function prepared(stage: Stage, say: (step: string) => void = () => {}): Promise<Blob> {
  const have = await cached(stage)
  if (have) return have
  const hash = stageHash(stage)
  const db = stage === 'platform' ? await openPglite() : await openPglite(undefined, await prepared(before(stage), say))
  try {
    say(words[stage])
    await make(stage, db)
    await settle(stage, db)
    const blob = await db.dump()
    // a migration that was edited meanwhile is not in it: under its name it would be believed to be
    if (stageHash(stage) === hash) keep(stage, Buffer.from(await blob.arrayBuffer()))
    return blob
  } finally {
    await db.close()
  }
}

/** Brings an open database of the stage before to `stage`. */
async function make(stage: Stage, db: PgliteDatabase): Promise<void> {
  if (stage === 'platform') await installPlatform(db)
  else if (stage === 'migrated') await migrate(db, readMigrations())
  else await plantDemo(db)
}

/**
 * Nothing is left to be replayed when it is loaded, and of the log only the piece that is being written: it was more
 * than half of the bytes. Rows are marked as committed once, not by the first query of everybody who loads them.
 */
async function settle(stage: Stage, db: PgliteDatabase): Promise<void> {
  // not before there are rows: a table that was seen empty is planned for as empty
  if (stage === 'demo') await db.exec('vacuum')
  await db.exec('set wal_recycle = off; checkpoint; reset wal_recycle')
}

const before = (stage: Stage): Stage => (stage === 'demo' ? 'migrated' : 'platform')

const words: Record<Stage, string> = {
  platform: '安装 PostGIS 与基础表 · install PostGIS and the platform schemas',
  migrated: '应用迁移 · apply the migrations',
  demo: '写入演示县 · plant the demo county',
}

/** Atomic: another process may be reading or making the same file. Old ones of the stage go. */
function keep(stage: Stage, bytes: Buffer): void {
  try {
    mkdirSync(folder, { recursive: true })
    const file = `${folder}${stage}-${stageHash(stage)}.tar.gz`
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, bytes)
    renameSync(draft, file)
    const all = readdirSync(folder).filter((name) => name.startsWith(`${stage}-`) && name.endsWith('.tar.gz'))
    const byAge = all.sort((a, b) => statSync(folder + b).mtimeMs - statSync(folder + a).mtimeMs)
    for (const old of byAge.slice(kept)) unlinkSync(folder + old)
  } catch {
    // A cache that cannot be written (read-only checkout, full disk) costs time, nothing else.
  }
}
