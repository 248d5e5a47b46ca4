import { readFileSync } from 'node:fs'
import type { Database } from './database.ts'
import { liteSchema } from './liteSchema.ts'

const read = (name: string) => readFileSync(new URL(`./platform/${name}`, import.meta.url), 'utf8')
export const rolesSql = read('1-roles.sql')
export const servicesSql = read('2-services.sql') + read('3-realtime.sql')

/** Gives an empty database what every Supabase project has: roles, extensions, auth, storage, realtime. */
export async function installPlatform(db: Database): Promise<void> {
  const lite = await liteSchema()
  // The search path that part 1 sets lasts for one connection, so each part sets it for itself.
  for (const sql of [rolesSql, lite, servicesSql]) {
    await db.transaction((session) => session.exec(`set local search_path = public, extensions;\n${sql}`))
  }
}
