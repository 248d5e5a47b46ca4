// @vitest-environment jsdom
// The session store over the real supabase-js, with a small Auth server behind `fetch`.
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const person = { id: '11111111-1111-4111-8111-111111111111', email: 'town@demo.local', aud: 'authenticated' }
const me = { user_id: person.id, name: '孟宪国', admin: false, positions: [], departments: [], enterprises: [] }

/** What the fake server does next. */
const server = {
  online: true,
  password: 'right',
  tokens: 0,
  accepts: '',
  refresh: true,
  wait: 0,
  calls: [] as string[],
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = () => Math.floor(Date.now() / 1000)

function token(): object {
  server.tokens += 1
  const exp = seconds() + 3600
  server.accepts = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64({ sub: person.id, exp })}.${base64({ n: server.tokens })}`
  return {
    access_token: server.accepts,
    refresh_token: `refresh-${server.tokens}`,
    token_type: 'bearer',
    expires_in: 3600,
    expires_at: exp,
    user: person,
  }
}

async function fakeFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(String(input instanceof Request ? input.url : input), 'http://localhost')
  server.calls.push(`${url.pathname}${url.search}`)
  if (!server.online) throw new TypeError('Failed to fetch')
  const refuse = (status: number, code: string, msg: string) =>
    Response.json({ code: status, error_code: code, msg }, { status })
  if (url.pathname === '/config.json')
    return Response.json({ supabaseUrl: '', publishableKey: 'sb_publishable_x', basemap: { kind: 'demo' } })
  if (url.search === '?grant_type=password') {
    if (server.wait)
      return refuse(429, 'over_request_rate_limit', `Too many wrong passwords; try again in ${server.wait} s`)
    const { password } = JSON.parse(String(init.body)) as { password: string }
    return password === server.password
      ? Response.json(token())
      : refuse(400, 'invalid_credentials', 'Invalid login credentials')
  }
  if (url.search === '?grant_type=refresh_token')
    return server.refresh ? Response.json(token()) : refuse(400, 'refresh_token_not_found', 'Invalid Refresh Token')
  if (url.pathname.startsWith('/rest/v1/rpc/')) {
    const bearer = new Headers(init.headers).get('authorization')
    if (bearer !== `Bearer ${server.accepts}`)
      return Response.json({ code: 'PGRST303', message: 'JWT expired' }, { status: 401 })
    return Response.json(me)
  }
  return new Response(null, { status: 204 })
}

async function openPage() {
  vi.resetModules()
  const { useSession } = await import('../../../src/features/auth/session')
  const { rpc } = await import('../../../src/db/rpc')
  setActivePinia(createPinia())
  const session = useSession()
  await session.start()
  return { session, rpc }
}

beforeEach(() => {
  Object.assign(server, { online: true, tokens: 0, accepts: '', refresh: true, wait: 0 })
  server.calls.length = 0
  localStorage.clear()
  sessionStorage.clear()
  vi.stubGlobal('fetch', fakeFetch)
  vi.stubGlobal('WebSocket', class {})
})
afterEach(() => vi.unstubAllGlobals())

describe('signing in', () => {
  it('begins signed out, then knows who it is', async () => {
    const { session } = await openPage()
    expect(session.state).toBe('out')
    expect(await session.signIn(' town@demo.local ', 'right')).toEqual({ ok: true })
    expect(session).toMatchObject({ state: 'in', email: 'town@demo.local', demo: true, me: { name: '孟宪国' } })
    expect(server.calls.filter((call) => call === '/rest/v1/rpc/me')).toHaveLength(1)
  })

  it('answers a wrong password, a pause and a dead network in reasons', async () => {
    const { session } = await openPage()
    expect(await session.signIn('a@b.c', 'wrong')).toEqual({ ok: false, failure: { reason: 'wrong' } })
    server.wait = 20
    expect(await session.signIn('a@b.c', 'right')).toEqual({ ok: false, failure: { reason: 'wait', seconds: 20 } })
    server.online = false
    expect(await session.signIn('a@b.c', 'right')).toEqual({ ok: false, failure: { reason: 'offline' } })
    expect(session.state).toBe('out')
  })

  it('is kept over a reload', async () => {
    const first = await openPage()
    await first.session.signIn('town@demo.local', 'right')
    const { session } = await openPage()
    expect(session).toMatchObject({ state: 'in', me: { name: '孟宪国' } })
  })

  it('waits for the server rather than call somebody signed out', async () => {
    server.online = false
    const { session } = await openPage()
    expect(session).toMatchObject({ state: 'unknown', failure: { kind: 'offline' } })
    server.online = true
    await session.start()
    expect(session.state).toBe('out')
  })
})

describe('an expired session', () => {
  it('gets a new token unseen while the refresh token is good', async () => {
    const { session, rpc } = await openPage()
    await session.signIn('town@demo.local', 'right')
    server.accepts = 'another'
    expect(await rpc('me')).toMatchObject({ ok: true })
    expect(session.state).toBe('in')
  })

  it('asks for the password, and repeats every refused call afterwards', async () => {
    const { session, rpc } = await openPage()
    await session.signIn('town@demo.local', 'right')
    Object.assign(server, { accepts: 'another', refresh: false })
    const refused = Promise.all([rpc('grid_card', { p_grid: 1 }), rpc('import_enterprises', {})])
    await vi.waitFor(() => expect(session.state).toBe('expired'), 60_000)
    expect(session.me).not.toBeNull()
    expect(await session.signIn(session.email, 'wrong')).toMatchObject({ ok: false })
    expect(session.state).toBe('expired')
    expect(await session.signIn(session.email, 'right')).toEqual({ ok: true })
    expect(await refused).toMatchObject([{ ok: true }, { ok: true }])
    expect(session.state).toBe('in')
  })

  it('gives up the refused calls when the person leaves instead', async () => {
    const { session, rpc } = await openPage()
    await session.signIn('town@demo.local', 'right')
    Object.assign(server, { accepts: 'another', refresh: false })
    const refused = rpc('grid_card', { p_grid: 1 })
    await vi.waitFor(() => expect(session.state).toBe('expired'), 60_000)
    await session.signOut()
    expect(await refused).toMatchObject({ ok: false, error: { kind: 'unauthorized' } })
    expect(session.state).toBe('out')
  })
})

describe('at the door', () => {
  it('whose session ended while nobody looked is told so, at every reload until they sign in', async () => {
    const first = await openPage()
    expect(first.session.ended).toBe(false)
    await first.session.signIn('town@demo.local', 'right')
    Object.assign(server, { accepts: 'another', refresh: false })
    // as old as after a night: the client takes it out of the browser before anybody asks
    const kept = JSON.parse(localStorage.getItem('safegrid') ?? '{}')
    localStorage.setItem('safegrid', JSON.stringify({ ...kept, expires_at: seconds() - 3600 }))
    for (const _reload of [1, 2])
      expect((await openPage()).session).toMatchObject({ state: 'out', ended: true, me: null })
    expect(localStorage.getItem('safegrid')).toBeNull()
    const { session } = await openPage()
    await session.signIn('town@demo.local', 'right')
    expect(session.ended).toBe(false)
  })

  it('who signed out is not told that anything has expired', async () => {
    const first = await openPage()
    await first.session.signIn('town@demo.local', 'right')
    await first.session.signOut()
    const { session } = await openPage()
    expect(session).toMatchObject({ state: 'out', ended: false })
  })
})

describe('signing out', () => {
  it('leaves nothing behind but language and theme', async () => {
    const deleted: string[] = []
    vi.stubGlobal('indexedDB', {
      databases: async () => [{ name: 'outbox' }, { name: 'tiles' }],
      deleteDatabase: (name: string) => deleted.push(`db ${name}`),
    })
    vi.stubGlobal('caches', {
      keys: async () => ['pages'],
      delete: async (name: string) => deleted.push(`cache ${name}`),
    })
    const { session } = await openPage()
    await session.signIn('town@demo.local', 'right')
    localStorage.setItem('safegrid.locale', 'en')
    localStorage.setItem('safegrid.theme', 'dark')
    localStorage.setItem('safegrid.layers', 'risk')
    sessionStorage.setItem('draft', 'x')
    const forgotten = vi.fn()
    const taken = vi.fn()
    session.onSignOut(forgotten)
    session.onSignOut(taken)()

    await session.signOut()

    expect(session).toMatchObject({ state: 'out', me: null, email: '' })
    expect(Object.keys(localStorage).sort()).toEqual(['safegrid.locale', 'safegrid.theme'])
    expect(sessionStorage).toHaveLength(0)
    expect(deleted.sort()).toEqual(['cache pages', 'db outbox', 'db tiles'])
    expect(forgotten).toHaveBeenCalledOnce()
    expect(taken).not.toHaveBeenCalled()
    expect(server.calls).toContain('/auth/v1/logout?scope=local')
  })

  it('works without a network', async () => {
    const { session } = await openPage()
    await session.signIn('town@demo.local', 'right')
    server.online = false
    await session.signOut()
    expect(session.state).toBe('out')
    expect(Object.keys(localStorage)).toEqual([])
  })

  it('reaches the other tabs', async () => {
    const first = await openPage()
    await first.session.signIn('town@demo.local', 'right')
    const second = await openPage()
    expect(second.session.state).toBe('in')
    await first.session.signOut()
    await vi.waitFor(() => expect(second.session).toMatchObject({ state: 'out', me: null }), 60_000)
  })
})
