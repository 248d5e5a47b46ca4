import { describe, expect, it } from 'vitest'
import { attributionOf, crsOf, groundFile } from '../../src/map/basemap'
import { boxOf, zoomForSize } from '../../src/map/camera'
import { SAME, shift, shiftBox } from '../../src/map/display'
import { frameOf, fromTopology } from '../../src/map/ground'
import { withFonts } from '../../src/map/labelFont'
import { toLevel } from '../../src/map/levels'
import { readPalette, withAlpha } from '../../src/map/palette'
import { displayOf } from '../../src/screens/map/displayOf'

describe('grounds', () => {
  it('are read from our own files, or come as tiles', () => {
    expect(groundFile({ kind: 'demo' })).toBe('basemap/jizhou.json')
    expect(groundFile({ kind: 'plain' })).toBe('basemap/world.json')
    expect(groundFile({ kind: 'tianditu', key: 'k', style: 'vec' })).toBeNull()
    expect(attributionOf({ kind: 'demo' })).toContain('GeoNames')
  })

  it('know the system they are drawn in', () => {
    expect(crsOf({ kind: 'raster', url: '', crs: 'BD-09', attribution: '' })).toBe('BD-09')
    expect(crsOf({ kind: 'tianditu', key: 'k', style: 'img' })).toBe('WGS84')
  })

  it('unpack quantized and plain TopoJSON, holes and reversed arcs too', () => {
    const square = [
      [0, 0],
      [2, 0],
      [0, 2],
      [-2, 0],
      [0, -2],
    ]
    const hole = [
      [0.5, 0.5],
      [0.5, 1],
      [1, 1],
      [0.5, 0.5],
    ]
    const land = (arcs: number[][]) => ({
      type: 'GeometryCollection' as const,
      geometries: [{ type: 'Polygon' as const, arcs }],
    })
    const packed = fromTopology({
      type: 'Topology',
      arcs: [square],
      transform: { scale: [10, 5], translate: [100, 30] },
      objects: { land: land([[0]]) },
    })
    expect(packed.land?.features[0]?.geometry).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [100, 30],
          [120, 30],
          [120, 40],
          [100, 40],
          [100, 30],
        ],
      ],
    })
    const plain = fromTopology({ type: 'Topology', arcs: [hole], objects: { land: land([[0], [~0]]) } })
    const [forward, backward] = (plain.land!.features[0]!.geometry as GeoJSON.Polygon).coordinates
    expect(forward).toEqual(hole)
    expect(backward).toEqual([...hole].reverse())
  })

  it('joins arcs without repeating where they meet', () => {
    const topology = {
      type: 'Topology' as const,
      arcs: [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
      objects: { land: { type: 'MultiPolygon' as const, arcs: [[[0, 1]]] } },
    }
    const geometry = fromTopology(topology).land!.features[0]!.geometry as GeoJSON.MultiPolygon
    expect(geometry.coordinates[0]?.[0]).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ])
  })

  it('fade out at their edge, inside the box as far as outside', () => {
    const rings = frameOf([117, 39, 118, 40]).features
    expect(rings).toHaveLength(10)
    const outer = boxOf(rings)
    expect(outer?.[0]).toBeCloseTo(116.91)
    expect(outer?.[3]).toBeCloseTo(40.09)
  })
})

describe('another coordinate system', () => {
  const data: GeoJSON.FeatureCollection = {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', id: 7, properties: { a: 1 }, geometry: { type: 'Point', coordinates: [117.4, 40] } },
      {
        type: 'Feature',
        properties: {},
        geometry: {
          type: 'MultiPolygon',
          coordinates: [
            [
              [
                [117, 40],
                [117.1, 40],
                [117.1, 40.1],
                [117, 40],
              ],
            ],
          ],
        },
      },
    ],
  }

  it.each(['GCJ-02', 'BD-09'] as const)('moves what is drawn onto %s and what is pointed at back', (crs) => {
    const display = displayOf(crs)
    const moved = shift(data, display)
    const point = (moved.features[0]!.geometry as GeoJSON.Point).coordinates as [number, number]
    expect(Math.hypot(point[0] - 117.4, point[1] - 40)).toBeGreaterThan(0.003)
    const back = display.inverse(point)
    expect(back[0]).toBeCloseTo(117.4, 4)
    expect(back[1]).toBeCloseTo(40, 4)
    expect(moved.features[0]).toMatchObject({ id: 7, properties: { a: 1 } })
    expect(data.features[0]?.geometry).toEqual({ type: 'Point', coordinates: [117.4, 40] })
    expect(shiftBox([117, 39, 118, 41], display)[0]).not.toBe(117)
  })

  it('touches nothing on a WGS84 ground', () => {
    expect(displayOf('CGCS2000')).toBe(SAME)
    expect(shift(data, SAME)).toBe(data)
  })
})

describe('small things', () => {
  it('zoomForSize: a length on the ground fills its pixels', () => {
    // at zoom 0 the equator is 512 pixels
    expect(zoomForSize(40_075_016.7, 512, 0)).toBeCloseTo(0)
    expect(zoomForSize(40_075_016.7 / 1024, 512, 0)).toBeCloseTo(10)
    expect(zoomForSize(1000, 56, 40)).toBeLessThan(zoomForSize(1000, 56, 0))
  })

  it('boxOf: nothing has no box', () => {
    expect(boxOf([])).toBeUndefined()
    expect(boxOf([{ type: 'Feature', properties: {}, geometry: null }])).toBeUndefined()
  })

  it('labels get the weight first, then the families of the page', () => {
    const layer = { id: 'x', type: 'symbol', source: 's', layout: { 'text-font': ['Bold'] } } as const
    expect(withFonts({ ...layer, layout: { 'text-font': ['Bold'] } }, '"PingFang SC", sans-serif')).toMatchObject({
      layout: { 'text-font': ['Label Bold', 'PingFang SC', 'sans-serif'] },
    })
    const line = { id: 'x', type: 'line', source: 's' } as const
    expect(withFonts(line, 'a')).toBe(line)
  })

  it('colours keep their alpha; odd notations are left alone', () => {
    expect(withAlpha('#ff8000', 0.5)).toBe('rgba(255,128,0,0.5)')
    expect(withAlpha('rebeccapurple', 0.5)).toBe('rebeccapurple')
    expect(readPalette('dark').risk[1]).toBe('#e63031')
  })

  it('levels: whatever is not 1 to 4 is not assessed', () => {
    expect([1, '2', 9, null, Number.NaN, undefined].map(toLevel)).toEqual([1, 2, 0, 0, 0, 0])
  })
})
