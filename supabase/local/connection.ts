import './liteEnvironment.ts'
import type { Connection, IntrospectResult } from '@supabase/lite'
import { PgliteConnection } from '@supabase/lite/pglite'
import { CompiledQuery, Kysely } from 'kysely'
import type { Database } from './database.ts'
import { LeaseDialect } from './dialect.ts'
import { httpError } from './httpErrors.ts'

/** Supabase's role timeouts. They bite on native PostgreSQL; PGlite cannot interrupt a running statement. */
const timeouts: Record<string, string> = { anon: '3s', authenticated: '8s', service_role: '0' }

interface RequestVars {
  auth?: { role?: string; uid?: unknown; jwt?: unknown }
  storage?: { operation?: string }
}
interface RpcRequest {
  method: string
  path: string
  requestHeaders?: Record<string, string>
}

/**
 * Lite's own PostgreSQL connection (introspection, request context, queries) is shared by its two drivers but not
 * exported; it is the class above its PGlite connection. We take it and put our database under it, so that one
 * connection serves both engines and every statement passes our lock.
 */
const PostgresConnection = Object.getPrototypeOf(PgliteConnection) as Concrete

// The class is abstract in Lite's types but whole at run time: only `driver` and `close` are left to its children.
interface Whole extends Connection<Database> {
  dialect: 'postgres'
  rlsState: 'unknown' | 'active' | 'inactive'
  introspect(options?: { useCache?: boolean }): Promise<IntrospectResult>
}
type Concrete = new (config: Record<string, unknown>) => Whole

export class LiteConnection extends PostgresConnection {
  driver: Database

  /** `readOnly`: whether requests may only read just now. */
  constructor(
    database: Database,
    private readonly readOnly: () => boolean = () => false,
  ) {
    super({ baseSchema: '' })
    this.driver = database
    this.kysely = new Kysely({ dialect: new LeaseDialect(database) })
    // 'unknown' would make the first request GRANT ALL on every schema with row security, undoing our REVOKEs.
    this.rlsState = 'active'
  }

  override async close(): Promise<void> {}

  override normalizeDbError(error: unknown): unknown {
    return httpError(error)
  }

  /** Role, claims and timeout of a request, in one statement instead of Lite's six. */
  async applyJwtSessionContext(session: Kysely<unknown>, vars: RequestVars): Promise<void> {
    const role = vars.auth?.role || 'anon'
    const claims = vars.auth?.jwt && typeof vars.auth.jwt === 'object' ? vars.auth.jwt : { role }
    await set(session, {
      'storage.operation': String(vars.storage?.operation ?? ''),
      ...connectionSettings(role, String(vars.auth?.uid ?? ''), claims, this.readOnly()),
    })
  }

  /** What PostgREST tells a function about the request, in one statement. */
  async applyRpcRequestGucs(session: Kysely<unknown>, rpc: RpcRequest): Promise<void> {
    await set(session, {
      'response.status': '',
      'response.headers': '',
      'request.method': rpc.method,
      'request.path': rpc.path,
      'request.headers': JSON.stringify(rpc.requestHeaders ?? {}),
    })
  }
}

/** Who asks and how long the answer may take, for one transaction; the role last. */
export const connectionSettings = (role: string, user: string, claims: object, readOnly: boolean) => ({
  'request.jwt.claim.sub': user,
  'request.jwt.claim.role': role,
  'request.jwt.claims': JSON.stringify(claims),
  statement_timeout: timeouts[role] ?? '3s',
  ...(readOnly ? { transaction_read_only: 'on' } : {}),
  role,
})

async function set(session: Kysely<unknown>, settings: Record<string, string>): Promise<void> {
  const entries = Object.entries(settings)
  const calls = entries.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`)
  await session.executeQuery(CompiledQuery.raw(`select ${calls.join(', ')}`, entries.flat()))
}
