/** Why nobody was signed in. `wait` carries the seconds until the next attempt is heard. */
export type SignInFailure =
  | { reason: 'wrong' | 'unconfirmed' | 'banned' | 'offline' | 'server' }
  | { reason: 'wait'; seconds: number }

export type SignInAnswer = { ok: true } | { ok: false; failure: SignInFailure }

/** The parts of supabase-js's AuthError that are looked at. */
export interface RawAuthError {
  name?: string
  status?: number
  code?: string
  message?: string
}

const DEFAULT_WAIT = 30
const LONGEST_WAIT = 3600

/** Turns a refusal of Auth into a reason. supabase-js hides the Retry-After header, so the wait is read from the words. */
export function signInFailure(error: RawAuthError): SignInFailure {
  const { status = 0, code, message = '' } = error
  if (status === 429 || code === 'over_request_rate_limit') return { reason: 'wait', seconds: waitIn(message) }
  if (code === 'email_not_confirmed') return { reason: 'unconfirmed' }
  if (code === 'user_banned') return { reason: 'banned' }
  if (status === 0 || (error.name === 'AuthRetryableFetchError' && [502, 503, 504].includes(status)))
    return { reason: 'offline' }
  return { reason: status === 400 || status === 401 || status === 403 || status === 422 ? 'wrong' : 'server' }
}

/** Seconds named in words such as "try again in 20 s" or "after 43 seconds"; a guess when there are none. */
export function waitIn(message: string): number {
  const named = /(\d+)\s*s(?:ec(?:ond)?s?)?\b/i.exec(message)
  const seconds = named ? Number(named[1]) : DEFAULT_WAIT
  return Math.min(LONGEST_WAIT, Math.max(1, seconds))
}
