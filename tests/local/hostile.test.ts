import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { password, startTestServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.close())

/** Sends a body in chunks, without saying how long it is. */
function chunked(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, server.url), { method: 'POST' }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    outgoing.on('error', reject)
    outgoing.write('{"email":"')
    outgoing.end('a@b.cn"}')
  })
}

describe('hostile requests', () => {
  it('of unknown length are not read', async () => {
    expect(await chunked('/auth/v1/token?grant_type=password')).toBe(411)
    expect(await chunked('/rest/v1/rpc/me')).toBe(411)
  })

  it('change no address and no metadata of an account, but its password', async () => {
    const { client } = await server.user('mine@test.local')
    await server.user('taken@test.local')
    for (const change of [{ email: 'taken@test.local' }, { email: 'free@test.local' }, { data: { role: 'admin' } }])
      expect((await client.auth.updateUser(change)).error).toMatchObject({ status: 422, code: 'feature_disabled' })
    expect((await client.auth.updateUser({ password: `${password}-new` })).error).toBeNull()
    const again = await server
      .client()
      .auth.signInWithPassword({ email: 'mine@test.local', password: `${password}-new` })
    expect(again.error).toBeNull()
  })

  it('end every other session when the password changes, not the one that changed it', async () => {
    const { client } = await server.user('moved@test.local')
    const elsewhere = server.client()
    expect((await elsewhere.auth.signInWithPassword({ email: 'moved@test.local', password })).error).toBeNull()
    expect((await elsewhere.auth.refreshSession()).error).toBeNull()
    expect((await client.auth.updateUser({ password: `${password}-new` })).error).toBeNull()
    expect((await elsewhere.auth.refreshSession()).error).toMatchObject({ status: 400 })
    expect((await client.auth.refreshSession()).error).toBeNull()
  })

  it.each([{ email: 1, password: 'x' }, { email: 'a@test.local', password: ['x'] }, {}, null, 'text'])(
    'sign nobody in with %j',
    async (body) => {
      const response = await fetch(`${server.url}/auth/v1/token?grant_type=password`, {
        method: 'POST',
        headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error_code: 'validation_failed' })
    },
  )
})
