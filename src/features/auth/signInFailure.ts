// Why a sign-in did not work, as words the screen has. Pure.

export type SignInFailure =
  | { reason: 'wrong' | 'offline' | 'blocked' | 'server' }
  /** Too many attempts: may try again after so many seconds. */
  | { reason: 'wait'; seconds: number }

interface AuthErrorLike {
  status?: number | undefined
  code?: string | undefined
  message?: string | undefined
}

// Real Supabase names no time in its answer; a minute is the window of its limit.
const DEFAULT_WAIT_S = 60

/** Reads what Auth answered. No status, or the ones a proxy gives for a dead backend, count as offline. */
export function signInFailureOf(error: AuthErrorLike): SignInFailure {
  const { status = 0, code = '', message = '' } = error
  if (status === 429) {
    const seconds = Number(/(\d+)\s*(?:s\b|sec)/i.exec(message)?.[1] ?? DEFAULT_WAIT_S)
    return { reason: 'wait', seconds: Math.min(Math.max(1, seconds), 3600) }
  }
  if (status === 0 || status === 502 || status === 503 || status === 504) return { reason: 'offline' }
  if (code === 'user_banned' || code === 'email_not_confirmed') return { reason: 'blocked' }
  if (status >= 400 && status < 500) return { reason: 'wrong' }
  return { reason: 'server' }
}
