import { createExpression, featureFilter } from '@maplibre/maplibre-gl-style-spec'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../../src/db/rpc'
import { type RiskRow, ranking, tally } from '../../../src/features/risk/risk'
import { riskFilter, riskScene, riskSwatch } from '../../../src/features/risk/riskLayer'
import { useRisk } from '../../../src/features/risk/riskStore'
import { FALLBACK } from '../../../src/map/palette'

const answers: ((args: Record<string, unknown>) => Promise<Result<unknown>>)[] = []
vi.mock('../../../src/db/rpc', () => ({
  rpc: (_name: string, args: Record<string, unknown>) => answers.shift()?.(args),
}))

const row = (grid_id: number, level: number, index: number, extra: Partial<RiskRow> = {}): RiskRow => ({
  grid_id,
  code: String(grid_id),
  index,
  points: index,
  level,
  enterprises: 5,
  red: 0,
  open_hazards: 2,
  major_open: 0,
  overdue: 0,
  trend: null,
  ...extra,
})

const NOW = { sector: null, on: null, days: 7 }

beforeEach(() => {
  answers.length = 0
  setActivePinia(createPinia())
})

describe('where it is red', () => {
  it('puts the worst first and leaves out what cannot be judged', () => {
    const rows = [
      row(1, 4, 10),
      row(2, 1, 80),
      row(3, 0, 0),
      row(4, 1, 95),
      row(5, 2, 60),
      row(6, 1, 80, { major_open: 1 }),
    ]
    expect(ranking(rows, 10).map((r) => r.grid_id)).toEqual([4, 6, 2, 5, 1])
    expect(ranking(rows, 2)).toHaveLength(2)
    expect(rows[0]?.grid_id).toBe(1)
  })

  it('is stable between equals, by code', () => {
    expect(ranking([row(9, 2, 50), row(3, 2, 50)], 10).map((r) => r.code)).toEqual(['3', '9'])
  })

  it('counts grids by level, 0 too', () => {
    expect(tally([row(1, 1, 0), row(2, 4, 0), row(3, 4, 0), row(4, 0, 0)])).toEqual([1, 1, 0, 0, 2])
  })
})

describe('the four-colour fill', () => {
  const passes = (filter: ReturnType<typeof riskFilter>, properties: Record<string, unknown>) =>
    featureFilter(filter, 'layers[0].filter').filter({ zoom: 10 }, { type: 3, properties, geometry: [] })

  it('shows one grid level, without the risk levels that the legend switched off', () => {
    expect(passes(riskFilter(2, []), { level: 2, risk: 4 })).toBe(true)
    expect(passes(riskFilter(2, []), { level: 3, risk: 4 })).toBe(false)
    expect(passes(riskFilter(2, [4, 0]), { level: 2, risk: 4 })).toBe(false)
    expect(passes(riskFilter(2, [4, 0]), { level: 2, risk: 0 })).toBe(false)
    expect(passes(riskFilter(2, [4, 0]), { level: 2, risk: 1 })).toBe(true)
  })

  it('shows what was laid over the data rather than the data, fading from what it was', () => {
    const range: [number, number] = [0, 11]
    const [layer] =
      riskScene({ palette: FALLBACK.light, source: 'grids', hidden: [4], opacity: 0.6, levels: [{ level: 2, range }] })
        .layers?.fill ?? []
    if (layer?.type !== 'fill') throw new Error('no layer')
    const paint = createExpression(layer.paint?.['fill-color'], 'layers[0].paint.fill-color', {
      type: 'color',
      'property-type': 'data-driven',
      expression: { interpolated: true, parameters: ['zoom', 'feature', 'feature-state'] },
    } as never)
    if (paint.result !== 'success') throw new Error('no colour')
    const colour = (risk: number, state: Record<string, unknown>) => {
      const { r, g, a } = paint.value.evaluate({ zoom: 9 }, { type: 3, properties: { risk } } as never, state)
      return { red: a && r / a, green: a && g / a, alpha: a }
    }
    const [red, yellow] = [colour(1, {}), colour(3, {})]
    expect(red.red).toBeGreaterThan(0.8)
    expect(red.green).toBeLessThan(0.3)
    expect(colour(3, { risk: 1, was: 3, mix: 1 })).toEqual(red)
    expect(colour(1, { risk: 1, was: 3, mix: 0 }).green).toBeCloseTo(yellow.green, 2)
    const half = colour(1, { risk: 1, was: 3, mix: 0.5 }).green
    expect(half).toBeGreaterThan(red.green)
    expect(half).toBeLessThan(yellow.green)
    // what the legend switched off is not seen, whichever way it came
    expect(colour(4, {}).alpha).toBe(0)
    expect(colour(1, { risk: 4, was: 4, mix: 1 }).alpha).toBe(0)
  })

  it('takes its colours from the palette, and has no layer when no level is shown', () => {
    const options = { palette: FALLBACK.light, source: 'grids', hidden: [], opacity: 0.6 }
    const range: [number, number] = [0, 11]
    const [layer] = riskScene({ ...options, levels: [{ level: 2, range }] }).layers?.fill ?? []
    expect(JSON.stringify(layer)).toContain('rgba(230,48,49')
    expect(riskScene({ ...options, levels: [] }).layers?.fill).toEqual([])
  })

  it('tells levels apart by shape as well', () => {
    const shapes = [1, 2, 3, 4].map((level) => riskSwatch(level, FALLBACK.light).shape)
    expect(new Set(shapes).size).toBe(4)
    expect(riskSwatch(0, FALLBACK.light).hollow).toBe(true)
  })
})

describe('what we know of the risk', () => {
  it('asks for a sector, and hears only the last answer', async () => {
    const store = useRisk()
    const asked: unknown[] = []
    const settle: (() => void)[] = []
    const later = (rows: RiskRow[]) => (args: Record<string, unknown>) => {
      asked.push(args.p_sector)
      return new Promise<Result<unknown>>((resolve) => settle.push(() => resolve({ ok: true, data: rows })))
    }
    answers.push(later([row(1, 1, 90)]), later([row(2, 2, 60)]))
    const both = [store.load(NOW), store.load({ ...NOW, sector: 'WHP' })]
    settle[1]?.()
    settle[0]?.()
    expect(await Promise.all(both)).toEqual([false, true])
    expect(asked).toEqual([null, 'WHP'])
    expect([...store.byGrid.keys()]).toEqual([2])
    expect(store.shown?.sector).toBe('WHP')
  })

  it('the same answer keeps its identity, so nothing is drawn again', async () => {
    const store = useRisk()
    answers.push(
      async () => ({ ok: true, data: [row(1, 1, 90)] }),
      async () => ({ ok: true, data: [row(1, 1, 90)] }),
    )
    await store.load(NOW)
    const before = store.rows
    await store.load(NOW)
    expect(store.rows).toBe(before)
  })

  it('a failed first load is a failure, a failed refresh is not an empty map', async () => {
    const store = useRisk()
    const error = { code: '57014', message: '超时', kind: 'timeout' as const }
    answers.push(async () => ({ ok: false, error }))
    await store.load(NOW)
    expect(store.state).toBe('failed')
    answers.push(
      async () => ({ ok: true, data: [row(1, 1, 90)] }),
      async () => ({ ok: false, error }),
    )
    await store.load(NOW)
    await store.load(NOW)
    expect(store.state).toBe('ready')
    expect(store.rows).toHaveLength(1)
  })
})
