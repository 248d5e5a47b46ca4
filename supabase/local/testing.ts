import { randomUUID } from 'node:crypto'
import { createAccount } from './accounts.ts'
import type { Database, Result, Row, Session } from './database.ts'
import { openPglite } from './pglite.ts'
import { prepared, stageHash } from './prepared.ts'
import { type Imprint, imprintOf, wash } from './washing.ts'

/** Who asks: a user's uuid, or one of the two roles without a user. */
export type Who = string | 'anon' | 'service_role'

/** A database of its own for one test file, migrated (and with the demo county when asked). */
export interface TestDatabase extends Session {
  readonly engine: 'pglite' | 'postgres'
  /** Work as owner of everything, in one transaction. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Work as the Data API would for that person: each query is a transaction of its own. */
  asUser(who: Who): {
    query<T = Row>(sql: string, params?: unknown[]): Promise<Result<T>>
    /** Calls a function of schema public with named arguments and gives back its one value. */
    rpc<T = unknown>(name: string, args?: Record<string, unknown>): Promise<T>
    transaction<T>(work: (session: Session) => Promise<T>): Promise<T>
  }
  /** Makes a user who can sign in; gives back the uuid. */
  createUser(email: string, password?: string, id?: string): Promise<string>
  close(): Promise<void>
}

/**
 * Opens a fresh database: PGlite in memory, or, when SAFEGRID_TEST_DATABASE_URL names a native server (superuser),
 * a copy of a template there that `close` drops again.
 */
export async function openTestDatabase(options: { demo?: boolean } = {}): Promise<TestDatabase> {
  const stage = options.demo ? 'demo' : 'migrated'
  const url = process.env.SAFEGRID_TEST_DATABASE_URL
  if (url) return wrap(await (await import('./nativeTemplate.ts')).openCopy(url, stage))
  return wrap(options.demo ? await openPglite(undefined, await prepared(stage)) : await openEmbedded())
}

interface Spare {
  db: Database
  was: Imprint
  hash: string
}
const spare: Spare[] = []

/**
 * An embedded, migrated database in memory: one that a test of this process used before, emptied when it was closed,
 * or a new one.
 */
export async function openEmbedded(): Promise<Database> {
  const hash = stageHash('migrated')
  const known = spare.pop()
  if (known && known.hash !== hash) await known.db.close()
  const { db, was } =
    known?.hash === hash
      ? known
      : await openPglite(undefined, await prepared('migrated')).then(async (db) => ({ db, was: await imprintOf(db) }))
  let closed = false
  return {
    engine: db.engine,
    version: db.version,
    query: (sql, params) => db.query(sql, params),
    exec: (sql) => db.exec(sql),
    lease: () => db.lease(),
    transaction: (work) => db.transaction(work),
    listen: (channel, hear, again) => db.listen(channel, hear, again),
    async close() {
      if (closed) return
      closed = true
      if (spare.length === 0 && (await wash(db, was))) spare.push({ db, was, hash })
      else await db.close()
    },
  }
}

/** Puts a role and its claims on the transaction, as the Data API does. */
export async function become(session: Session, who: Who): Promise<void> {
  const role = who === 'anon' || who === 'service_role' ? who : 'authenticated'
  const sub = role === 'authenticated' ? who : ''
  const claims = JSON.stringify(sub ? { sub, role, aud: 'authenticated' } : { role })
  await session.query(
    `select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true),
            set_config('request.jwt.claim.role', $3, true), set_config('role', $3, true)`,
    [claims, sub, role],
  )
}

function wrap(db: Database): TestDatabase {
  return {
    engine: db.engine,
    query: (sql, params) => db.query(sql, params),
    exec: (sql) => db.exec(sql),
    transaction: (work) => db.transaction(work),
    close: () => db.close(),
    createUser: (email, password = 'safegrid-test', id = randomUUID()) => createAccount(db, { email, password, id }),
    asUser(who) {
      const transaction = <T>(work: (session: Session) => Promise<T>) =>
        db.transaction(async (session) => {
          await become(session, who)
          return work(session)
        })
      return {
        transaction,
        query: <T = Row>(sql: string, params?: unknown[]) => transaction((session) => session.query<T>(sql, params)),
        rpc: <T = unknown>(name: string, args: Record<string, unknown> = {}) =>
          transaction(async (session) => {
            const names = Object.keys(args)
            const list = names.map((key, i) => `${identifier(key)} => $${i + 1}`).join(', ')
            const { rows } = await session.query<{ value: T }>(
              `select public.${identifier(name)}(${list}) as value`,
              names.map((key) => args[key] ?? null),
            )
            return rows[0]?.value as T
          }),
      }
    },
  }
}

function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`not a name: ${name}`)
  return name
}
