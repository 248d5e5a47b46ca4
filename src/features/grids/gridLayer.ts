// How grids look: borders by level, names, the one that is selected or under the pointer. Pure: data in, scene out.
import { type Palette, withAlpha } from '../../map/palette'
import type { ExpressionSpecification, Scene, SceneLayer } from '../../map/scene'
import { type GridFeature, shortName } from './grid'

export const GRID_SOURCE = 'grids'
/** Levels follow the zoom, or one is pinned. */
export type LevelMode = 'auto' | 2 | 3

/** Properties of the grid source, besides the grid's own: joined by the screen. */
export interface GridLook {
  /** 1..4, 0 nothing to judge */
  risk: number
}

export interface GridSceneOptions {
  palette: Palette
  mode: LevelMode
  /** The zoom at which villages take over from townships. */
  split: number
  borders: boolean
  labels: boolean
  /** 0..1, of borders */
  opacity: number
  glyph: (risk: number) => string
}

/** The zoom range in which a level is shown; null when it is pinned away. */
export function levelRange(level: number, mode: LevelMode, split: number): [number, number] | null {
  if (level === 1) return [0, 24]
  if (mode === 'auto') return level === 2 ? [0, split] : [split, 24]
  return level === mode ? [0, 24] : null
}

/** Grid polygons with what colours them. New identity only when one of the inputs is new (the caller memoises). */
export function gridCollection(
  features: readonly GridFeature[],
  look: (id: number) => GridLook,
): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: features.flatMap((feature) => {
      if (!feature.geometry || feature.geometry.type === 'Point') return []
      const { id, name, level } = feature.properties
      return [
        { type: 'Feature', id, geometry: feature.geometry, properties: { id, name, level, ...look(id) } } as const,
      ]
    }),
  }
}

/** One point per grid for its name: labels of polygons would be repeated in every tile. */
export function labelCollection(
  features: readonly GridFeature[],
  look: (id: number) => GridLook,
): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: features.flatMap((feature) => {
      const { id, name, level, center } = feature.properties
      if (!center) return []
      return [
        {
          type: 'Feature',
          id,
          geometry: { type: 'Point', coordinates: center },
          properties: { id, name: shortName(name), level, ...look(id) },
        } as const,
      ]
    }),
  }
}

/** Areas that answer to the pointer, whatever is drawn on them. */
export const GRID_HIT_LAYERS = ['grid-hit-3', 'grid-hit-2', 'grid-hit-1']

export function gridScene(
  polygons: GeoJSON.FeatureCollection,
  names: GeoJSON.FeatureCollection,
  options: GridSceneOptions,
): Scene {
  const { palette, mode, split, opacity } = options
  const dark = palette.theme === 'dark'
  const edge = dark ? '#dfe8ea' : '#35474d'
  const halo = dark ? 'rgba(15,21,23,.9)' : 'rgba(255,255,255,.92)'
  const fill: SceneLayer[] = []
  const border: SceneLayer[] = []
  const label: SceneLayer[] = []
  const base = { source: GRID_SOURCE } as const

  for (const level of [1, 2, 3]) {
    const range = levelRange(level, mode, split)
    if (!range) continue
    // Not drawn (opacity 0 costs nothing), but found by the pointer even where the colour is switched off.
    fill.push({
      ...base,
      id: `grid-hit-${level}`,
      type: 'fill',
      filter: ['==', ['get', 'level'], level],
      minzoom: range[0],
      maxzoom: range[1],
      paint: { 'fill-opacity': 0 },
    })
  }

  if (options.borders) {
    const villages = levelRange(3, mode, split)
    if (villages) {
      border.push({
        ...base,
        id: 'grid-border-3',
        type: 'line',
        filter: ['==', ['get', 'level'], 3],
        minzoom: villages[0],
        maxzoom: villages[1],
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': dark ? '#8fa0a5' : '#6b7c82',
          'line-width': ['interpolate', ['linear'], ['zoom'], 10, 0.4, 14, 1.1],
          'line-opacity': 0.75 * opacity,
        },
      })
    }
    border.push({
      ...base,
      id: 'grid-border-2',
      type: 'line',
      filter: ['==', ['get', 'level'], 2],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': edge,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 11, 1.4, 14, 2.4],
        'line-opacity': 0.85 * opacity,
      },
    })
    border.push({
      ...base,
      id: 'grid-border-1',
      type: 'line',
      filter: ['==', ['get', 'level'], 1],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': edge,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 2.2, 14, 4],
        'line-opacity': opacity,
      },
    })
  }

  if (options.labels) {
    const risks = [1, 2, 3, 4].flatMap((risk) => [risk, `${options.glyph(risk)} `])
    const glyph = ['match', ['get', 'risk'], ...risks, ''] as unknown as string
    for (const level of [3, 2] as const) {
      const range = levelRange(level, mode, split)
      // Where villages are shown, the names of the townships stay, set wide and quiet, to say where one is.
      const asBackground = level === 2 && (mode === 3 || mode === 'auto')
      if (range) label.push(nameLayer(`grid-name-${level}`, level, range, glyph, palette, halo))
      if (asBackground) label.push(backgroundName(mode === 3 ? 0 : split, palette, halo))
    }
  }

  return {
    sources: {
      // buffer and tolerance: borders are thin, and the data is simplified already
      [GRID_SOURCE]: { kind: 'geojson', data: polygons, options: { tolerance: 0.3, buffer: 64, maxzoom: 14 } },
      'grid-names': { kind: 'geojson', data: names },
    },
    layers: { fill, border, label },
  }
}

function nameLayer(
  id: string,
  level: 2 | 3,
  range: [number, number],
  glyph: string,
  palette: Palette,
  halo: string,
): SceneLayer {
  return {
    id,
    type: 'symbol',
    source: 'grid-names',
    filter: ['==', ['get', 'level'], level],
    minzoom: range[0],
    maxzoom: range[1],
    layout: {
      'text-field': ['format', glyph, { 'font-scale': 0.72 }, ['get', 'name'], {}],
      'text-font': ['Medium'],
      'text-size': sizes(palette.scale, level === 2 ? [8, 11, 10, 13, 12, 16] : [10, 10.5, 12, 12, 15, 15]),
      'text-max-width': 7,
      'text-padding': level === 2 ? 2 : 6,
      'text-variable-anchor': ['center', 'bottom', 'top'],
      'text-radial-offset': 1.8,
      // the worst first: when there is no room for all names, those remain
      'symbol-sort-key': ['match', ['get', 'risk'], 1, 1, 2, 2, 3, 3, 4, 4, 5],
    },
    paint: { 'text-color': palette.text, 'text-halo-color': halo, 'text-halo-width': 1.4 },
  }
}

/** Sizes in pixels by zoom (zoom, size, zoom, size, …), enlarged as the screen wants. */
const sizes = (scale: number, stops: number[]): ExpressionSpecification =>
  [
    'interpolate',
    ['linear'],
    ['zoom'],
    ...stops.map((stop, i) => (i % 2 ? stop * scale : stop)),
  ] as unknown as ExpressionSpecification

function backgroundName(from: number, palette: Palette, halo: string): SceneLayer {
  return {
    id: 'grid-name-back',
    type: 'symbol',
    source: 'grid-names',
    filter: ['==', ['get', 'level'], 2],
    minzoom: from,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': ['Bold'],
      'text-size': sizes(palette.scale, [9, 13, 13, 20]),
      'text-letter-spacing': 0.25,
      'text-max-width': 12,
    },
    paint: { 'text-color': palette.text, 'text-halo-color': halo, 'text-halo-width': 1.6, 'text-opacity': 0.9 },
  }
}

/** The outline of what is selected and of what is under the pointer: a source of their own, two features at most. */
export function focusScene(
  selected: GridFeature | undefined,
  hovered: GridFeature | undefined,
  palette: Palette,
): Scene {
  const features = [
    ...(hovered && hovered.id !== selected?.id ? [{ grid: hovered, role: 'hover' }] : []),
    ...(selected ? [{ grid: selected, role: 'selected' }] : []),
  ].flatMap(({ grid, role }) =>
    grid.geometry ? [{ type: 'Feature' as const, geometry: grid.geometry, properties: { role } }] : [],
  )
  const paper = palette.theme === 'dark' ? '#0f1517' : '#ffffff'
  const isSelected: ExpressionSpecification = ['==', ['get', 'role'], 'selected']
  return {
    sources: { 'grid-focus': { kind: 'geojson', data: { type: 'FeatureCollection', features } } },
    layers: {
      focus: [
        {
          id: 'grid-focus-casing',
          type: 'line',
          source: 'grid-focus',
          layout: { 'line-join': 'round' },
          paint: { 'line-color': withAlpha(paper, 0.9), 'line-width': ['case', isSelected, 6, 4] },
        },
        {
          id: 'grid-focus-line',
          type: 'line',
          source: 'grid-focus',
          layout: { 'line-join': 'round' },
          paint: {
            'line-color': ['case', isSelected, palette.accent, palette.text],
            'line-width': ['case', isSelected, 3, 1.6],
          },
        },
      ],
    },
  }
}
