import postgres from 'postgres'
import { type Database, inTransaction, type Lease, type Result, type Row, type Session } from './database.ts'
import { CannotStart, reduced } from './errors.ts'
import { jsonNumber, jsonTimestamp } from './types.ts'

const asText = (value: string) => value
const text = (oid: number, parse = asText) => ({ to: oid, from: [oid], serialize: String, parse })
// Lite hands JSON over as text already; serializing it again would make a JSON string of it.
const json = (oid: number) => ({
  to: oid,
  from: [oid],
  serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
  parse: (value: string) => JSON.parse(value) as unknown,
})

// biome-ignore lint/complexity/noBannedTypes: the driver's own word for 'no further types'
type AnySql = postgres.Sql<{}>
type Raw = (sql: string, params?: never[]) => Promise<postgres.RowList<postgres.Row[]>>

/** Connects to PostgreSQL ≥15 with PostGIS ≥3.3, or says what is lacking. */
export async function openNative(url: string, options: { connections?: number } = {}): Promise<Database> {
  const sql = postgres(url, {
    max: options.connections ?? 10,
    connect_timeout: 10,
    onnotice: () => undefined,
    // A transaction that was left open would hold the change feed back for everyone.
    connection: { TimeZone: 'UTC', application_name: 'safegrid', idle_in_transaction_session_timeout: 60_000 },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: jsonNumber },
      numeric: { to: 1700, from: [1700], serialize: String, parse: jsonNumber },
      json: json(114),
      jsonb: json(3802),
      date: text(1082),
      time: text(1083),
      timestamp: text(1114, jsonTimestamp),
      timestamptz: text(1184, jsonTimestamp),
      timetz: text(1266),
    },
  }) as unknown as AnySql
  try {
    return new Native(sql, await checked(sql))
  } catch (error) {
    await sql.end({ timeout: 1 })
    throw explained(error, url)
  }
}

async function checked(sql: AnySql): Promise<string> {
  const [server] = await sql<{ number: number; words: string; platform: boolean }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as words,
           to_regclass('auth.schema_migrations') is not null as platform`
  if (!server) throw new CannotStart('数据库没有回答 · The database does not answer')
  if (server.platform) {
    throw new CannotStart(
      '这是一个 Supabase 项目的数据库：请用 supabase db push 应用迁移，并以 config.json 指向该项目。\n' +
        'This database belongs to a Supabase project: use supabase db push and point config.json to it.',
    )
  }
  if (server.number < 150000) {
    throw new CannotStart(
      `需要 PostgreSQL 15 或更高，现为 ${server.words} · PostgreSQL 15 or newer is needed, this is ${server.words}`,
    )
  }
  const available = await sql<{ name: string; version: string }[]>`
    select name, coalesce(installed_version, default_version) as version from pg_available_extensions
     where name in ('postgis', 'ltree', 'pgcrypto', 'uuid-ossp')`
  const version = new Map(available.map((row) => [row.name, row.version]))
  const missing = ['postgis', 'ltree', 'pgcrypto', 'uuid-ossp'].filter((name) => !version.has(name))
  if (missing.length > 0) {
    throw new CannotStart(
      `缺少扩展 ${missing.join('、')}（Debian：apt install postgresql-15-postgis-3 postgresql-contrib）\n` +
        `Extensions are missing: ${missing.join(', ')}`,
    )
  }
  const [major = 0, minor = 0] = (version.get('postgis') ?? '').split('.').map(Number)
  if (major < 3 || (major === 3 && minor < 3)) {
    throw new CannotStart(`需要 PostGIS 3.3 或更高，现为 ${version.get('postgis')} · PostGIS 3.3 or newer is needed`)
  }
  return `PostgreSQL ${server.words} · PostGIS ${version.get('postgis')}`
}

function explained(error: unknown, url: string): unknown {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException
  const where = url.replace(/\/\/[^@/]*@/, '//')
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'CONNECT_TIMEOUT' || code === 'EHOSTUNREACH') {
    return new CannotStart(`连不上数据库 ${where}（${code}） · Cannot reach the database`)
  }
  if (code?.startsWith('28')) return new CannotStart(`数据库拒绝登录：${message} · The database refuses the login`)
  if (code === '3D000') return new CannotStart(`没有这个数据库：${where} · There is no such database`)
  return reduced(error)
}

class Native implements Database {
  readonly engine = 'postgres' as const

  constructor(
    private readonly sql: AnySql,
    readonly version: string,
  ) {}

  async lease(): Promise<Lease> {
    const reserved = await this.sql.reserve()
    return { ...sessionOn(reserved), release: () => reserved.release() }
  }

  query<T = Row>(sql: string, params?: unknown[]): Promise<Result<T>> {
    return sessionOn(this.sql).query<T>(sql, params)
  }

  async exec(sql: string): Promise<void> {
    await sessionOn(this.sql).exec(sql)
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return inTransaction(await this.lease(), work)
  }

  async listen(channel: string, hear: (words: string) => void, again: () => void): Promise<() => void> {
    let before = false
    const { unlisten } = await this.sql.listen(channel, hear, () => {
      if (before) again()
      before = true
    })
    return () => void unlisten().catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.sql.end({ timeout: 5 })
  }
}

const writes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

function sessionOn(connection: AnySql): Session {
  const run = connection.unsafe.bind(connection) as unknown as Raw
  return {
    async query<T>(sql: string, params: unknown[] = []): Promise<Result<T>> {
      try {
        const rows = await run(sql, params as never[])
        return { rows: [...rows] as T[], ...(writes.has(rows.command) ? { affected: rows.count } : {}) }
      } catch (error) {
        throw reduced(error)
      }
    },
    async exec(sql: string): Promise<void> {
      try {
        await run(sql)
      } catch (error) {
        throw reduced(error)
      }
    },
  }
}
