import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keys } from '../keys.ts'

/** Who is at the other end of a channel, as a token or a key says it. */
export interface Bearer {
  role: 'anon' | 'authenticated' | 'service_role'
  claims: Record<string, unknown>
  /** uuid of the person; empty without one. */
  user: string
  session: string
  /** Milliseconds since 1970; Infinity for a key. */
  expires: number
}

const keyHolder = (role: 'anon' | 'service_role'): Bearer => ({
  role,
  claims: { role },
  user: '',
  session: '',
  expires: Number.POSITIVE_INFINITY,
})

/** Whoever holds one of the installation's two keys; undefined for any other word. */
export function bearerOfKey(key: string, keys: Keys): Bearer | undefined {
  if (same(key, keys.publishable)) return keyHolder('anon')
  if (same(key, keys.secret)) return keyHolder('service_role')
  return undefined
}

/** Reads a user's token (JWT, HS256, ours); undefined when it is not ours. Expiry is the caller's question. */
export function bearerOfToken(token: string, keys: Keys): Bearer | undefined {
  const [head = '', body = '', signature = '', ...rest] = token.split('.')
  if (rest.length > 0 || json(head)?.alg !== 'HS256') return undefined
  const expected = createHmac('sha256', keys.jwtSecret).update(`${head}.${body}`).digest('base64url')
  const claims = same(signature, expected) ? json(body) : undefined
  if (claims?.role !== 'authenticated' || typeof claims.exp !== 'number') return undefined
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    role: 'authenticated',
    claims,
    user: text(claims.sub),
    session: text(claims.session_id),
    expires: claims.exp * 1000,
  }
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}

function json(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
