import { randomUUID } from 'node:crypto'
import { createAccount } from './accounts.ts'
import type { Database, Result, Row, Session } from './database.ts'
import { openPglite } from './pglite.ts'
import { prepared } from './prepared.ts'

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
  const db = url
    ? await (await import('./nativeTemplate.ts')).openCopy(url, stage)
    : await openPglite(undefined, await prepared(stage))
  return wrap(db)
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
