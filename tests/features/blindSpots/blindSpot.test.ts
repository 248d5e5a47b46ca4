import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, it } from 'vitest'
import { type BlindSpots, mendOf, spotsOf, spotsWithin } from '../../../src/features/blindSpots/blindSpot'
import { blindSpotFeatures, blindSpotScene } from '../../../src/features/blindSpots/blindSpotLayer'
import { FALLBACK } from '../../../src/map/palette'
import { compose } from '../../../src/map/scene'

const square = (west: number, south: number, side: number): GeoJSON.Polygon => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + side, south],
      [west + side, south + side],
      [west, south + side],
      [west, south],
    ],
  ],
})
const gap = (grid_id: number, grid_code: string, grid_name: string, area_m2: number, geometry: GeoJSON.Polygon) => ({
  type: 'Feature' as const,
  geometry,
  properties: { grid_id, grid_code, grid_name, area_m2 },
})
const unpatrolled = (grid_id: number, periods: number, last: string | null = '2026-01-02') => ({
  grid_id,
  code: `1201191${String(grid_id).padStart(2, '0')}`,
  name: `村${grid_id}`,
  level: 3,
  periods,
  per: 'week' as const,
  last,
  lon: 117.3,
  lat: 39.95,
})
const staff = (grid_id: number, missing: 'leader' | 'members', level: number, lon: number | null = 117.3) => ({
  grid_id,
  code: `12011910${grid_id}`,
  name: `网格${grid_id}`,
  level,
  leaders: missing === 'leader' ? 0 : 1,
  members: 1,
  needed: 3,
  missing,
  lon,
  lat: lon === null ? null : 40,
})
const answer: BlindSpots = {
  status: 'ok',
  gaps: {
    type: 'FeatureCollection',
    features: [
      gap(2, '120119106', '别山镇', 500, square(117.1, 39.9, 0.01)),
      gap(1, '120119', '蓟州区', 9_000, square(117.5, 39.9, 0.2)),
    ],
  },
  unclaimed_enterprises: [
    { id: 'in', name: '缝里的厂', lon: 117.105, lat: 39.905, sector: '工贸', grid_code: '120119106' },
    { id: 'out', name: '<b>界外</b>', lon: 110, lat: 39, sector: null, grid_code: null },
  ],
  understaffed: [staff(4, 'members', 3), staff(5, 'leader', 3, null), staff(3, 'leader', 2)],
  unpatrolled: [unpatrolled(7, 2), unpatrolled(4, 5, null)],
}

describe('blind spots', () => {
  const lists = spotsOf(answer)

  it('come with the largest gap first, and who lacks a leader before who lacks members', () => {
    expect(lists.gap.map((spot) => spot.grid_code)).toEqual(['120119', '120119106'])
    expect(lists.staff.map((spot) => spot.grid_id)).toEqual([3, 5, 4])
    expect(lists.patrol.map((spot) => spot.grid_id)).toEqual([4, 7])
    expect(new Set(Object.values(lists).flatMap((list) => list.map((spot) => spot.key))).size).toBe(9)
  })

  it('stand inside the gap they mark', () => {
    const [lon, lat] = lists.gap[1]!.at
    expect(lon > 117.1 && lon < 117.11 && lat > 39.9 && lat < 39.91).toBe(true)
  })

  it('know in which gap an enterprise lies, or that it lies outside of everything', () => {
    expect(lists.unclaimed.map((spot) => spot.gap?.grid_name ?? null)).toEqual(['别山镇', null])
  })

  it('lead to where they are mended', () => {
    const [inside, outside] = lists.unclaimed
    const at = lists.gap[1]!.at.join()
    expect(mendOf(lists.gap[1]!, '120119')).toEqual({ path: '/boundaries/120119106', query: { gap: at } })
    expect(mendOf(inside!, '120119')).toEqual({ path: '/boundaries/120119106', query: { gap: at } })
    expect(mendOf(outside!, '120119')).toEqual({ path: '/boundaries/120119', query: { at: '110,39' } })
    expect(mendOf(outside!, null)).toBeNull()
    expect(mendOf(lists.staff[0]!, null)).toEqual({ path: '/people/120119103' })
    expect(mendOf(lists.patrol[0]!, null)).toEqual({ path: '/people/120119104' })
  })

  it('can be those of a part, with the enterprises in its gaps', () => {
    const part = spotsWithin(lists, new Set([2, 4]))
    expect(part.patrol.map((spot) => spot.grid_id)).toEqual([4])
    expect([part.gap.length, part.unclaimed.map((spot) => spot.id), part.staff.map((spot) => spot.grid_id)]).toEqual([
      1,
      ['in'],
      [4],
    ])
    expect(spotsWithin(lists, null)).toBe(lists)
  })
})

describe('the layer of blind spots', () => {
  const lists = spotsOf(answer)

  it('marks each spot whose place is known, and leaves out what the legend has switched off', () => {
    const all = blindSpotFeatures(lists, [])
    expect([all.areas.features.length, all.marks.features.length]).toEqual([2, 8])
    const some = blindSpotFeatures(lists, ['gap', 'unclaimed', 'patrol'])
    expect([some.areas.features.length, some.marks.features.length]).toEqual([0, 2])
  })

  it.each(['light', 'dark'] as const)('is a valid style, and names only images that exist (%s)', (theme) => {
    const scene = blindSpotScene(blindSpotFeatures(lists, []), {
      palette: FALLBACK[theme],
      opacity: 0.8,
      chosen: lists.gap[0]!.key,
      letter: (kind) => kind.slice(0, 1),
    })
    const picture = compose([scene])
    const sources = Object.fromEntries(
      Object.entries(picture.sources).map(([id, source]) => [
        id,
        source.kind === 'tiles' ? source.spec : { type: 'geojson' as const, ...source.options, data: source.data },
      ]),
    )
    const style = { version: 8 as const, glyphs: 'local://{fontstack}/{range}', sources, layers: picture.layers }
    expect(validateStyleMin(style).map((fault) => fault.message)).toEqual([])
    const named = JSON.stringify(picture.layers).match(/blind-(?:hatch|disc(?:-chosen)?)(?=")/g)
    expect(Object.keys(picture.images)).toEqual(expect.arrayContaining([...new Set(named)]))
  })
})
