import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { TopicEars } from '../../src/db/topic'

const ears = new Map<string, TopicEars>()
const joined = new Set<string>()
vi.mock('../../src/db/topic', () => ({
  holdTopic(name: string, given: TopicEars) {
    ears.set(name, given)
    return { isJoined: () => joined.has(name), appear() {}, stop: () => ears.delete(name) }
  },
}))
const asked: unknown[] = []
const answers: unknown[] = []
vi.mock('../../src/db/rpc', () => ({
  rpc: async (_name: string, args: { p_cursor: unknown }) => {
    asked.push(args.p_cursor)
    const given = answers.shift()
    return given instanceof Error
      ? { ok: false, error: { kind: 'offline', code: 'OFFLINE', message: '' } }
      : { ok: true, data: { ...page(), ...(given as object) } }
  },
}))
const { followChanges } = await import('../../src/db/changes')

const page = () => ({
  epoch: 'e',
  scope_version: 's',
  cursor: `c${asked.length}`,
  caught_up: true,
  resync: false,
  changes: [],
})
const change = (id: string, row_version: number | null, op = 'update') => ({
  entity: 'hazard',
  id,
  op,
  row_version,
  at: null,
})

function follow(topics: string[], loadedAt?: number) {
  const onChanges = vi.fn()
  const onResync = vi.fn()
  const feed = followChanges({ topics, onChanges, onResync, ...(loadedAt === undefined ? {} : { loadedAt }) })
  return { feed, onChanges, onResync }
}
const join = (name: string) => {
  joined.add(name)
  ears.get(name)?.joined?.()
}
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers()
  for (const list of [ears, joined]) list.clear()
  asked.length = 0
  answers.length = 0
})

describe('following', () => {
  it('hears first and looks then, once for all topics, from before what is shown was asked for', async () => {
    const { feed, onResync } = follow(['grid:1', 'user:a'], Date.now() - 4_000)
    await wait(100)
    join('grid:1')
    expect(asked).toEqual([])
    join('user:a')
    await wait(0)
    expect(asked).toEqual(['ago:15'])
    expect(feed.state.value).toBe('live')
    expect(onResync).not.toHaveBeenCalled()
    feed.stop()
  })

  it('asks for everything once when nothing is loaded yet', async () => {
    const { feed, onResync } = follow([])
    await wait(0)
    expect(asked).toEqual([null])
    expect(onResync.mock.calls).toEqual([['start']])
    feed.stop()
  })

  it('applies a message at once, looks it up later, and tells it once', async () => {
    const { feed, onChanges } = follow(['grid:1'], Date.now())
    join('grid:1')
    await wait(0)
    ears.get('grid:1')!.heard!('change', change('a', 2))
    expect(onChanges.mock.calls).toEqual([[[change('a', 2)]]])
    answers.push({ changes: [change('a', 1), change('a', 2), change('b', 1)] })
    await wait(1_300)
    expect(onChanges).toHaveBeenCalledTimes(2)
    expect(onChanges).toHaveBeenLastCalledWith([change('b', 1)])
    feed.stop()
  })

  it('leaves it to the feed what left one place: it may have come to another', async () => {
    const { feed, onChanges } = follow(['grid:1', 'grid:2'], Date.now())
    join('grid:1')
    join('grid:2')
    await wait(0)
    ears.get('grid:1')!.heard!('change', change('a', 2, 'delete'))
    ears.get('grid:1')!.heard!('change', { entity: 'hazard', id: null, op: 'many', row_version: null })
    expect(onChanges).not.toHaveBeenCalled()
    answers.push({ changes: [change('a', 2, 'update')] })
    await wait(200)
    expect(onChanges.mock.calls).toEqual([[[change('a', 2, 'update')]]])
    feed.stop()
  })

  it('reads on until it has caught up, and again every half minute', async () => {
    const { feed, onChanges } = follow(['grid:1'], Date.now())
    join('grid:1')
    await wait(0)
    answers.push({ caught_up: false, changes: [change('a', 1)] }, { caught_up: false, changes: [change('b', 1)] })
    ears.get('grid:1')!.joined!()
    await wait(0)
    expect(asked).toEqual(['ago:10', 'c1', 'c2', 'c3'])
    expect(onChanges).toHaveBeenCalledTimes(2)
    await wait(30_000)
    expect(asked.at(-1)).toBe('c4')
    feed.stop()
    await wait(60_000)
    expect(asked).toHaveLength(5)
  })

  it('does not page through an import that happened while the page was opened', async () => {
    answers.push({ caught_up: false, changes: [change('a', 1)] })
    const { feed, onChanges, onResync } = follow(['grid:1'], Date.now())
    join('grid:1')
    await wait(0)
    expect(asked).toEqual(['ago:10', null])
    expect(onResync.mock.calls).toEqual([['start']])
    expect(onChanges).not.toHaveBeenCalled()
    feed.stop()
  })

  it('loads everything anew when rights changed, the database was restored, or it was too long away', async () => {
    const { feed, onChanges, onResync } = follow(['grid:1'], Date.now())
    join('grid:1')
    await wait(0)
    answers.push(
      { scope_version: 's2', changes: [change('a', 1)] },
      { scope_version: 's2', epoch: 'e2' },
      { scope_version: 's2', epoch: 'e2', resync: true },
    )
    ears.get('grid:1')!.heard!('rights', {})
    await wait(0)
    await wait(30_000)
    await wait(30_000)
    expect(onResync.mock.calls).toEqual([['scope'], ['feed'], ['feed']])
    expect(onChanges).not.toHaveBeenCalled()
    feed.stop()
  })

  it('says since when it knows, looks more often while it cannot hear, and tries again when it fails', async () => {
    const { feed } = follow(['grid:1'], Date.now())
    await wait(1_500)
    expect(feed.state.value).toBe('catching_up')
    const since = feed.since.value
    await wait(5_000)
    expect(asked).toHaveLength(2)
    expect(feed.since.value!.getTime()).toBeGreaterThan(since!.getTime())
    answers.push(new Error(), new Error())
    await wait(5_000)
    expect(feed.state.value).toBe('offline')
    await wait(1_000)
    await wait(2_000)
    expect(asked).toHaveLength(5)
    expect(feed.state.value).toBe('catching_up')
    feed.stop()
  })
})
