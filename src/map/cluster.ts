// Discs that gather points until one can tell them apart: neutral, with the count, and a rim of the worst level.
import { LEVELS } from './levels'
import type { Palette } from './palette'
import type { ExpressionSpecification, SceneLayer, SceneSource } from './scene'
import type { Shape, SymbolSpec } from './symbols'

/** At this zoom and above nothing is gathered (a place a few metres wide fills a thumb's width). */
const CLUSTER_MAX_ZOOM = 14

/** A source of points with a `level` (0 none) each; its clusters carry `worst`: 1..4, or 9 when none has a level. */
export function clusteredSource(data: GeoJSON.FeatureCollection): SceneSource {
  return {
    kind: 'geojson',
    data,
    options: {
      cluster: true,
      clusterRadius: 56,
      clusterMaxZoom: CLUSTER_MAX_ZOOM,
      clusterMinPoints: 3,
      clusterProperties: { worst: ['min', ['case', ['==', ['get', 'level'], 0], 9, ['get', 'level']]] },
      maxzoom: 16,
    },
  }
}

export interface ClusterLook {
  id: string
  source: string
  palette: Palette
  opacity: number
}

export function clusterLayer({ id, source, palette, opacity }: ClusterLook): SceneLayer {
  const byCount = (sizes: [number, number, number, number]): ExpressionSpecification => {
    const [few, some, many, most] = sizes.map((size) => size * palette.scale) as typeof sizes
    return ['step', ['get', 'point_count'], few, 20, some, 100, many, 500, most]
  }
  return {
    id,
    type: 'symbol',
    source,
    filter: ['has', 'point_count'],
    layout: {
      'icon-image': ['concat', `${source}-cluster-`, ['to-string', ['get', 'worst']]],
      'icon-size': byCount([0.8, 0.95, 1.1, 1.3]),
      'icon-allow-overlap': true,
      'text-field': ['to-string', ['get', 'point_count']],
      'text-font': ['Medium'],
      'text-size': byCount([10.5, 11.5, 12.5, 14]),
      'text-allow-overlap': true,
      'symbol-sort-key': ['get', 'worst'],
    },
    paint: { 'text-color': palette.text, 'icon-opacity': opacity, 'text-opacity': opacity },
  }
}

/** The discs of a source, by worst level. */
export function clusterImages(source: string, shape: Shape, palette: Palette): Record<string, SymbolSpec> {
  const image = (fill: string): SymbolSpec => ({
    kind: 'cluster',
    shape,
    fill,
    paper: palette.surface,
    ink: palette.theme === 'dark' ? 'rgba(0,0,0,.5)' : 'rgba(24,34,37,.45)',
    size: 34,
  })
  return Object.fromEntries(
    LEVELS.map((level) => [`${source}-cluster-${level === 0 ? 9 : level}`, image(palette.risk[level])]),
  )
}
