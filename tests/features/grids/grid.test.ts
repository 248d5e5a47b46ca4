import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../../src/db/rpc'
import { lineage, shortName, subtreeIds, treeOf, typicalWidth } from '../../../src/features/grids/grid'
import { gridCollection, labelCollection, levelRange } from '../../../src/features/grids/gridLayer'
import { useGrids } from '../../../src/features/grids/gridStore'
import { boxOf } from '../../../src/map/camera'
import { county } from '../../map/fixtures'

const answers: ((args: Record<string, unknown>) => Promise<Result<unknown>>)[] = []
vi.mock('../../../src/db/rpc', () => ({
  rpc: (_name: string, args: Record<string, unknown>) => answers.shift()?.(args),
}))
const ok = (data: unknown) => async () => ({ ok: true as const, data })
const offline = async () => ({
  ok: false as const,
  error: { code: 'X', message: '网络不通', kind: 'offline' as const },
})
const collection = { type: 'FeatureCollection', features: county }

beforeEach(() => {
  answers.length = 0
  setActivePinia(createPinia())
})

describe('the tree of grids', () => {
  const tree = treeOf(county)

  it('knows parents, children in the order of their codes, and roots', () => {
    expect(tree.roots.map((grid) => grid.id)).toEqual([1])
    expect(tree.children.get(2)?.map((grid) => grid.properties.code)).toEqual(['120119106200', '120119106201'])
    expect(lineage(tree, 4).map((grid) => grid.id)).toEqual([1, 2, 4])
    expect([...subtreeIds(tree, 2)].sort()).toEqual([2, 4, 5])
  })

  it('holds on a scope that starts in the middle, and on a circle', () => {
    const middle = treeOf(county.filter((grid) => grid.properties.level > 1))
    expect(middle.roots.map((grid) => grid.id)).toEqual([2, 3])
    expect(lineage(middle, 99)).toEqual([])
    const circle = treeOf(county.map((grid) => ({ ...grid, properties: { ...grid.properties, parent_id: grid.id } })))
    expect(lineage(circle, 4).map((grid) => grid.id)).toEqual([4])
    expect(subtreeIds(circle, 4)).toEqual(new Set([4]))
  })

  it('shortens the names of villages, never to nothing', () => {
    expect(shortName('别山村村委会')).toBe('别山村')
    expect(shortName('五十八间社区居委会')).toBe('五十八间社区')
    expect(shortName('村委会')).toBe('村委会')
    expect(shortName('别山镇')).toBe('别山镇')
  })

  it('measures the typical width of a grid in metres', () => {
    // 0.2° × 0.6° at 39.9°: 17.1 km × 66.8 km
    const width = typicalWidth([county[3]!], (grid) => boxOf([grid]))
    expect(width).toBeGreaterThan(33_000)
    expect(width).toBeLessThan(34_500)
    expect(typicalWidth([], () => undefined)).toBeUndefined()
  })
})

describe('how grids are drawn', () => {
  const look = () => ({ risk: 2 })

  it('levels follow the zoom without a gap, or one is pinned', () => {
    expect(levelRange(2, 'auto', 11)).toEqual([0, 11])
    expect(levelRange(3, 'auto', 11)).toEqual([11, 24])
    expect(levelRange(3, 2, 11)).toBeNull()
    expect(levelRange(3, 3, 11)).toEqual([0, 24])
    expect(levelRange(1, 3, 11)).toEqual([0, 24])
  })

  it('polygons carry what colours them; names keep whatever they are, as text', () => {
    const polygons = gridCollection(county, look)
    expect(polygons.features).toHaveLength(7)
    expect(polygons.features[3]).toMatchObject({ id: 4, properties: { id: 4, level: 3, risk: 2 } })
    const names = labelCollection(county, look).features.map((feature) => feature.properties?.name)
    expect(names).toContain('<b>东后街</b>')
    expect(names).toContain('周庄子村')
  })

  it('departments have no place on the map, units only a name', () => {
    const unit = { ...county[3]!, geometry: { type: 'Point', coordinates: [117, 40] } } as (typeof county)[number]
    const department = {
      ...county[3]!,
      geometry: null,
      properties: { ...county[3]!.properties, center: null },
    }
    expect(gridCollection([unit, department], look).features).toEqual([])
    expect(labelCollection([unit, department], look).features).toHaveLength(1)
  })
})

describe('what we know of grids', () => {
  it('asks once for all levels, simplified', async () => {
    let asked: Record<string, unknown> = {}
    answers.push(async (args) => {
      asked = args
      return { ok: true, data: collection }
    })
    const store = useGrids()
    expect(await store.load()).toBe(true)
    expect(asked).toMatchObject({ p_level: null, p_parent: null, p_bbox: null })
    expect(asked.p_tolerance).toBeGreaterThan(0)
    expect(store.tree.byCode.get('120119106')?.id).toBe(2)
  })

  it('the same answer keeps its identity, another version does not', async () => {
    const store = useGrids()
    answers.push(ok(collection), ok(structuredClone(collection)))
    await store.load()
    const before = store.features
    await store.load()
    expect(store.features).toBe(before)
    const changed = structuredClone(collection)
    changed.features[3]!.properties.version = 2
    answers.push(ok(changed))
    await store.load()
    expect(store.features).not.toBe(before)
  })

  it('asks for finer outlines once the map comes near, and a late coarse answer does not undo them', async () => {
    const store = useGrids()
    const tolerances: unknown[] = []
    let settle = (_: Result<unknown>) => {}
    const fine = structuredClone(collection)
    answers.push(
      async (args) => {
        tolerances.push(args.p_tolerance)
        return { ok: true, data: collection }
      },
      () =>
        new Promise((resolve) => {
          settle = resolve
        }),
      async (args) => {
        tolerances.push(args.p_tolerance)
        return { ok: true, data: fine }
      },
    )
    await store.load()
    store.refine(9)
    const late = store.load()
    store.refine(12)
    store.refine(13)
    await vi.waitFor(() => expect(store.features).toBe(fine.features), 60_000)
    settle({ ok: true, data: structuredClone(collection) })
    expect(await late).toBe(true)
    expect(store.features).toBe(fine.features)
    expect(tolerances).toHaveLength(2)
    expect(Number(tolerances[1])).toBeLessThan(Number(tolerances[0]))
  })

  it('follows a change by asking for the siblings, and for everything when that does not tell', async () => {
    const store = useGrids()
    answers.push(ok(structuredClone(collection)))
    await store.load()
    const parents: unknown[] = []
    const village = store.features.find((feature) => feature.properties.level === 3)!
    const parent = village.properties.parent_id
    const siblings = store.features.filter((feature) => feature.properties.parent_id === parent)
    const others = store.features.filter((feature) => feature.properties.parent_id !== parent)
    const changed = structuredClone(siblings)
    for (const feature of changed) feature.properties.version = 9
    const remember = (features: unknown) => async (args: Record<string, unknown>) => {
      parents.push(args.p_parent)
      return { ok: true as const, data: { type: 'FeatureCollection', features } }
    }
    answers.push(remember(changed))
    expect(await store.follow([{ id: village.id, op: 'update' }])).toBe(true)
    expect(parents).toEqual([parent])
    expect(store.tree.byId.get(village.id)?.properties.version).toBe(9)
    expect(store.features).toHaveLength(others.length + siblings.length)
    for (const other of others) expect(store.tree.byId.get(other.id)).toBe(other)
    // a new one, and one that is not among its siblings any more
    answers.push(remember(collection.features))
    await store.follow([{ id: 4711, op: 'insert' }])
    expect(parents).toEqual([parent, null])
    answers.push(remember(siblings.filter((feature) => feature.id !== village.id)), remember(collection.features))
    await store.follow([{ id: village.id, op: 'update' }])
    expect(parents).toEqual([parent, null, parent, null])
  })

  it('keeps what is shown when a refresh fails, and says why', async () => {
    const store = useGrids()
    answers.push(ok(collection), offline)
    await store.load()
    expect(await store.load()).toBe(false)
    expect(store.state).toBe('ready')
    expect(store.features).toHaveLength(7)
    expect(store.failure?.message).toBe('网络不通')
  })

  it('forgets at sign-out, and an answer that comes after it stays unheard', async () => {
    const store = useGrids()
    let settle = (_: Result<unknown>) => {}
    answers.push(
      () =>
        new Promise((resolve) => {
          settle = resolve
        }),
    )
    const loading = store.load()
    store.clear()
    settle({ ok: true, data: collection })
    expect(await loading).toBe(false)
    expect(store.features).toEqual([])
    expect(store.state).toBe('idle')
  })

  it('shows the card asked for last, whichever answer comes first', async () => {
    const store = useGrids()
    const settle: ((name: string) => void)[] = []
    const later = (id: number) => () =>
      new Promise<Result<unknown>>((resolve) => settle.push((name) => resolve({ ok: true, data: { id, name } })))
    answers.push(later(2), later(3))
    const [first, second] = [store.openCard(2), store.openCard(3)]
    settle[1]?.('邦均镇')
    settle[0]?.('别山镇')
    await Promise.all([first, second])
    expect(store.card?.name).toBe('邦均镇')
  })

  it('tells a grid that is not there from one that could not be asked for', async () => {
    const store = useGrids()
    answers.push(ok({ status: 'not_found' }), offline)
    await store.openCard(9)
    expect(store.cardState).toBe('missing')
    await store.openCard(8)
    expect(store.cardState).toBe('failed')
    await store.openCard(null)
    expect(store.cardState).toBe('idle')
  })
})
