import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../../src/db/rpc'
import { countHazards, countLegend, daysUntil, stageOf } from '../../../src/features/hazards/hazard'
import { hazardCollection, hazardLegendSymbol, hazardSymbol } from '../../../src/features/hazards/hazardLayer'
import { useHazards } from '../../../src/features/hazards/hazardStore'
import { FALLBACK } from '../../../src/map/palette'
import { hazardPoints } from '../../map/fixtures'

const answers: (() => Promise<Result<unknown>>)[] = []
vi.mock('../../../src/db/rpc', () => ({ rpc: () => answers.shift()?.() }))

beforeEach(() => {
  answers.length = 0
  setActivePinia(createPinia())
})

describe('figures of hazards', () => {
  it('count open, major and overdue in a set of grids', () => {
    expect(countHazards(hazardPoints, new Set([4, 5, 6]), null)).toEqual({ open: 3, major: 1, overdue: 2 })
    expect(countHazards(hazardPoints, null, null).open).toBe(4)
    expect(countHazards(hazardPoints, new Set([4]), 11)).toEqual({ open: 0, major: 0, overdue: 0 })
  })

  it('say for each legend entry how many it stands for; each question sums to all', () => {
    const counts = countLegend(hazardPoints, null, null)
    expect(counts).toEqual({ major: 1, general: 3, new: 1, work: 2, review: 1, overdue: 2, ontime: 2 })
    const part = countLegend(hazardPoints, new Set([4, 5]), null)
    expect(part).toEqual({ major: 1, general: 1, new: 1, work: 1, review: 0, overdue: 1, ontime: 1 })
  })

  it('know where a state stands in the loop', () => {
    const states = ['reported', 'verified', 'assigned', 'rectifying', 'submitted'] as const
    expect(states.map(stageOf)).toEqual(['new', 'work', 'work', 'work', 'review'])
  })

  it('count calendar days until the deadline', () => {
    const now = new Date(2026, 10, 21, 23, 0)
    expect(daysUntil(new Date(2026, 10, 22, 1, 0).toISOString(), now)).toBe(1)
    expect(daysUntil(new Date(2026, 10, 21, 1, 0).toISOString(), now)).toBe(0)
    expect(daysUntil(new Date(2026, 10, 18, 23, 30).toISOString(), now)).toBe(-3)
  })
})

describe('hazards on the map', () => {
  const looks = (hidden: string[], sector: number | null = null) =>
    hazardCollection(hazardPoints, { sector, hidden }).features.map((feature) => feature.properties?.look)

  it('tell severity by shape, stage by ring, overdue by a heavy ring', () => {
    expect(looks([])).toEqual([
      'hazard-major-new-late',
      'hazard-general-work',
      'hazard-general-review-late',
      'hazard-general-work',
    ])
    const { light } = FALLBACK
    expect(hazardSymbol(1, 'work', false, light).shape).not.toBe(hazardSymbol(3, 'work', false, light).shape)
    const rings = [
      hazardSymbol(3, 'new', false, light).ring,
      hazardSymbol(3, 'work', false, light).ring,
      hazardSymbol(3, 'review', false, light).ring,
      hazardSymbol(3, 'work', true, light).ring,
    ]
    expect(new Set(rings).size).toBe(4)
  })

  it('are filtered by each entry of the legend', () => {
    expect(looks(['general'])).toEqual(['hazard-major-new-late'])
    expect(looks(['ontime'])).toHaveLength(2)
    expect(looks(['work', 'new'])).toEqual(['hazard-general-review-late'])
    expect(looks([], 11)).toEqual(['hazard-general-work'])
  })

  it('every legend entry has a picture, and no colour where it speaks of a state', () => {
    for (const entry of ['major', 'general', 'overdue', 'ontime', 'new', 'work', 'review']) {
      expect(hazardLegendSymbol(entry, FALLBACK.light)).not.toBeNull()
    }
    expect(hazardLegendSymbol('overdue', FALLBACK.light)?.fill).toBe(FALLBACK.light.text2)
    expect(hazardLegendSymbol('nothing', FALLBACK.light)).toBeNull()
  })
})

describe('what we know of hazards', () => {
  it('keeps its points when a refresh fails', async () => {
    const store = useHazards()
    answers.push(async () => ({ ok: true, data: hazardPoints }))
    await store.load()
    answers.push(async () => ({ ok: false, error: { code: 'OFFLINE', message: '网络不通', kind: 'offline' } }))
    expect(await store.load()).toBe(false)
    expect(store.points.id).toHaveLength(4)
    expect(store.state).toBe('ready')
  })

  it('an answer after sign-out stays unheard', async () => {
    const store = useHazards()
    let settle = () => {}
    answers.push(
      () =>
        new Promise((resolve) => {
          settle = () => resolve({ ok: true, data: hazardPoints })
        }),
    )
    const loading = store.load()
    store.clear()
    settle()
    expect(await loading).toBe(false)
    expect(store.points.id).toEqual([])
  })
})
