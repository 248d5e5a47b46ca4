// Who was here last, kept in this browser so that the pages for a phone open without a network. It says what the screen
// shows, not what somebody may do: that the database decides when there is a network again.
import { SESSION_KEY } from '../../db/client'
import type { Me } from './me'

const KEY = 'safegrid.me'

/** Keeps what the server said of the person; forgotten at sign-out with everything else. */
export function keepMe(me: Me): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(me))
  } catch {
    // storage may be blocked or full; then the pages need a network
  }
}

/** Whether somebody was here and did not sign out, be their session still kept or not. */
export function wasHere(): boolean {
  try {
    return localStorage.getItem(KEY) !== null
  } catch {
    return false
  }
}

/** The person whose session this browser holds, as known at the last visit; null when it holds none. */
export function readKeptMe(): { me: Me; email: string } | null {
  try {
    const session = JSON.parse(localStorage.getItem(SESSION_KEY) ?? 'null') as {
      user?: { id?: string; email?: string }
    } | null
    const me = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Me | null
    return me && session?.user?.id === me.user_id ? { me, email: session.user.email ?? '' } : null
  } catch {
    return null
  }
}
