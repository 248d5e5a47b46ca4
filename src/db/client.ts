import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database } from './schema'

/** The coordinate systems a basemap may be drawn in; src/geo converts on the way to the screen. */
type BasemapCrs = 'WGS84' | 'CGCS2000' | 'GCJ-02' | 'BD-09'

/** Which ground the map stands on. `demo` also marks a deployment that holds the demo county. */
type BasemapConfig =
  | { kind: 'demo' }
  | { kind: 'plain' }
  | { kind: 'tianditu'; key: string; style: 'vec' | 'img' }
  | {
      kind: 'raster' | 'vector' | 'pmtiles'
      url: string
      crs: BasemapCrs
      attribution: string
      minzoom?: number
      maxzoom?: number
      glyphs?: string
    }

/** What `/config.json` says: where the backend is and what the ground looks like. Holds nothing secret. */
export interface AppConfig {
  supabaseUrl: string
  publishableKey: string
  basemap: BasemapConfig
}

/** The key under which supabase-js keeps the session in localStorage. */
export const SESSION_KEY = 'safegrid'

let pending: Promise<AppConfig> | undefined
let client: SupabaseClient<Database> | undefined

/**
 * Reads `/config.json` once and opens the client. A failed read is not remembered, so that "retry" can succeed.
 * @throws Error when the server cannot be reached or its answer is not a configuration.
 */
export function loadConfig(): Promise<AppConfig> {
  pending ??= readConfig().catch((cause: unknown) => {
    pending = undefined
    throw cause
  })
  return pending
}

async function readConfig(): Promise<AppConfig> {
  const response = await fetch('/config.json', { credentials: 'same-origin' })
  if (!response.ok) throw new Error(`config.json: HTTP ${response.status}`)
  const config = (await response.json()) as AppConfig
  if (!config.publishableKey) throw new Error('config.json: publishableKey is missing')
  // An empty address means "the server this page came from", so that a proxy or another port needs no new file.
  config.supabaseUrl = new URL(config.supabaseUrl || '/', location.origin).href.replace(/\/$/, '')
  config.basemap ??= { kind: 'plain' }
  client ??= open(config)
  return config
}

// No socket is opened here: supabase-js connects Realtime only when the first channel subscribes.
function open(config: AppConfig): SupabaseClient<Database> {
  return createClient<Database>(config.supabaseUrl, config.publishableKey, {
    auth: { persistSession: true, autoRefreshToken: true, detectSessionInUrl: false, storageKey: SESSION_KEY },
  })
}

/** The one client of the page. Call after `loadConfig()` resolved (main.ts waits for it before any screen is shown). */
export function supabase(): SupabaseClient<Database> {
  if (!client) throw new Error('supabase() was called before loadConfig() resolved')
  return client
}

/** Whether the backend answers at all, a refusal included. */
export async function askBackend(): Promise<boolean> {
  try {
    const { supabaseUrl, publishableKey } = await loadConfig()
    const answer = await fetch(`${supabaseUrl}/auth/v1/health`, {
      headers: { apikey: publishableKey },
      cache: 'no-store',
    })
    return answer.status < 502
  } catch {
    return false
  }
}

export type { AuthChangeEvent, Session } from '@supabase/supabase-js'
