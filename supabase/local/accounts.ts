import { randomUUID } from 'node:crypto'
import { hash } from 'bcryptjs'
import type { Session } from './database.ts'

// The library with which Lite checks passwords, and its cost.
const rounds = 10
const hashes = new Map<string, Promise<string>>()

/** bcrypt costs 60 ms on purpose; the demo sign-ins share one password, so one hash serves them all. */
function hashOnce(password: string): Promise<string> {
  const known = hashes.get(password)
  if (known) return known
  const made = hash(password, rounds)
  hashes.set(password, made)
  return made
}

export interface NewAccount {
  email: string
  password: string
  id?: string
}

/** A confirmed user who can sign in with email and password. Public sign-up is closed, so accounts come from here. */
export async function createAccount(session: Session, account: NewAccount): Promise<string> {
  const id = account.id ?? randomUUID()
  const email = account.email.trim().toLowerCase()
  await session.query(
    `insert into auth.users (id, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
     values ($1, $2, $3, now(), '{"provider":"email","providers":["email"]}', $4)`,
    [id, email, await hashOnce(account.password), JSON.stringify({ email, email_verified: true, sub: id })],
  )
  await session.query(
    `insert into auth.identities (id, provider, provider_id, user_id, identity_data) values ($1, 'email', $2, $3, $4)`,
    [randomUUID(), id, id, JSON.stringify({ email, email_verified: true, sub: id })],
  )
  return id
}
