import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { ltree } from '@electric-sql/pglite/contrib/ltree'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto'
import { uuid_ossp } from '@electric-sql/pglite/contrib/uuid_ossp'
import { postgis } from '@electric-sql/pglite-postgis'
import { type Database, inTransaction, type Lease, type Result, type Row, type Session } from './database.ts'
import { DatabaseError, reduced } from './errors.ts'
import { Mutex } from './mutex.ts'
import { jsonNumber, jsonTimestamp } from './types.ts'

/**
 * With more, PGlite 0.5.8 answers "0 rows" without an error and loses step with its session: every later query of the
 * process comes back empty.
 */
const mostParameters = 32_767

const asText = (value: string) => value

/** Dates stay the text PostgreSQL wrote, numbers become JSON numbers: what PostgREST sends. */
const parsers = {
  20: jsonNumber,
  1700: jsonNumber,
  1082: asText,
  1083: asText,
  1114: jsonTimestamp,
  1184: jsonTimestamp,
  1266: asText,
}

export interface PgliteDatabase extends Database {
  readonly engine: 'pglite'
  /** The whole data directory as a gzip tarball, for `loadDataDir`. */
  dump(): Promise<Blob>
}

/**
 * Opens PGlite with PostGIS and ltree, on a directory or (without one) in memory.
 * `from` is a tarball made by `dump`, unpacked into an empty directory first.
 * The caller holds the directory lock: PGlite itself does not refuse a second opener, and two destroy the data.
 */
export async function openPglite(dataDir?: string, from?: Blob): Promise<PgliteDatabase> {
  if (dataDir && !existsSync(dataDir)) mkdirSync(dirname(dataDir), { recursive: true })
  const pg = await PGlite.create({
    ...(dataDir ? { dataDir } : {}),
    ...(from ? { loadDataDir: from } : {}),
    extensions: { postgis, ltree, pgcrypto, uuid_ossp, pg_trgm, btree_gist },
    parsers,
  })
  // PGlite sets its own search path at start; a Supabase project's has the extensions in it.
  await pg.exec('set search_path = "$user", public, extensions')
  return new Embedded(pg, await versionOf(pg))
}

async function versionOf(pg: PGlite): Promise<string> {
  const { rows } = await pg.query<{ v: string }>(`select current_setting('server_version') as v`)
  return `PGlite (PostgreSQL ${rows[0]?.v ?? '?'})`
}

class Embedded implements PgliteDatabase {
  readonly engine = 'pglite' as const
  private readonly mutex = new Mutex()
  private closed = false

  constructor(
    private readonly pg: PGlite,
    readonly version: string,
  ) {}

  async lease(): Promise<Lease> {
    const release = await this.mutex.acquire()
    if (this.closed) {
      release()
      throw new Error('the database is closed')
    }
    return { query: this.run, exec: this.runAll, release }
  }

  async query<T = Row>(sql: string, params?: unknown[]): Promise<Result<T>> {
    const lease = await this.lease()
    try {
      return await lease.query<T>(sql, params)
    } finally {
      lease.release()
    }
  }

  async exec(sql: string): Promise<void> {
    const lease = await this.lease()
    try {
      await lease.exec(sql)
    } finally {
      lease.release()
    }
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return inTransaction(await this.lease(), work)
  }

  async listen(channel: string, hear: (words: string) => void): Promise<() => void> {
    const release = await this.mutex.acquire()
    try {
      const stop = await this.pg.listen(channel, hear)
      return () => {
        void this.mutex.acquire().then(async (free) => {
          if (!this.closed) await stop().catch(() => undefined)
          free()
        })
      }
    } finally {
      release()
    }
  }

  async dump(): Promise<Blob> {
    const release = await this.mutex.acquire()
    try {
      return await this.pg.dumpDataDir('gzip')
    } finally {
      release()
    }
  }

  /** Waits for the statement or transaction that is running, then writes everything out. */
  async close(): Promise<void> {
    const release = await this.mutex.acquire()
    try {
      if (!this.closed) {
        this.closed = true
        await this.pg.close()
      }
    } finally {
      release()
    }
  }

  private readonly run = async <T>(sql: string, params?: unknown[]): Promise<Result<T>> => {
    if (params && params.length > mostParameters) {
      throw new DatabaseError({ code: '54000', message: `more than ${mostParameters} values in one statement` })
    }
    try {
      const result = await this.pg.query<T>(sql, params)
      return { rows: result.rows, affected: result.affectedRows }
    } catch (error) {
      throw reduced(error)
    }
  }

  private readonly runAll = async (sql: string): Promise<void> => {
    try {
      await this.pg.exec(sql)
    } catch (error) {
      throw reduced(error)
    }
  }
}
