import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { rpc } from '../../../src/db/rpc'
import { useRiskTime } from '../../../src/features/riskTime/riskTimeStore'
import { useTrend } from '../../../src/features/riskTime/useTrend'

vi.mock('../../../src/db/rpc', () => ({ rpc: vi.fn() }))
const asked = vi.mocked(rpc)
const trend = (campaigns: number) => ({
  ok: true as const,
  data: { known: { first: '2026-01-01', last: '2026-06-01' }, campaigns: Array.from({ length: campaigns }) },
})
const settled = () => new Promise((done) => setTimeout(done))

beforeEach(() => {
  setActivePinia(createPinia())
  asked.mockReset()
})

describe('curves', () => {
  it('are asked for once, and again when a mark on them changed', async () => {
    asked.mockResolvedValueOnce(trend(1)).mockResolvedValueOnce(trend(2))
    const store = useRiskTime()
    const scope = effectScope()
    const shown = scope.run(() => useTrend(() => ({ grid: 1, sector: null, from: '2026-01-01', to: '2026-06-01' })))!
    await settled()
    await store.trend(1, null, '2026-01-01', '2026-06-01')
    expect(asked).toHaveBeenCalledTimes(1)
    expect(shown.trend.value?.campaigns).toHaveLength(1)
    store.forgetTrends()
    await nextTick()
    await settled()
    expect(asked).toHaveBeenCalledTimes(2)
    expect(shown.trend.value?.campaigns).toHaveLength(2)
    scope.stop()
  })

  it('an answer that comes after a newer question was asked is not shown', async () => {
    let late = (_: ReturnType<typeof trend>) => {}
    asked
      .mockImplementationOnce(() => new Promise((done) => (late = done as typeof late)))
      .mockResolvedValueOnce(trend(2))
    const store = useRiskTime()
    const scope = effectScope()
    const shown = scope.run(() => useTrend(() => ({ grid: 1, sector: null, from: '2026-01-01', to: '2026-06-01' })))!
    await nextTick()
    store.forgetTrends()
    await nextTick()
    await settled()
    late(trend(9))
    await settled()
    expect(shown.trend.value?.campaigns).toHaveLength(2)
    scope.stop()
  })

  it('of a playback stay', async () => {
    asked.mockResolvedValue({
      ok: true,
      data: { known: null, from: '2026-01-01', to: '2026-01-02', grids: [], spans: [] },
    })
    const store = useRiskTime()
    await store.playback(3, null, '2026-01-01', '2026-01-02')
    store.forgetTrends()
    await store.playback(3, null, '2026-01-01', '2026-01-02')
    expect(asked).toHaveBeenCalledTimes(1)
  })
})
