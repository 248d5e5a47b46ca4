// How hazards look: severity by colour and shape, stage by the ring around it, what is overdue by a heavy ring.
import { clusteredSource, clusterImages, clusterLayer } from '../../map/cluster'
import { LEVEL_SHAPE } from '../../map/levels'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'
import type { SymbolSpec } from '../../map/symbols'
import { type HazardFilter, type HazardPoints, type HazardStage, passes, STAGES, stageOf } from './hazard'

export const HAZARD_SOURCE = 'hazards'
export const HAZARD_HIT_LAYERS = ['hazard-points', 'hazard-clusters']

/** The points that pass the filter (see enterpriseCollection for why not a layer filter). */
export function hazardCollection(points: HazardPoints, filter: HazardFilter): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = []
  for (let i = 0; i < points.id.length; i++) {
    if (!passes(points, i, filter)) continue
    const level = points.level[i] ?? 3
    features.push({
      type: 'Feature',
      id: i,
      geometry: { type: 'Point', coordinates: [points.lon[i]!, points.lat[i]!] },
      properties: {
        id: points.id[i],
        level,
        look: imageId(level, stageOf(points.status[i] ?? 'assigned'), points.overdue[i] ?? false),
        name: points.title[i] ?? '',
      },
    })
  }
  return { type: 'FeatureCollection', features }
}

const imageId = (level: number, stage: HazardStage, overdue: boolean) =>
  `hazard-${level === 1 ? 'major' : 'general'}-${stage}${overdue ? '-late' : ''}`

const RING = { new: 'dashed', work: 'solid', review: 'double' } as const

/** The icon of a hazard; the legend draws the same one. */
export function hazardSymbol(level: 1 | 3, stage: HazardStage, overdue: boolean, palette: Palette): SymbolSpec {
  return {
    kind: 'badge',
    shape: LEVEL_SHAPE[level],
    fill: palette.risk[level],
    paper: palette.surface,
    ink: palette.text,
    hollow: stage === 'new',
    ring: overdue ? 'heavy' : RING[stage],
    size: 26,
  }
}

/** The icon that stands for a legend entry: what it says of a hazard, and nothing else. */
export function hazardLegendSymbol(entry: string, palette: Palette): SymbolSpec | null {
  if (entry === 'major') return { ...hazardSymbol(1, 'work', false, palette), kind: 'glyph', size: 22 }
  if (entry === 'general') return { ...hazardSymbol(3, 'work', false, palette), kind: 'glyph', size: 22 }
  const plain = { ...palette, risk: palette.risk.map(() => palette.text2) as Palette['risk'] }
  if (entry === 'overdue' || entry === 'ontime') return hazardSymbol(3, 'work', entry === 'overdue', plain)
  const stage = STAGES.find((known) => known === entry)
  return stage ? hazardSymbol(3, stage, false, plain) : null
}

export function hazardImages(palette: Palette): Record<string, SymbolSpec> {
  const images = clusterImages(HAZARD_SOURCE, 'square', palette)
  for (const level of [1, 3] as const) {
    for (const stage of STAGES) {
      for (const late of [false, true]) {
        images[imageId(level, stage, late)] = hazardSymbol(level, stage, late, palette)
      }
    }
  }
  return images
}

export function hazardScene(data: GeoJSON.FeatureCollection, palette: Palette, opacity: number): Scene {
  return {
    sources: { [HAZARD_SOURCE]: clusteredSource(data) },
    images: hazardImages(palette),
    layers: {
      point: [
        {
          id: 'hazard-points',
          type: 'symbol',
          source: HAZARD_SOURCE,
          filter: ['!', ['has', 'point_count']],
          layout: {
            'icon-image': ['get', 'look'],
            'icon-size': [
              'interpolate',
              ['linear'],
              ['zoom'],
              9,
              0.6 * palette.scale,
              13,
              0.8 * palette.scale,
              16,
              palette.scale,
            ],
            'icon-allow-overlap': true,
            'symbol-sort-key': ['-', 10, ['get', 'level']],
          },
          paint: { 'icon-opacity': opacity },
        },
        clusterLayer({ id: 'hazard-clusters', source: HAZARD_SOURCE, palette, opacity }),
      ],
    },
  }
}
