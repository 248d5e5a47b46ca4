import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import WebSocket from 'ws'
import { createAccount } from '../../supabase/local/accounts.ts'
import type { Database } from '../../supabase/local/database.ts'
import { readOptions } from '../../supabase/local/options.ts'
import { type ForTests, start } from '../../supabase/local/start.ts'
import { openEmbedded } from '../../supabase/local/testing.ts'
import { nativeCopy } from './native.ts'

export const password = 'safegrid-test'

export interface TestServer {
  url: string
  data: string
  publishableKey: string
  secretKey: string
  database: Database
  /** An unmodified supabase-js with the publishable (or another) key, nobody signed in. */
  client(key?: string): SupabaseClient
  /** The same, signed in as a new user. */
  user(email: string): Promise<{ client: SupabaseClient; id: string }>
  close(): Promise<void>
}

/**
 * The real server on a free port with an empty, migrated database: native when the environment names one, else embedded
 * and in memory (in its directory it is opened by start, kill and feed, and by every journey).
 */
export async function startTestServer(sql = '', more: ForTests = {}): Promise<TestServer> {
  const data = mkdtempSync(join(tmpdir(), 'safegrid-test-'))
  const native = await nativeCopy()
  const database = native ? undefined : await openEmbedded()
  const flags = [
    '--port',
    '0',
    '--data',
    data,
    '--empty',
    '--api-only',
    ...(native ? ['--database-url', native.url] : []),
  ]
  // What a test adds to the schema must be there before Lite reads the catalogue.
  const running = await start({ ...readOptions(flags, {}), prelude: sql, ...(database ? { database } : {}), ...more })
  const config = (await (await fetch(`${running.url}/config.json`)).json()) as { publishableKey: string }
  const client = (key = config.publishableKey) =>
    createClient(running.url, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: WebSocket as never },
    })
  return {
    url: running.url,
    data,
    publishableKey: config.publishableKey,
    secretKey: running.secretKey,
    database: running.database,
    client,
    async user(email) {
      const id = await createAccount(running.database, { email, password })
      const signedIn = client()
      const { error } = await signedIn.auth.signInWithPassword({ email, password })
      if (error) throw error
      return { client: signedIn, id }
    },
    async close() {
      await running.close()
      await native?.drop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
