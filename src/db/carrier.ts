// What the service worker needs to send what waits when every page is closed: in whose name, to whom, until when. Kept
// only while something waits; forgotten with everything else at sign-out.
import { openDB } from 'idb'
import { loadConfig, supabase } from './client'

export const CARRIER_DATABASE = 'safegrid-carrier'
export const CARRIER_STORE = 'carrier'

export interface Carrier {
  user: string
  /** The access token of the session; it is never renewed by the worker, which would end the session of the pages. */
  token: string
  /** Seconds since 1970. */
  expires_at: number
  url: string
  key: string
}

/** Keeps (or, with false, forgets) who sends. A browser that keeps nothing has no worker that could send either. */
export async function keepCarrier(wanted: boolean): Promise<void> {
  try {
    const db = await openDB(CARRIER_DATABASE, 1, { upgrade: (it) => it.createObjectStore(CARRIER_STORE) })
    const { data } = wanted ? await supabase().auth.getSession() : { data: { session: null } }
    const config = await loadConfig()
    if (data.session) {
      const carrier: Carrier = {
        user: data.session.user.id,
        token: data.session.access_token,
        expires_at: data.session.expires_at ?? 0,
        url: config.supabaseUrl,
        key: config.publishableKey,
      }
      await db.put(CARRIER_STORE, carrier, 'me')
    } else await db.delete(CARRIER_STORE, 'me')
    db.close()
  } catch {
    // then it is sent when a page is open
  }
}
