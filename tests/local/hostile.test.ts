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
})
