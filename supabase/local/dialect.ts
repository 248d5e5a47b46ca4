import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database, Lease } from './database.ts'

/**
 * Kysely on our `Database`: acquire = lease, release = release. This is what keeps the roles apart: from BEGIN to
 * COMMIT nobody else's statement reaches the session, whatever else this process does with the database.
 */
export class LeaseDialect implements Dialect {
  constructor(private readonly database: Database) {}
  createAdapter = () => new PostgresAdapter()
  createDriver = () => new LeaseDriver(this.database)
  // biome-ignore lint/suspicious/noExplicitAny: Kysely's own signature
  createIntrospector = (db: Kysely<any>) => new PostgresIntrospector(db)
  createQueryCompiler = () => new PostgresQueryCompiler()
}

class LeaseDriver implements Driver {
  constructor(private readonly database: Database) {}
  async init(): Promise<void> {}
  async destroy(): Promise<void> {}
  async acquireConnection(): Promise<LeaseConnection> {
    return new LeaseConnection(await this.database.lease())
  }
  async releaseConnection(connection: LeaseConnection): Promise<void> {
    connection.lease.release()
  }
  async beginTransaction(connection: LeaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'))
  }
  async commitTransaction(connection: LeaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }
  async rollbackTransaction(connection: LeaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }
}

class LeaseConnection implements DatabaseConnection {
  constructor(readonly lease: Lease) {}

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.lease.query<R>(query.sql, [...query.parameters])
    return {
      rows: result.rows,
      ...(result.affected === undefined ? {} : { numAffectedRows: BigInt(result.affected) }),
    }
  }

  // biome-ignore lint/correctness/useYield: neither engine is asked to stream
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streaming is not supported')
  }
}
