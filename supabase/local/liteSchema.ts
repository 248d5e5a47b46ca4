import './liteEnvironment.ts'
import { readFileSync } from 'node:fs'
import type { Database } from './database.ts'

/**
 * The SQL with which Lite makes its schemas auth and storage. Lite hands it out only after `init`, and its own
 * `ensureSystemSchema` runs it statement by statement swallowing errors; we run it once, whole.
 */
export async function liteSchema(): Promise<string> {
  const [{ App }, { LiteConnection }] = await Promise.all([import('@supabase/lite'), import('./connection.ts')])
  const connection = new LiteConnection(undefined as unknown as Database)
  const app = new App({
    connection,
    auth: { enabled: true, jwt_secret: 'only the schema is read here, nobody signs in' },
    storage: { enabled: true },
    db: { migrations: { enabled: false } },
  })
  app._storageAdapter = {} as NonNullable<typeof app._storageAdapter> // being there is enough: storage counts as enabled
  await app.init()
  const sql = connection.config.baseSchema
  if (!sql?.includes('auth.users') || !sql.includes('storage.objects')) throw new Error('Lite gave no schema')
  return sql
}

/** Version of an installed package; part of the name of a prepared database. */
export function versionOf(packageName: string): string {
  const file = new URL(`../../node_modules/${packageName}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
