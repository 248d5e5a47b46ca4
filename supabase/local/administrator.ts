import { createAccount } from './accounts.ts'
import type { Database } from './database.ts'
import { CannotStart } from './errors.ts'

/**
 * On a database without an administrator, ADMIN_EMAIL and ADMIN_PASSWORD make the first one.
 * Gives back how many administrators there are.
 */
export async function ensureAdministrator(db: Database, env: Record<string, string | undefined>): Promise<number> {
  const { rows } = await db.query<{ n: number }>('select count(*)::int as n from public.admins')
  const count = rows[0]?.n ?? 0
  const email = env.ADMIN_EMAIL?.trim().toLowerCase()
  const password = env.ADMIN_PASSWORD
  if (count > 0 || !email || !password) return count
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new CannotStart(`ADMIN_EMAIL 不是邮箱地址 · is not an address: ${email}`)
  if (password.length < 8 || Buffer.byteLength(password) > 72) {
    throw new CannotStart('ADMIN_PASSWORD 须为 8 至 72 个字符 · must have 8 to 72 characters')
  }
  await db.transaction(async (session) => {
    const known = await session.query<{ id: string }>('select id from auth.users where email = $1', [email])
    const id = known.rows[0]?.id ?? (await createAccount(session, { email, password }))
    await session.query('insert into public.profiles (id, name) values ($1, $2) on conflict (id) do nothing', [
      id,
      '管理员',
    ])
    await session.query('insert into public.admins (user_id) values ($1)', [id])
  })
  return 1
}
