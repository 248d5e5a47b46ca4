import { describe, expect, it } from 'vitest'
import { compose, diff, EMPTY_PICTURE, type Picture, type Scene, type SceneLayer } from '../../src/map/scene'

const data = (name: string): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: { name }, geometry: { type: 'Point', coordinates: [117, 40] } }],
})
const line = (id: string, width = 1, source = 'a'): SceneLayer => ({
  id,
  type: 'line',
  source,
  paint: { 'line-width': width },
})
const picture = (
  layers: SceneLayer[],
  sources: Scene['sources'] = { a: { kind: 'geojson', data: data('a') } },
): Picture => compose([{ sources, layers: { border: layers } }])

describe('compose', () => {
  it('orders layers by slot, then by scene', () => {
    const low: Scene = { layers: { point: [line('points')], fill: [line('fill')] } }
    const high: Scene = { layers: { ground: [line('ground')], fill: [line('hatch')] } }
    expect(compose([low, high]).layers.map((layer) => layer.id)).toEqual(['ground', 'fill', 'hatch', 'points'])
  })

  it('leaves out slots that are not wanted yet', () => {
    const scene: Scene = { layers: { label: [line('names')], fill: [line('fill')] } }
    expect(compose([scene], ['fill']).layers.map((layer) => layer.id)).toEqual(['fill'])
  })
})

/** Plays the steps back on a list of layer ids, as the map would. */
function play(from: Picture, to: Picture): string[] {
  const ids = from.layers.map((layer) => layer.id)
  const insert = (id: string, before: string | undefined) => {
    if (before !== undefined && !ids.includes(before)) throw new Error(`${id} before ${before}, which is not there`)
    ids.splice(before === undefined ? ids.length : ids.indexOf(before), 0, id)
  }
  for (const op of diff(from, to)) {
    if (op.op === 'removeLayer') ids.splice(ids.indexOf(op.id), 1)
    if (op.op === 'addLayer') insert(op.layer.id, op.before)
    if (op.op === 'moveLayer') {
      ids.splice(ids.indexOf(op.id), 1)
      insert(op.id, op.before)
    }
  }
  return ids
}

describe('diff', () => {
  it('builds a picture from nothing: sources before layers, layers in order', () => {
    const to = picture([line('one'), line('two')])
    expect(diff(EMPTY_PICTURE, to).map((op) => op.op)).toEqual(['addSource', 'addLayer', 'addLayer'])
    expect(play(EMPTY_PICTURE, to)).toEqual(['one', 'two'])
  })

  it('has nothing to do when nothing changed', () => {
    const sources: Scene['sources'] = { a: { kind: 'geojson', data: data('a') } }
    expect(diff(picture([line('one')], sources), picture([line('one')], sources))).toEqual([])
  })

  it('sends data again only when it is another object', () => {
    const [before, after] = [data('same'), data('same')]
    const from = picture([line('one')], { a: { kind: 'geojson', data: before } })
    const to = picture([line('one')], { a: { kind: 'geojson', data: after } })
    expect(diff(from, to)).toEqual([{ op: 'setData', id: 'a', data: after, ground: false }])
  })

  it('lays levels over data that stays, and again when the data is new', () => {
    const [one, other] = [data('a'), data('b')]
    const levels = new Map([[1, 2]])
    const plain = picture([line('one')], { a: { kind: 'geojson', data: one } })
    const levelled = picture([line('one')], { a: { kind: 'geojson', data: one, levels } })
    const later = picture([line('one')], { a: { kind: 'geojson', data: other, levels } })
    const kinds = (from: Picture, to: Picture) => diff(from, to).map((op) => op.op)
    expect(kinds(EMPTY_PICTURE, levelled)).toEqual(['addSource', 'setLevels', 'addLayer'])
    expect(kinds(plain, levelled)).toEqual(['setLevels'])
    expect(kinds(levelled, levelled)).toEqual([])
    expect(kinds(levelled, later)).toEqual(['setData', 'setLevels'])
  })

  it('changes paint, layout, filter and zoom in place', () => {
    const a = { a: { kind: 'geojson', data: data('a') } } as const
    const from = picture([line('one')], a)
    const to = picture(
      [{ ...line('one', 3), minzoom: 4, filter: ['==', 'x', 1], layout: { visibility: 'none' } } as SceneLayer],
      a,
    )
    expect(diff(from, to)).toEqual([
      { op: 'setFilter', id: 'one', filter: ['==', 'x', 1] },
      { op: 'setZoom', id: 'one', min: 4, max: 24 },
      { op: 'setLayout', id: 'one', name: 'visibility', value: 'none' },
      { op: 'setPaint', id: 'one', name: 'line-width', value: 3 },
    ])
  })

  it('takes away what a property no longer says', () => {
    const a = { a: { kind: 'geojson', data: data('a') } } as const
    const to = picture([{ id: 'one', type: 'line', source: 'a' }], a)
    expect(diff(picture([line('one')], a), to)).toEqual([
      { op: 'setPaint', id: 'one', name: 'line-width', value: undefined },
    ])
  })

  it('removes layers before the source they stand on, and rebuilds when its options change', () => {
    const collection = data('a')
    const from = picture([line('one')], { a: { kind: 'geojson', data: collection } })
    expect(diff(from, EMPTY_PICTURE).map((op) => op.op)).toEqual(['removeLayer', 'removeSource'])
    const to = picture([line('one')], { a: { kind: 'geojson', data: collection, options: { cluster: true } } })
    expect(diff(from, to).map((op) => op.op)).toEqual(['removeLayer', 'removeSource', 'addSource', 'addLayer'])
  })

  it('rebuilds a layer that moves to another source', () => {
    const sources = { a: { kind: 'geojson', data: data('a') }, b: { kind: 'geojson', data: data('b') } } as const
    const ops = diff(picture([line('one', 1, 'a')], sources), picture([line('one', 1, 'b')], sources))
    expect(ops.map((op) => op.op)).toEqual(['removeLayer', 'addLayer'])
  })

  it.each([
    [
      ['a', 'b', 'c'],
      ['c', 'a', 'b'],
    ],
    [
      ['a', 'b', 'c'],
      ['a', 'x', 'c', 'y'],
    ],
    [
      ['a', 'b'],
      ['y', 'b', 'x', 'a', 'z'],
    ],
    [[], ['a', 'b', 'c']],
    [['a', 'b', 'c'], []],
  ])('gets from %j to %j', (before, after) => {
    const of = (ids: string[]) => picture(ids.map((id) => line(id)))
    expect(play(of(before), of(after))).toEqual(after)
  })

  it('draws images anew when their recipe changes', () => {
    const image = { kind: 'glyph', shape: 'circle', fill: '#f00', paper: '#fff', ink: '#000', size: 20 } as const
    const from = compose([{ images: { dot: image } }])
    expect(diff(from, compose([{ images: { dot: { ...image } } }]))).toEqual([])
    const to = compose([{ images: { dot: { ...image, fill: '#00f' } } }])
    expect(diff(from, to)).toEqual([{ op: 'updateImage', id: 'dot', image: { ...image, fill: '#00f' } }])
  })
})
