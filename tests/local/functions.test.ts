// Calls of RPCs take a way of their own through the server: the answers must be those of Lite, and so must the rights.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from './server.ts'

const prelude = `
  create function public.echo(p_json jsonb, p_bbox float8[] default null, p_n int default null, p_t text default null)
    returns jsonb language sql as
  $$ select jsonb_build_object('type', jsonb_typeof(p_json), 'json', p_json, 'bbox', p_bbox, 'n', p_n, 't', p_t) $$;
  create function public.as_text() returns json language sql as $$ select '{"b": 1,  "a": 12.50}'::json $$;
  create function public.nothing() returns jsonb language sql as $$ select null::jsonb $$;
  create function public.who() returns jsonb language sql as $$
    select jsonb_build_object('role', current_user, 'uid', auth.uid(), 'method', current_setting('request.method', true),
      'path', current_setting('request.path', true), 'origin', current_setting('request.headers', true)::jsonb ->> 'x-probe') $$;
  create function public.teapot() returns jsonb language plpgsql as $$
  begin perform set_config('response.status', '418', true); return '"tea"'; end $$;
  create table public.marks (id int generated always as identity, word text);
  create function public.mark(p_word text, p_fail boolean default false) returns jsonb language plpgsql security definer
    set search_path = '' as $$
  begin
    insert into public.marks (word) values (p_word);
    if p_fail then raise exception 'refused after writing' using errcode = 'P0001'; end if;
    return '"marked"';
  end $$;
  create function public.late() returns trigger language plpgsql as $$
  begin if new.word = 'late' then raise exception 'refused at the end' using errcode = '23514'; end if; return new; end $$;
  create constraint trigger late after insert on public.marks deferrable initially deferred for each row execute function public.late();
  create function public.slow() returns jsonb language plpgsql as $$
  begin raise exception 'cut off' using errcode = '57014'; end $$;
  create function public.closed() returns jsonb language sql as $$ select '1'::jsonb $$;
  revoke execute on function public.closed() from public, anon, authenticated;
  grant execute on function public.echo(jsonb, float8[], int, text), public.as_text(), public.nothing(), public.who(),
    public.teapot(), public.mark(text, boolean), public.slow() to authenticated;
`

let server: TestServer
let token: string
let id: string
let person: Awaited<ReturnType<TestServer['user']>>['client']

beforeAll(async () => {
  server = await startTestServer(prelude)
  const user = await server.user('functions@test.local')
  person = user.client
  id = user.id
  token = (await person.auth.getSession()).data.session?.access_token ?? ''
})
afterAll(() => server?.close())

/** The same call on both ways: only Lite knows what a preference is. */
async function both(name: string, body: string, more: Record<string, string> = {}) {
  const ask = async (headers: Record<string, string>) => {
    const answer = await fetch(`${server.url}/rest/v1/rpc/${name}`, {
      method: 'POST',
      headers: {
        apikey: server.publishableKey,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...more,
        ...headers,
      },
      body,
    })
    const kept = ['content-type', 'access-control-allow-origin', 'content-range']
    return { status: answer.status, text: await answer.text(), headers: kept.map((key) => answer.headers.get(key)) }
  }
  return { own: await ask({}), lite: await ask({ prefer: 'tx=commit' }) }
}

describe('a call of a function', () => {
  const calls: [name: string, body: string][] = [
    ['echo', '{"p_json": {"a": [1, "二", null]}, "p_bbox": [1, 2.5], "p_n": 3, "p_t": "x\\"y\\\\z\\u5835"}'],
    ['echo', '{"p_json": null, "p_t": null}'],
    ['echo', '{"p_json": [], "p_bbox": null}'],
    ['nothing', '{}'],
    ['who', '{}'],
    ['teapot', '{}'],
    ['slow', '{}'],
    ['closed', '{}'],
    ['echo', '{"p_json": 1, "p_n": "four"}'],
    ['echo', '{"p_json": 1, "p_bbox": {"a": 1}}'],
    ['echo', '{"p_n": 1}'],
    ['echo', '{"p_json": 1, "p_other": 1}'],
    ['echo', '{"p_json": '],
    ['echo', '[1]'],
    ['echo', ''],
    ['nowhere', '{}'],
    ['echo"; select 1 --', '{}'],
  ]
  for (const [name, body] of calls) {
    it(`answers ${name} ${body.slice(0, 50)} as Lite does`, async () => {
      const { own, lite } = await both(name, body, { 'x-probe': 'probe' })
      const read = (text: string) => {
        try {
          return JSON.parse(text) as unknown
        } catch {
          return text
        }
      }
      expect({ ...own, text: read(own.text) }).toEqual({ ...lite, text: read(lite.text) })
    })
  }

  it('knows who asks, and tells the function', async () => {
    const { own } = await both('who', '{}', { 'x-probe': 'probe' })
    expect(JSON.parse(own.text)).toEqual({
      role: 'authenticated',
      uid: id,
      method: 'POST',
      path: '/rpc/who',
      origin: 'probe',
    })
  })

  it('passes the text of a json answer on as the database wrote it', async () => {
    const { own } = await both('as_text', '{}')
    expect(own.text).toBe('{"b": 1,  "a": 12.50}')
  })

  it('takes back what a refused call wrote, and writes what another wrote once', async () => {
    const words = async () =>
      (await server.database.query<{ word: string }>('select word from public.marks order by id')).rows.map(
        ({ word }) => word,
      )
    expect((await person.rpc('mark', { p_word: 'refused', p_fail: true })).error).toMatchObject({ code: 'P0001' })
    expect((await person.rpc('mark', { p_word: 'kept' })).data).toBe('marked')
    expect((await person.rpc('mark', { p_word: 'late' })).error).not.toBeNull()
    expect(await words()).toEqual(['kept'])
  })

  it('never answers one person as another, however many ask at once', async () => {
    const others = await Promise.all([1, 2, 3].map((n) => server.user(`other${n}@test.local`)))
    const anonymous = server.client()
    const asked = Array.from({ length: 60 }, async (_, i) => {
      const other = others[i % 4]
      if (!other) return (await anonymous.rpc('who')).error !== null
      const { data } = await other.client.rpc('who')
      return data?.uid === other.id && data?.role === 'authenticated'
    })
    expect(await Promise.all(asked)).toEqual(asked.map(() => true))
  })

  it('takes a text where any JSON may stand, as PostgREST does and Lite does not', async () => {
    const { own } = await both('echo', '{"p_json": "text"}')
    expect(JSON.parse(own.text)).toMatchObject({ type: 'string', json: 'text' })
  })
})
