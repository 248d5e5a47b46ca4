import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createAccount } from './accounts.ts'
import type { Database, Session } from './database.ts'
import { hashOf } from './migrate.ts'

const folder = fileURLToPath(new URL('../seed/', import.meta.url))

/** What a seed may use; supabase/seed/index.ts exports `seedDemo(db, accounts)`. */
interface Accounts {
  create(email: string, password: string, id: string): Promise<void>
}
type SeedDemo = (db: Session, accounts: Accounts) => Promise<void>

/** Is there a demo county in this copy of the program? */
export const hasDemo = (): boolean => existsSync(join(folder, 'index.ts'))

/** Hash of every file that the demo county is made from, and of the day (UTC+8): its three years end today. */
export function demoHash(): string {
  const files = (readdirSync(folder, { recursive: true, withFileTypes: true }) ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  return hashOf(day, ...files.flatMap((file) => [file.slice(folder.length), readFileSync(file, 'latin1')]))
}

/** Writes the demo county into an empty, migrated database: all or nothing. */
export async function plantDemo(db: Database): Promise<void> {
  const seed = (await import(pathToFileURL(join(folder, 'index.ts')).href)) as { seedDemo: SeedDemo }
  await db.transaction(async (session) => {
    await seed.seedDemo(session, {
      create: async (email, password, id) => void (await createAccount(session, { email, password, id })),
    })
    // Nobody was there to hear that the county was made.
    await session.exec('delete from public.change_log; delete from realtime.messages')
  })
  // Fresh tables have no statistics; without them the first queries choose their plans blindly.
  await db.exec('analyze')
}
