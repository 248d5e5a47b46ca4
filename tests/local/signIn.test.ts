import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auth } from '../../supabase/local/gateway.ts'
import { Throttle } from '../../supabase/local/throttle.ts'
import { password, startTestServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.close())

describe('accounts', () => {
  it('cannot be made by the public', async () => {
    const { data, error } = await server.client().auth.signUp({ email: 'new@test.local', password })
    expect(data.user).toBeNull()
    expect(error).toMatchObject({ status: 422, code: 'signup_disabled' })
    const { rows } = await server.database.query(`select 1 from auth.users where email = 'new@test.local'`)
    expect(rows).toEqual([])
  })

  it('made by the administrator sign in, refresh and sign out', async () => {
    const { client, id } = await server.user('kept@test.local')
    const { data: fresh, error } = await client.auth.refreshSession()
    expect(error).toBeNull()
    expect(fresh.user?.id).toBe(id)
    expect((await client.auth.getUser()).data.user?.email).toBe('kept@test.local')
    expect((await client.auth.signOut()).error).toBeNull()
    const again = await server.client().auth.refreshSession({ refresh_token: fresh.session!.refresh_token })
    expect(again.data.session).toBeNull()
  })

  it('do not tell whether an address is known', async () => {
    await server.user('known@test.local')
    const wrong = async (email: string) => {
      const started = Date.now()
      const { error } = await server.client().auth.signInWithPassword({ email, password: 'not it' })
      return { code: error?.code, message: error?.message, slow: Date.now() - started >= 390 }
    }
    const known = await wrong('known@test.local')
    expect(known.slow).toBe(true)
    expect(await wrong('unknown@test.local')).toEqual(known)
  })
})

describe('guessing passwords', () => {
  it('is refused after five wrong ones, also with the right one, and for nobody else', async () => {
    await server.user('victim@test.local')
    await server.user('other@test.local')
    const attempt = (email: string, given: string) =>
      fetch(`${server.url}/auth/v1/token?grant_type=password`, {
        method: 'POST',
        headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: given }),
      })
    for (let i = 0; i < 5; i += 1) expect((await attempt('victim@test.local', 'wrong')).status).toBe(400)
    const refused = await attempt('Victim@test.local ', password)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ error_code: 'over_request_rate_limit' })
    expect((await attempt('other@test.local', password)).status).toBe(200)
  })
})

describe('the throttle', () => {
  const setup = (limit = 5) => {
    const clock = { now: 1_000_000 }
    return { clock, throttle: new Throttle(limit, () => clock.now) }
  }
  const fail = (throttle: Throttle, name: string) => {
    const wait = throttle.begin(name)
    if (wait === 0) throttle.wrong(name)
    return wait
  }

  it('makes each further wrong one wait twice as long, up to a quarter of an hour', () => {
    const { clock, throttle } = setup()
    for (let i = 0; i < 5; i += 1) expect(fail(throttle, 'a')).toBe(0)
    const waits: number[] = []
    for (let i = 0; i < 10; i += 1) {
      const wait = throttle.begin('a')
      waits.push(wait)
      clock.now += wait * 1000
      expect(fail(throttle, 'a')).toBe(0)
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
  })

  it('forgets after success and after 15 quiet minutes', () => {
    const { clock, throttle } = setup()
    for (let i = 0; i < 4; i += 1) fail(throttle, 'a')
    throttle.begin('a')
    throttle.right('a', true)
    for (let i = 0; i < 4; i += 1) expect(fail(throttle, 'a')).toBe(0)
    clock.now += 15 * 60_000 + 1
    for (let i = 0; i < 5; i += 1) expect(fail(throttle, 'a')).toBe(0)
    expect(throttle.begin('a')).toBe(5)
  })

  it('lets no burst through', () => {
    const { throttle } = setup()
    const through = Array.from({ length: 100 }, () => throttle.begin('a')).filter((wait) => wait === 0)
    expect(through.length).toBeLessThanOrEqual(6)
  })

  it('keeps a bounded number of names', () => {
    const { throttle } = setup()
    for (let i = 0; i < 30_000; i += 1) fail(throttle, `name ${i}`)
    expect(throttle.size).toBeLessThanOrEqual(10_000)
  })

  it('slows one address that tries many names, and its own success does not clear it', async () => {
    const guard = { byPair: new Throttle(5), byAddress: new Throttle(3) }
    const status = async (email: string, answer: number) =>
      (
        await auth(
          new Request('http://x/auth/v1/token?grant_type=password', {
            method: 'POST',
            body: JSON.stringify({ email, password: 'guess' }),
          }),
          '203.0.113.9',
          guard,
          async () => new Response('{}', { status: answer }),
        )
      ).status
    for (const email of ['a', 'b']) expect(await status(email, 400)).toBe(400)
    expect(await status('own', 200)).toBe(200)
    expect(await status('c', 400)).toBe(400)
    expect(await status('d', 400)).toBe(429)
  })
})
