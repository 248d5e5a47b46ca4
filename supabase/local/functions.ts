import { connectionSettings } from './connection.ts'
import type { Database } from './database.ts'
import type { Next } from './gateway.ts'
import { tooLong } from './httpErrors.ts'
import type { Keys } from './keys.ts'
import { type Bearer, bearerOfToken } from './realtime/token.ts'

/** What PostgREST knows of a function that answers with one JSON value. */
interface Signature {
  /** Every argument with its type, in SQL. */
  args: ReadonlyMap<string, string>
  /** Those without a default. */
  needed: readonly string[]
}

const prefix = '/rest/v1/rpc/'
/** What our client sends, and curl; who wants another form of answer asks Lite. */
const plainly = /^(\*\/\*|application\/json)$/

/**
 * Calls of our own RPCs by people who are signed in: nearly every request of the interface. Lite needs eight statements
 * for one of them and reads and writes the JSON anew; here it is four, and the text of the database goes out as it is.
 * Everything that is not plainly such a call, and everything that fails, is left to Lite, which says why in PostgREST's
 * words: what is refused here was rolled back.
 */
export async function openFunctions(database: Database, keys: Keys, readOnly: () => boolean) {
  const known = await signatures(database)

  return async function call(request: Request, lite: Next): Promise<Response> {
    const name = request.url.slice(request.url.indexOf(prefix) + prefix.length)
    const signature = request.method === 'POST' ? known.get(name) : undefined
    const bearer = signature && bearerOf(request, keys)
    if (!signature || !bearer) return lite(request)
    const body = await request.text()
    const given = argumentsIn(body)
    const fits = given?.every((arg) => signature.args.has(arg)) && signature.needed.every((arg) => given.includes(arg))
    const value =
      given && fits
        ? await ask(callOf(name, given, signature), given.length > 0 ? [body] : [], bearer, {
            'request.method': 'POST',
            'request.path': `/rpc/${name}`,
            'request.headers': JSON.stringify(Object.fromEntries(request.headers)),
          })
        : null
    if (value instanceof Response) return value
    return value === null
      ? lite(new Request(request.url, { method: 'POST', headers: request.headers, body }))
      : new Response(value, { headers: plainHeaders })
  }

  /** The text of the answer; null when it is Lite's turn. */
  async function ask(
    sql: string,
    params: unknown[],
    { claims, user }: Bearer,
    told: Record<string, string>,
  ): Promise<string | Response | null> {
    const lease = await database.lease()
    try {
      await lease.exec('begin')
      let row: { value: string | null; said: string } | undefined
      try {
        const settings = Object.entries({
          ...told,
          'response.status': '',
          'response.headers': '',
          ...connectionSettings('authenticated', user, claims, readOnly()),
        })
        const calls = settings.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`)
        await lease.query(`select ${calls.join(', ')}`, settings.flat())
        row = (await lease.query<NonNullable<typeof row>>(sql, params)).rows[0]
      } catch (error) {
        await lease.exec('rollback')
        return tooLong(error)
      }
      // a function that sets status or headers itself is PostgREST's business
      const plain = row !== undefined && row.said === ''
      // should this fail, nobody knows what was written: it is not tried again
      await lease.exec(plain ? 'commit' : 'rollback')
      return plain ? (row?.value ?? 'null') : null
    } finally {
      lease.release()
    }
  }
}

const plainHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'content-range': '0-0/*',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Content-Range, Content-Location, Preference-Applied',
}

const callOf = (name: string, given: string[], { args }: Signature) => {
  const said = `concat(current_setting('response.status', true), current_setting('response.headers', true))`
  const list = given.map((arg) => `${quoted(arg)} => a.${quoted(arg)}`).join(', ')
  const typed = given.map((arg) => `${quoted(arg)} ${args.get(arg)}`).join(', ')
  // as PostgREST reads a body
  const from = given.length > 0 ? ` from json_to_record($1::json) as a(${typed})` : ''
  return `select public.${quoted(name)}(${list})::text as value, ${said} as said${from}`
}

const quoted = (word: string) => `"${word.replaceAll('"', '""')}"`

function bearerOf({ headers }: Request, keys: Keys): Bearer | undefined {
  const [scheme, token] = headers.get('authorization')?.split(' ') ?? []
  const plain =
    headers.get('apikey') === keys.publishable &&
    !headers.has('prefer') &&
    plainly.test(headers.get('accept') ?? '*/*') &&
    headers.get('content-type')?.startsWith('application/json') &&
    (headers.get('content-profile') ?? 'public') === 'public'
  const bearer = plain && scheme === 'Bearer' && token ? bearerOfToken(token, keys) : undefined
  return bearer && bearer.expires > Date.now() ? bearer : undefined
}

/** The names of the arguments in a body; undefined when it is no JSON object. */
function argumentsIn(body: string): string[] | undefined {
  try {
    const given: unknown = JSON.parse(body)
    return typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.keys(given) : undefined
  } catch {
    return undefined
  }
}

/** Functions of schema public that stand alone under their name, take named values and answer with one JSON value. */
async function signatures(database: Database): Promise<Map<string, Signature>> {
  const { rows } = await database.query<{ name: string; args: string[] | null; types: string[]; defaults: number }>(`
    select p.proname as name, to_json(p.proargnames) as args, p.pronargdefaults as defaults,
      (select json_agg(format_type(t.type, null) order by t.n) from unnest(p.proargtypes) with ordinality t (type, n)) as types
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and not p.proretset and p.proallargtypes is null
      and p.provariadic = 0 and p.prorettype in ('json'::regtype, 'jsonb'::regtype)
      and (p.pronargs = 0 or p.proargnames is not null)
      and not exists (select from pg_proc o where o.proname = p.proname and o.pronamespace = p.pronamespace and o.oid <> p.oid)`)
  return new Map(
    rows.map(({ name, args, types, defaults }) => {
      const names = args ?? []
      return [
        name,
        {
          args: new Map(names.map((arg, i) => [arg, types[i]!])),
          needed: names.slice(0, names.length - defaults),
        },
      ]
    }),
  )
}
