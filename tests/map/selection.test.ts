import { describe, expect, it } from 'vitest'
import { readingOrder, useGridWalk } from '../../src/map/gridWalk'
import { type Hit, nearest, unique } from '../../src/map/selection'

const found = (source: string, id: number, properties: Record<string, unknown>, at: [number, number]) => ({
  layer: { id: `${source}-points` },
  source,
  id,
  properties,
  geometry: { type: 'Point' as const, coordinates: at },
})

describe('what is under the pointer', () => {
  it('counts once, though it lies in several tiles', () => {
    const twice = [found('enterprises', 1, { id: 'a' }, [0, 0]), found('enterprises', 1, { id: 'a' }, [0, 0])]
    expect(unique(twice).map((hit) => hit.id)).toEqual(['a'])
  })

  it('keeps apart a cluster and a point of the same number', () => {
    const hits = unique([
      found('enterprises', 1, { cluster: true, cluster_id: 1 }, [0, 0]),
      found('enterprises', 1, { id: 'a' }, [0, 0]),
    ])
    expect(hits).toHaveLength(2)
  })

  it('asks for a choice only between things that lie on top of each other', () => {
    const hit = (id: string, x: number): Hit => ({ layer: 'l', source: 's', id, properties: {}, position: [x, 0] })
    const project = ([x, y]: [number, number]) => ({ x, y })
    const hits = nearest([hit('far', 9), hit('near', 1), hit('beside', 3)], project, { x: 0, y: 0 })
    expect(hits.map((h) => h.id)).toEqual(['near', 'beside'])
    expect(nearest([], project, { x: 0, y: 0 })).toEqual([])
  })
})

describe('walking the grids by keyboard', () => {
  const items = [
    { id: 1, center: [117.5, 39.0] as [number, number] },
    { id: 2, center: [117.1, 40.01] as [number, number] },
    { id: 3, center: [117.9, 40.0] as [number, number] },
  ]

  it('goes from north to south, west to east', () => {
    expect(readingOrder(items).map((item) => item.id)).toEqual([2, 3, 1])
  })

  function walker() {
    const seen: (number | null | string)[] = []
    const walk = useGridWalk(
      () => items,
      (id) => seen.push(id),
      (id) => seen.push(`open ${id}`),
      () => seen.push('clear'),
    )
    const key = (name: string, shiftKey = false) => {
      let kept = true
      const event = { key: name, shiftKey, preventDefault: () => (kept = false) }
      walk.onKeydown(event as unknown as KeyboardEvent)
      return kept
    }
    return { seen, key, leave: walk.leave }
  }

  it('Tab steps, Enter opens, Tab past the end leaves the map', () => {
    const { seen, key } = walker()
    expect([key('Tab'), key('Tab'), key('Tab', true)]).toEqual([false, false, false])
    key('Enter')
    expect([key('Tab'), key('Tab'), key('Tab')]).toEqual([false, false, true])
    expect(seen).toEqual([2, 3, 2, 'open 2', 3, 1, null])
  })

  it('Esc clears, and the next Tab leaves', () => {
    const { seen, key, leave } = walker()
    key('Tab')
    key('Escape')
    expect(key('Tab')).toBe(true)
    expect(seen).toEqual([2, null, 'clear'])
    leave()
    expect(key('Tab')).toBe(false)
  })

  it('starts anew after the view has been moved', () => {
    const { seen, key } = walker()
    key('Tab')
    key('Tab')
    key('ArrowLeft')
    key('Tab')
    expect(seen).toEqual([2, 3, 2])
  })
})
