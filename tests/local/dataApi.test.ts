import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from './server.ts'

const prelude = `
  create function public.fails(p_state text) returns jsonb language plpgsql as $$
  begin
    raise exception 'the message' using errcode = p_state, detail = 'the detail', hint = 'the hint';
  end $$;
  create function public.echo(p_json jsonb, p_bbox float8[] default null, p_n int default null, p_t text default null)
    returns jsonb language sql as
  $$ select jsonb_build_object('type', jsonb_typeof(p_json), 'json', p_json, 'bbox', p_bbox, 'n', p_n, 't', p_t) $$;
  create function public.big() returns jsonb language sql as $$ select to_jsonb(repeat('网格 ', 2000)) $$;
  create function public.sleeps() returns jsonb language plpgsql as $$ begin perform pg_sleep(5); return '1'; end $$;
  create table public.things (id int primary key, amount numeric not null check (amount > 0), at timestamptz, big bigint);
  insert into public.things values (1, 12.50, '2026-03-04 05:06:07+00', 9007199254740991);
  grant all on public.things to anon, service_role;
  grant execute on function public.fails(text), public.echo(jsonb, float8[], int, text), public.big(), public.sleeps() to anon, authenticated;
`

let server: TestServer

beforeAll(async () => {
  server = await startTestServer(prelude)
})
afterAll(() => server?.close())

describe('errors have PostgREST’s shape and status', () => {
  const expected: [state: string, status: number][] = [
    ['P0001', 400],
    ['P0002', 500],
    ['23514', 400],
    ['23P01', 400],
    ['23503', 409],
    ['40001', 500],
    ['54000', 500],
    ['57014', 500],
    ['28000', 403],
    ['22023', 400],
    ['SG001', 400],
  ]
  for (const [state, status] of expected) {
    it(`${state} is ${status}`, async () => {
      const answer = await server.client().rpc('fails', { p_state: state })
      expect(answer.status).toBe(status)
      expect({ ...answer.error }).toMatchObject({
        code: state,
        message: 'the message',
        details: 'the detail',
        // Lite drops the hint of a broken foreign key.
        hint: state === '23503' ? null : 'the hint',
      })
    })
  }

  it('names a violated check, a duplicate and a missing table', async () => {
    const client = server.client()
    expect((await client.from('things').insert({ id: 2, amount: -1 })).error).toMatchObject({ code: '23514' })
    expect(await client.from('things').insert({ id: 1, amount: 1 })).toMatchObject({
      status: 409,
      error: { code: '23505' },
    })
    expect(await client.from('nothing').select()).toMatchObject({ status: 404, error: { code: 'PGRST205' } })
  })
})

describe('values arrive as PostgREST sends them', () => {
  it('json arguments are json, not text', async () => {
    const { data, error } = await server
      .client()
      .rpc('echo', { p_json: { a: [1, '二'] }, p_bbox: [1, 2.5], p_n: 3, p_t: 'x' })
    expect(error).toBeNull()
    expect(data).toEqual({ type: 'object', json: { a: [1, '二'] }, bbox: [1, 2.5], n: 3, t: 'x' })
    expect((await server.client().rpc('echo', { p_json: [{ b: 1 }] })).data).toMatchObject({
      type: 'array',
      json: [{ b: 1 }],
    })
    expect((await server.client().rpc('echo', { p_json: [] })).data).toMatchObject({ type: 'array', json: [] })
    expect((await server.client().rpc('echo', { p_json: null })).data).toMatchObject({ json: null, bbox: null })
  })

  it('numbers are numbers and times have a T', async () => {
    const { data } = await server.client().from('things').select()
    expect(data).toEqual([{ id: 1, amount: 12.5, at: '2026-03-04T05:06:07+00:00', big: 9007199254740991 }])
  })
})

describe('answers', () => {
  it('are compressed when they are large', async () => {
    const ask = (encoding: string) =>
      fetch(`${server.url}/rest/v1/rpc/big`, {
        method: 'POST',
        headers: { apikey: server.publishableKey, 'accept-encoding': encoding },
      })
    const packed = await ask('gzip')
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('vary')).toContain('accept-encoding')
    const plain = await ask('identity')
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await packed.text()).toBe(await plain.text())
  })

  it('come from nowhere but the API: no admin pages, no studio', async () => {
    for (const path of ['/_system/info', '/_system', '/studio', '/rest/v2/x', '/admin']) {
      const response = await fetch(server.url + path, { headers: { apikey: server.secretKey } })
      expect([path, response.status]).toEqual([path, 404])
    }
    for (const path of [
      '/auth/v1/admin/generate_link',
      '/auth/v1/invite',
      '/auth/v1/otp',
      '/auth/v1/recover',
      '/auth/v1/magiclink',
    ]) {
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers: { apikey: server.secretKey },
        body: '{}',
      })
      expect([path, response.status]).toEqual([path, 404])
    }
  })

  it('refuses a body that is too large before reading it', async () => {
    const response = await fetch(`${server.url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'x'.repeat(70_000), password: 'y' }),
    })
    expect(response.status).toBe(413)
  })

  it('tells its state', async () => {
    const response = await fetch(`${server.url}/health`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'ok', engine: expect.stringMatching(/PostgreSQL \d+/) })
  })
})

describe('a request with very many values', () => {
  it('is done or refused, never lost in silence', async () => {
    const client = server.client(server.secretKey)
    const many = Array.from({ length: 20_000 }, (_, i) => ({ id: 1000 + i, amount: i + 1 }))
    const { error } = await client.from('things').insert(many)
    const { count } = await client.from('things').select('id', { count: 'exact', head: true }).gte('id', 1000)
    expect(count).toBe(error ? 0 : many.length)
    if (error) expect(error).toMatchObject({ code: '54000', message: expect.stringContaining('32767') })
    // The session is still in step.
    expect((await client.from('things').select('id').eq('id', 1)).data).toEqual([{ id: 1 }])
  })
})

describe('a statement that runs too long', () => {
  it('is cut off after 3 s for anonymous requests on native PostgreSQL', async () => {
    // PGlite runs in this very process and cannot be interrupted: there the statement simply ends when it ends.
    // It would end by itself after 5 s, and be cut off after 8 s were it a user's.
    const { data, error } = await server.client().rpc('sleeps')
    if (server.database.engine === 'postgres') expect(error?.code).toBe('57014')
    else expect(data).toBe(1)
  })
})
