import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { password, startTestServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const admin = () => server.client(server.secretKey).auth.admin
const signIn = (email: string, word = password) => server.client().auth.signInWithPassword({ email, password: word })

describe('accounts, with the secret key', () => {
  it('are given to a person who is known already', async () => {
    const id = crypto.randomUUID()
    await server.database.query(`insert into public.profiles (id, name) values ($1, '孙七')`, [id])
    const { error } = await admin().createUser({ id, email: 'Sun7@test.local', password, email_confirm: true })
    expect(error).toBeNull()
    const { data } = await signIn('sun7@test.local')
    expect(data.user?.id).toBe(id)
    const again = await admin().createUser({ id, email: 'other7@test.local', password })
    expect(again.error).toMatchObject({ status: 422, code: 'email_exists' })
    expect((await admin().createUser({ email: 'sun7@test.local', password })).error).toMatchObject({ status: 422 })
  })

  it.each([
    { email: 'short@test.local', password: 'short' },
    { email: 'no address', password },
    { email: 'x@test.local' },
  ])('are refused with %j', async (given) => {
    expect((await admin().createUser(given)).error).toMatchObject({ status: 400, code: 'validation_failed' })
  })

  it('get another password, which ends every session', async () => {
    const { client, id } = await server.user('forgot@test.local')
    expect((await admin().updateUserById(id, { password: 'another-one' })).error).toBeNull()
    expect((await client.auth.refreshSession()).error).not.toBeNull()
    expect((await signIn('forgot@test.local')).error).toMatchObject({ status: 400 })
    expect((await signIn('forgot@test.local', 'another-one')).error).toBeNull()
    expect((await admin().updateUserById(crypto.randomUUID(), { password: 'another-one' })).error).toMatchObject({
      status: 404,
    })
  })

  it("are nobody else's to make", async () => {
    const { client } = await server.user('curious@test.local')
    for (const key of [server.publishableKey, `${server.secretKey.slice(0, -1)}x`, ''])
      expect(
        (await server.client(key || 'none').auth.admin.createUser({ email: 'y@test.local', password })).error,
      ).toMatchObject({ status: 403, code: 'not_admin' })
    const { data } = await client.auth.getSession()
    const response = await fetch(`${server.url}/auth/v1/admin/users`, {
      method: 'POST',
      headers: {
        apikey: server.publishableKey,
        authorization: `Bearer ${data.session?.access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ email: 'y@test.local', password }),
    })
    expect(response.status).toBe(403)
  })
})
