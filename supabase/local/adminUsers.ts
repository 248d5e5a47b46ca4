import { timingSafeEqual } from 'node:crypto'
import { hash } from 'bcryptjs'
import * as v from 'valibot'
import { createAccount } from './accounts.ts'
import type { Database } from './database.ts'
import { reduced } from './errors.ts'

// bcrypt looks at 72 bytes and no further
const password = v.pipe(v.string(), v.minLength(8), v.maxBytes(72))
const email = v.pipe(v.string(), v.trim(), v.email(), v.maxLength(256))
const created = v.object({ id: v.optional(v.pipe(v.string(), v.uuid())), email, password })
const changed = v.object({ password })
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const answer = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json; charset=utf-8' } })
const refusal = (status: number, code: string, msg: string) => answer(status, { code: status, error_code: code, msg })

function isSecret(request: Request, secret: string): boolean {
  const given = Buffer.from(request.headers.get('authorization')?.replace(/^Bearer /i, '') ?? '')
  const known = Buffer.from(secret)
  return given.length === known.length && timingSafeEqual(given, known)
}

/**
 * Supabase Auth's admin calls that an office needs, with the secret key only: make an account (`POST /admin/users`
 * `{id?, email, password}`; the id of a person gives that person the account) and set a password
 * (`PUT /admin/users/<id>` `{password}`, which ends all sessions). Lite has them not.
 */
export async function adminUsers(request: Request, database: Database, secret: string): Promise<Response> {
  if (!isSecret(request, secret)) return refusal(403, 'not_admin', 'The secret key is needed')
  const id = new URL(request.url).pathname.split('/')[5]
  const body: unknown = await request.json().catch(() => null)
  if (request.method === 'POST' && !id) {
    const given = v.safeParse(created, body)
    if (!given.success) return refusal(400, 'validation_failed', words(given.issues))
    const { id: person, ...account } = given.output
    try {
      const made = await database.transaction((session) =>
        createAccount(session, { ...account, ...(person ? { id: person } : {}) }),
      )
      return answer(200, { id: made, email: account.email.toLowerCase(), aud: 'authenticated', role: 'authenticated' })
    } catch (error) {
      if ((reduced(error) as { code?: string }).code !== '23505') throw error
      return refusal(422, 'email_exists', 'This address, or this person, has an account already')
    }
  }
  if (request.method === 'PUT' && id && uuid.test(id)) {
    const given = v.safeParse(changed, body)
    if (!given.success) return refusal(400, 'validation_failed', words(given.issues))
    const hashed = await hash(given.output.password, 10)
    const found = await database.transaction(async (session) => {
      const { rows } = await session.query('update auth.users set encrypted_password = $2 where id = $1 returning id', [
        id,
        hashed,
      ])
      await session.query('delete from auth.refresh_tokens where user_id = $1', [id])
      await session.query('delete from auth.sessions where user_id = $1', [id])
      return rows.length > 0
    })
    return found ? answer(200, { id }) : refusal(404, 'user_not_found', 'User not found')
  }
  return refusal(404, 'feature_disabled', `${request.method} is not available here`)
}

const words = (issues: readonly { path?: readonly { key: unknown }[] | undefined; message: string }[]): string =>
  issues
    .map((issue) => `${issue.path?.map((step) => String(step.key)).join('.') ?? 'body'}: ${issue.message}`)
    .join('; ')
