import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

type Answer = { status: number; body: unknown } | 'no network'

const calls: string[] = []
let answers: Answer[] = []

/** Answers what comes next in `answers`; the last one again and again. */
async function fakeFetch(input: string | URL | Request): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input)
  if (url.endsWith('/config.json')) {
    return Response.json({ supabaseUrl: '', publishableKey: 'sb_publishable_x', basemap: { kind: 'plain' } })
  }
  calls.push(new URL(url).pathname)
  const answer = answers.length > 1 ? answers.shift()! : answers[0]!
  if (answer === 'no network') throw new TypeError('Failed to fetch')
  return Response.json(answer.body, { status: answer.status })
}

const expired: Answer = { status: 401, body: { code: 'PGRST303', message: 'JWT expired' } }
const fine: Answer = { status: 200, body: { name: '李' } }

/** The client is one per page, so each test opens a page of its own. */
async function openPage() {
  vi.resetModules()
  const { loadConfig } = await import('../../src/db/client')
  const door = await import('../../src/db/rpc')
  await loadConfig()
  return { ...door, ...(await import('../../src/db/connection')) }
}

beforeEach(() => {
  calls.length = 0
  answers = [fine]
  vi.stubGlobal('location', { origin: 'http://localhost' })
  vi.stubGlobal('fetch', fakeFetch)
  vi.stubGlobal('WebSocket', class {}) // Node 20 has none; nothing here connects
})
afterEach(() => vi.unstubAllGlobals())

describe('rpc', () => {
  it('gives what the function answered', async () => {
    const { rpc } = await openPage()
    expect(await rpc('me')).toEqual({ ok: true, data: { name: '李' } })
    expect(calls).toEqual(['/rest/v1/rpc/me'])
  })

  it('repeats a read once after a network failure, and a write never', async () => {
    const { rpc } = await openPage()
    answers = ['no network', fine]
    expect(await rpc('grid_card', { p_grid: 1 })).toMatchObject({ ok: true })
    expect(calls).toHaveLength(2)
    answers = ['no network', fine]
    expect(await rpc('import_enterprises', { p_rows: [] })).toMatchObject({ ok: false, error: { kind: 'offline' } })
    expect(calls).toHaveLength(3)
  })

  it('notes that the backend is away, and that it is back', async () => {
    const { rpc, isReachable } = await openPage()
    answers = ['no network']
    expect(await rpc('me')).toMatchObject({ ok: false, error: { kind: 'offline', message: /服务器/ } })
    expect(isReachable.value).toBe(false)
    // A refusal is an answer too.
    answers = [{ status: 403, body: { code: '42501', message: 'no' } }]
    expect(await rpc('me')).toMatchObject({ ok: false, error: { kind: 'forbidden' } })
    expect(isReachable.value).toBe(true)
  })

  it('asks who is there after a 401 and repeats the call, a write too', async () => {
    const { rpc, onUnauthorized } = await openPage()
    const ask = vi.fn(async () => true)
    onUnauthorized(ask)
    answers = [expired, fine]
    expect(await rpc('import_enterprises', {})).toMatchObject({ ok: true })
    expect(ask).toHaveBeenCalledOnce()
    expect(calls).toHaveLength(2)
  })

  it('gives the refusal to the caller when nobody signs in again', async () => {
    const { rpc, onUnauthorized } = await openPage()
    onUnauthorized(async () => false)
    answers = [expired]
    expect(await rpc('me')).toMatchObject({ ok: false, error: { kind: 'unauthorized' } })
    expect(calls).toHaveLength(1)
  })

  it('does not call at all what was aborted before', async () => {
    const { rpc } = await openPage()
    const controller = new AbortController()
    controller.abort()
    expect(await rpc('me', {}, { signal: controller.signal })).toMatchObject({ ok: false, error: { code: 'ABORTED' } })
    expect(calls).toHaveLength(0)
  })
})
