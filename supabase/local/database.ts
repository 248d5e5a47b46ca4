/** What a query gives back; `affected` counts rows written, when the engine says so. */
// biome-ignore lint/suspicious/noExplicitAny: a row has the shape its SQL gives it; callers name it
export type Row = Record<string, any>
export interface Result<T = Row> {
  rows: T[]
  affected?: number
}

/** Something one can send SQL to, as one role, in order. */
export interface Session {
  /** One statement with `$1…` parameters. */
  query<T = Row>(sql: string, params?: unknown[]): Promise<Result<T>>
  /** Many statements, no parameters, no rows. */
  exec(sql: string): Promise<void>
}

/** A connection that stays one's own until `release`; nobody else's statement runs in between on it. */
export interface Lease extends Session {
  release(): void
}

/** One open database, embedded (PGlite) or native. All work of this process goes through one of these. */
export interface Database extends Session {
  readonly engine: 'pglite' | 'postgres'
  /** Version words for people, e.g. "PostgreSQL 18.3 · PostGIS 3.6". */
  readonly version: string
  lease(): Promise<Lease>
  /** Runs `work` between BEGIN and COMMIT; ROLLBACK when it throws. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>
  /**
   * Hears what NOTIFY says on a channel, after the commit. `again`: the line was cut and is there again, and what was
   * said meanwhile is lost. Gives back how to stop.
   */
  listen(channel: string, hear: (words: string) => void, again: () => void): Promise<() => void>
  close(): Promise<void>
}

/** BEGIN … COMMIT on a lease, ROLLBACK when `work` throws; the lease is always given back. */
export async function inTransaction<T>(lease: Lease, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    await lease.exec('begin')
    try {
      const value = await work(lease)
      await lease.exec('commit')
      return value
    } catch (error) {
      await lease.exec('rollback').catch(() => undefined)
      throw error
    }
  } finally {
    lease.release()
  }
}
