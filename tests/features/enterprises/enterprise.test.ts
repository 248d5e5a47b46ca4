import { createExpression } from '@maplibre/maplibre-gl-style-spec'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../../src/db/rpc'
import { countByLevel, countBySector, licenceOf } from '../../../src/features/enterprises/enterprise'
import { enterpriseCollection, enterpriseScene } from '../../../src/features/enterprises/enterpriseLayer'
import { useEnterprises } from '../../../src/features/enterprises/enterpriseStore'
import { FALLBACK } from '../../../src/map/palette'
import { enterprisePoints } from '../../map/fixtures'

const answers: (() => Promise<Result<unknown>>)[] = []
const asked: Record<string, unknown>[] = []
vi.mock('../../../src/db/rpc', () => ({
  rpc: (_name: string, args: Record<string, unknown>) => {
    asked.push(args)
    return answers.shift()?.()
  },
}))

beforeEach(() => {
  answers.length = 0
  asked.length = 0
  setActivePinia(createPinia())
})

describe('figures of enterprises', () => {
  const village = new Set([4])
  const county = new Set([1, 2, 3, 4, 5, 6, 7])

  it('count what lies in the grids, by level', () => {
    expect(countByLevel(enterprisePoints, village, null)).toEqual({ total: 2, levels: [0, 1, 1, 0, 0] })
    expect(countByLevel(enterprisePoints, county, null).total).toBe(4)
  })

  it('without a grid count those that no grid claims too', () => {
    expect(countByLevel(enterprisePoints, null, null).total).toBe(5)
  })

  it('are cut by sector, and sum to the whole', () => {
    expect(countByLevel(enterprisePoints, null, 11).total).toBe(2)
    const sectors = countBySector(enterprisePoints, county)
    expect(Object.fromEntries(sectors)).toEqual({ 10: 2, 11: 2 })
  })
})

describe('enterprises on the map', () => {
  it('pass the filter before they are gathered, so a disc counts what is shown', () => {
    const ids = (sector: number | null, hidden: number[]) =>
      enterpriseCollection(enterprisePoints, { sector, hidden }).features.map((feature) => feature.id)
    expect(ids(null, [])).toEqual([0, 1, 2, 3, 4])
    expect(ids(10, [])).toEqual([0, 1, 4])
    expect(ids(null, [0, 4])).toEqual([0, 1, 4])
  })

  it('keep longitude before latitude', () => {
    const [first] = enterpriseCollection(enterprisePoints, { sector: null, hidden: [] }).features
    expect(first?.geometry).toEqual({ type: 'Point', coordinates: [117.1, 39.9] })
  })

  it('gather by the worst level: red wins, not assessed loses', () => {
    const scene = enterpriseScene(
      enterpriseCollection(enterprisePoints, { sector: null, hidden: [] }),
      FALLBACK.light,
      1,
    )
    const source = scene.sources?.enterprises
    const properties =
      source?.kind === 'geojson' ? (source.options?.clusterProperties as Record<string, unknown[]>) : {}
    const { worst } = properties
    if (!worst) throw new Error('no cluster property')
    expect(worst[0]).toBe('min')
    const expression = createExpression(worst[1], 'clusterProperties.worst')
    if (expression.result !== 'success') throw new Error(JSON.stringify(expression.value))
    const rank = (level: number) =>
      expression.value.evaluate({ zoom: 9 }, { type: 1, properties: { level }, geometry: [] })
    expect(Math.min(rank(0), rank(3), rank(1))).toBe(1)
    expect(Math.min(rank(0), rank(4))).toBe(4)
    expect(rank(0)).toBe(9)
  })
})

describe('what we know of enterprises', () => {
  it('asks for all of the scope in one request, with a limit', async () => {
    answers.push(async () => ({ ok: true, data: enterprisePoints }))
    const store = useEnterprises()
    expect(await store.load()).toBe(true)
    expect(asked).toEqual([{ p_kind: 'enterprise', p_bbox: null, p_filter: {}, p_limit: 20_000 }])
    expect(store.points.name[0]).toBe('甲')
  })

  it('takes a refusal of the server as a failure, not as points', async () => {
    const refusal = {
      status: 'rejected',
      errors: [{ field: 'filter', code: 'BAD_VALUE', message: '筛选条件应为对象' }],
    }
    answers.push(async () => ({ ok: true, data: refusal }))
    const store = useEnterprises()
    expect(await store.load()).toBe(false)
    expect(store.failure?.message).toBe('筛选条件应为对象')
    expect(store.points.id).toEqual([])
  })

  it('opens, replaces and closes a card', async () => {
    const store = useEnterprises()
    const id = enterprisePoints.id[0]!
    answers.push(async () => ({ ok: true, data: { id, name: '甲', status: 'active' } }))
    await store.openCard(id)
    expect(store.card?.name).toBe('甲')
    answers.push(async () => ({ ok: true, data: { status: 'not_found' } }))
    await store.openCard(enterprisePoints.id[1]!)
    expect([store.card, store.cardState]).toEqual([null, 'missing'])
    await store.openCard(null)
    expect(store.cardState).toBe('idle')
  })

  it('forgets at sign-out', async () => {
    answers.push(async () => ({ ok: true, data: enterprisePoints }))
    const store = useEnterprises()
    await store.load()
    store.clear()
    expect([store.points.id.length, store.state]).toEqual([0, 'idle'])
  })
})

describe('a licence', () => {
  const now = new Date(2026, 10, 22, 23, 30)
  it('is good until the end of its last day, and is mentioned two months before', () => {
    expect(licenceOf('2026-11-22', now)).toEqual({ state: 'soon', days: 0 })
    expect(licenceOf('2026-11-21', now)).toEqual({ state: 'expired', days: 1 })
    expect(licenceOf('2027-01-21', now)).toEqual({ state: 'soon', days: 60 })
    expect(licenceOf('2027-01-22', now)).toBeNull()
    expect(licenceOf(null, now)).toBeNull()
    expect(licenceOf('soon', now)).toBeNull()
  })
})
