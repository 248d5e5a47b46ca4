import { join } from 'node:path'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadKeys } from '../../supabase/local/keys.ts'
import { createLite } from '../../supabase/local/lite.ts'
import { startTestServer, type TestServer } from './server.ts'

// Tells who the database thinks is asking. Slow on purpose: a leak needs somebody else's statement in between.
const prelude = `
  create function public.whoami() returns jsonb language plpgsql security invoker as $$
  begin
    perform pg_sleep(0.002);
    return jsonb_build_object('role', current_user, 'id', auth.uid());
  end $$;
  grant execute on function public.whoami() to anon, authenticated, service_role;
  create table public.probe (id int primary key, note text);
  alter table public.probe enable row level security;
  revoke all on public.probe from anon, authenticated;
  insert into public.probe values (1, 'hidden');
`

const grants = `
  select coalesce(json_agg(x order by x.what), '[]')::text as all from (
    select c.oid::regclass::text as what, c.relacl::text as acl from pg_class c
      join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'private', 'auth', 'storage', 'realtime')
    union all select 'schema ' || nspname, nspacl::text from pg_namespace
    union all select 'default ' || oid, defaclacl::text from pg_default_acl) x`

let server: TestServer
let before: string

beforeAll(async () => {
  server = await startTestServer(prelude)
  before = (await server.database.query<{ all: string }>(grants)).rows[0]!.all
})
afterAll(() => server?.close())

describe('roles', () => {
  it('keeps anonymous, users and service apart while all ask at once', async () => {
    const a = await server.user('a@test.local')
    const b = await server.user('b@test.local')
    const asked: { client: SupabaseClient; role: string; id: string | null }[] = [
      { client: server.client(), role: 'anon', id: null },
      { client: a.client, role: 'authenticated', id: a.id },
      { client: b.client, role: 'authenticated', id: b.id },
      { client: server.client(server.secretKey), role: 'service_role', id: null },
    ]
    // The server's own work goes on meanwhile, in transactions that stay open over several turns of the event loop.
    let working = true
    const own = (async () => {
      const roles = new Set<string>()
      while (working) {
        await server.database.transaction(async (session) => {
          await session.query(`select set_config('role', 'anon', true)`)
          await new Promise((resolve) => setTimeout(resolve, 3))
          roles.add((await session.query<{ role: string }>('select current_user as role')).rows[0]!.role)
        })
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      return [...roles]
    })()
    const answers = await Promise.all(
      Array.from({ length: 160 }, async (_, i) => {
        const who = asked[i % asked.length]!
        const { data, error } = await who.client.rpc('whoami')
        return { expected: { role: who.role, id: who.id }, got: error ?? data }
      }),
    )
    working = false
    expect(await own).toEqual(['anon'])
    const wrong = answers.filter(({ expected, got }) => JSON.stringify(expected) !== JSON.stringify(sorted(got)))
    expect(wrong).toEqual([])
    expect(answers).toHaveLength(160)
  })

  it('keeps them apart when their requests begin in the same instant', async () => {
    const keys = loadKeys(join(server.data, 'keys.json'))
    const lite = await createLite({ database: server.database, keys, storageDir: join(server.data, 'storage') })
    const asked = Array.from({ length: 40 }, (_, i) => (i % 2 ? 'service_role' : 'anon'))
    const answers = await Promise.all(
      asked.map(async (role) => {
        const headers = {
          apikey: role === 'anon' ? keys.publishable : keys.secret,
          'content-type': 'application/json',
        }
        const request = new Request(`${server.url}/rest/v1/rpc/whoami`, { method: 'POST', headers, body: '{}' })
        return ((await (await lite.fetch(request, { peerAddress: null })).json()) as { role: string }).role
      }),
    )
    expect(answers).toEqual(asked)
  })

  it('grants nobody anything by serving requests', async () => {
    await server.client().rpc('whoami')
    await server.client().from('probe').select()
    await server.client(server.secretKey).from('probe').select()
    const after = (await server.database.query<{ all: string }>(grants)).rows[0]!.all
    expect(after).toBe(before)
    const { data, error } = await server.client().from('probe').select()
    expect(data).toBeNull()
    expect(error?.code).toBe('42501')
  })

  it('gives the secret key the service role, but not to a browser', async () => {
    const { data } = await server.client(server.secretKey).from('probe').select()
    expect(data).toEqual([{ id: 1, note: 'hidden' }])
    const response = await fetch(`${server.url}/rest/v1/probe`, {
      headers: { apikey: server.secretKey, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
    })
    expect(response.status).toBe(401)
  })

  it('does not lift a request without a key to the service role, though it comes from this machine', async () => {
    const { hostname, port } = new URL(server.url)
    expect(hostname).toBe('localhost')
    const response = await fetch(`http://localhost:${port}/rest/v1/probe`)
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain('hidden')
  })

  it('refuses a token that was signed with another secret', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forged = `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ role: 'service_role', exp: 4102444800 })}.`
    const response = await fetch(`${server.url}/rest/v1/probe`, {
      headers: { apikey: server.publishableKey, authorization: `Bearer ${forged}` },
    })
    expect(response.status).toBe(401)
  })
})

function sorted(value: unknown): unknown {
  const { role, id } = (value ?? {}) as { role?: string; id?: string | null }
  return { role, id }
}
