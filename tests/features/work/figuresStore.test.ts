import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useWorkFigures } from '../../../src/features/work/figuresStore'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const asked: { name: string; args: Record<string, unknown> }[] = []
let answer: () => unknown
vi.mock('../../../src/db/rpc', () => ({
  rpc: async (name: string, args: Record<string, unknown>) => {
    asked.push({ name, args })
    return answer()
  },
}))
const notices = (more: object = {}) => ({
  ok: true,
  data: {
    status: 'ok',
    waiting: 7,
    total: 3,
    unread: 2,
    overdue: 1,
    warnings: 4,
    // the clock of the server is an hour behind
    as_of: '2026-11-22T11:00:00Z',
    next_at: '2026-11-22T11:10:00Z',
    rows: [
      { hazard_id: 'a', read_at: null },
      { hazard_id: 'b', read_at: null },
    ],
    ...more,
  },
})
const badges: (number | 'none')[] = []

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  asked.length = 0
  badges.length = 0
  answer = notices
  setActivePinia(createPinia())
  vi.stubGlobal('navigator', {
    setAppBadge: async (n: number) => badges.push(n),
    clearAppBadge: async () => badges.push('none'),
  })
})
afterEach(() => {
  useWorkFigures().clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('says nothing before it has heard, then the same figure on page and icon', async () => {
  const work = useWorkFigures()
  expect(work.known).toBe(false)
  await work.load()
  expect([work.known, work.figures]).toEqual([true, { waiting: 7, total: 3, unread: 2, overdue: 1, warnings: 4 }])
  // hazards and warnings
  expect(badges).toEqual([11])
  // not the list: that is asked for with the bell
  expect([asked[0]?.args, work.notices]).toEqual([{ p_limit: 0 }, null])
})

it('asks again by itself when the next term passes, and once for many changes', async () => {
  const work = useWorkFigures()
  await work.load()
  await vi.advanceTimersByTimeAsync(9 * 60_000)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2 * 60_000)
  expect(asked).toHaveLength(2)
  const before = asked.length
  for (let i = 0; i < 50; i++) work.touch()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(asked).toHaveLength(before + 1)
  work.pause()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(asked).toHaveLength(before + 1)
})

it('what is read is read here at once; a failure leaves what was known', async () => {
  const work = useWorkFigures()
  await work.load(true)
  answer = () => notices({ unread: 1 })
  await work.read(['a'])
  expect(work.notices?.map(({ hazard_id, read_at }) => [hazard_id, read_at !== null])).toEqual([
    ['a', true],
    ['b', false],
  ])
  expect(work.figures.unread).toBe(1)
  answer = () => ({ ok: false, error: { kind: 'offline', code: 'OFFLINE', message: '' } })
  await work.load(true)
  expect([work.failed, work.figures.waiting, work.notices?.length]).toEqual([true, 7, 2])
  work.clear()
  expect([work.figures.waiting, work.notices, badges.at(-1)]).toEqual([0, null, 'none'])
})

it('an old answer does not overtake a newer one', async () => {
  const work = useWorkFigures()
  let late: (value: unknown) => void = () => {}
  answer = () => new Promise((done) => (late = done))
  const first = work.load()
  answer = () => notices({ waiting: 5 })
  await work.load()
  late(notices({ waiting: 9 }))
  await first
  expect(work.figures.waiting).toBe(5)
})
