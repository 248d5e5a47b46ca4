// Everything drawn on the map must be a style MapLibre accepts; the map itself does not check again (validateStyle).
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, it } from 'vitest'
import { densityScene } from '../../src/features/density/densityLayer'
import { enterpriseCollection, enterpriseImages, enterpriseScene } from '../../src/features/enterprises/enterpriseLayer'
import { focusScene, gridCollection, gridScene, labelCollection, levelRange } from '../../src/features/grids/gridLayer'
import { hazardCollection, hazardImages, hazardScene } from '../../src/features/hazards/hazardLayer'
import { riskScene } from '../../src/features/risk/riskLayer'
import { type Basemap, type GroundData, groundScene } from '../../src/map/basemap'
import { frameOf } from '../../src/map/ground'
import { FALLBACK, type Theme } from '../../src/map/palette'
import { compose, type Scene } from '../../src/map/scene'
import { county, enterprisePoints, hazardPoints } from './fixtures'

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }

function faults(scenes: Scene[]): string[] {
  const picture = compose(scenes)
  const sources = Object.fromEntries(
    Object.entries(picture.sources).map(([id, source]) => [
      id,
      source.kind === 'tiles' ? source.spec : { type: 'geojson' as const, ...source.options, data: source.data },
    ]),
  )
  const glyphs = 'local://{fontstack}/{range}' // the specification wants one; MapLibre does not
  return validateStyleMin({ version: 8, glyphs, sources, layers: picture.layers }).map((fault) => fault.message)
}

function business(theme: Theme, mode: 'auto' | 2 | 3, opacity = 1): Scene[] {
  const palette = FALLBACK[theme]
  const look = (id: number) => ({ risk: (id % 5) as number })
  const hazards = hazardCollection(hazardPoints, { sector: null, hidden: [] })
  return [
    riskScene({
      palette,
      source: 'grids',
      opacity: 0.6 * opacity,
      hidden: [4],
      levels: [2, 3].flatMap((level) => {
        const range = levelRange(level, mode, 11)
        return range ? [{ level, range }] : []
      }),
    }),
    gridScene(gridCollection(county, look), labelCollection(county, look), {
      palette,
      mode,
      split: 11,
      borders: true,
      labels: true,
      opacity,
      glyph: () => '▲',
    }),
    densityScene(
      { lon: hazardPoints.lon, lat: hazardPoints.lat, factor: hazardPoints.level.map(() => 'hazard_general') },
      { of: 'hazards', as: mode === 3 ? 'hexagons' : 'kernel', weights: { hazard_general: 1 }, palette, opacity },
    ),
    focusScene(county[1], county[2], palette),
    enterpriseScene(enterpriseCollection(enterprisePoints, { sector: null, hidden: [] }), palette, opacity),
    hazardScene(hazards, palette, opacity),
  ]
}

describe('the scenes', () => {
  const themes: Theme[] = ['light', 'dark']
  it.each(themes.flatMap((theme) => (['auto', 2, 3] as const).map((mode) => [theme, mode] as const)))(
    'are a valid style (%s, level %s)',
    (theme, mode) => expect(faults(business(theme, mode))).toEqual([]),
  )

  const ground: GroundData = { frame: frameOf([117, 39.6, 117.9, 40.4]) }
  const grounds: [Basemap, GroundData | null][] = [
    [{ kind: 'demo' }, null],
    [{ kind: 'demo' }, ground],
    [{ kind: 'plain' }, null],
    [{ kind: 'plain' }, { land: EMPTY }],
    [{ kind: 'tianditu', key: 'k&y', style: 'vec' }, null],
    [{ kind: 'tianditu', key: 'key', style: 'img' }, null],
    [{ kind: 'raster', url: '/tiles/{z}/{x}/{y}.png', crs: 'GCJ-02', attribution: 'x' }, null],
    [{ kind: 'vector', url: '/tiles/{z}/{x}/{y}.pbf', crs: 'WGS84', attribution: 'x' }, null],
    [{ kind: 'pmtiles', url: 'https://localhost/county.pmtiles', crs: 'WGS84', attribution: 'x' }, {}],
  ]
  it.each(grounds)('stand on a valid ground: %j', (basemap, data) => {
    for (const theme of themes)
      expect(faults([groundScene(basemap, data, theme), ...business(theme, 'auto')])).toEqual([])
  })

  it('would notice a mistake', () => {
    const wrong = { layers: { fill: [{ id: 'x', type: 'fill', source: 'nowhere', paint: { 'fill-color': 7 } }] } }
    expect(faults([wrong as unknown as Scene])).toHaveLength(2)
  })

  it('lie in the right order: fill, border, heat, outline, names, symbols', () => {
    const ids = compose([groundScene({ kind: 'demo' }, ground, 'light'), ...business('light', 'auto')]).layers.map(
      (l) => l.id,
    )
    const order = [
      'ground-sheet',
      'risk-fill-2',
      'grid-border-2',
      'density-kernel',
      'grid-focus-line',
      'ground-places',
      'grid-name-2',
      'enterprise-points',
      'hazard-points',
    ]
    expect(ids.filter((id) => order.includes(id))).toEqual(order)
  })

  it('name only icons that exist', () => {
    const palette = FALLBACK.light
    const images = { ...enterpriseImages(palette), ...hazardImages(palette) }
    const hazards = hazardCollection(hazardPoints, { sector: null, hidden: [] }).features
    for (const feature of hazards) expect(images).toHaveProperty(feature.properties?.look)
    for (const level of [0, 1, 2, 3, 4]) expect(images).toHaveProperty(`enterprise-${level}`)
    for (const worst of [1, 2, 3, 4, 9]) {
      expect(images).toHaveProperty(`enterprises-cluster-${worst}`)
      expect(images).toHaveProperty(`hazards-cluster-${worst}`)
    }
  })

  it('say what is theirs when the key of 天地图 holds odd characters', () => {
    const scene = groundScene({ kind: 'tianditu', key: 'a&b=c', style: 'vec' }, null, 'light')
    const source = scene.sources?.['ground-tiles']
    expect(source?.kind === 'tiles' && 'tiles' in source.spec && source.spec.tiles?.[0]).toContain('tk=a%26b%3Dc')
  })
})
