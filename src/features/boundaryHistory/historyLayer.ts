// How the past looks: outlines as of a date, the earlier ones dashed; what was gained hatched in the accent, what was
// lost in grey. Risk colours stay out of it.
import { labelPoint } from '../../geo/labelPoint'
import { type Palette, withAlpha } from '../../map/palette'
import type { Scene, SceneLayer } from '../../map/scene'
import { hatch, type SymbolSpec } from '../../map/symbols'
import type { ComparedGrid, Versions } from './boundaryVersion'

export const HISTORY_AREA_LAYERS = ['history-fill']

const collect = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features })

// The label of an outline is searched for, which takes longer than drawing it.
const points = new WeakMap<object, [number, number]>()
function labelOf(geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon): [number, number] {
  const known = points.get(geometry) ?? labelPoint(geometry)
  points.set(geometry, known)
  return known
}

/** Outlines and the places of their names. */
export function versionFeatures(versions: Versions) {
  const outlines = versions.features.map(({ geometry, properties: { id, name, self } }) => ({
    type: 'Feature' as const,
    id,
    geometry,
    properties: { id, name, self },
  }))
  const names = versions.features
    .filter(({ properties }) => !properties.self)
    .map(({ geometry, properties: { id, name } }) => ({
      type: 'Feature' as const,
      geometry: { type: 'Point' as const, coordinates: labelOf(geometry) },
      properties: { id, name },
    }))
  return { outlines: collect(outlines), names: collect(names) }
}

/** Ground that changed hands: `way` gained or lost. With a chosen grid only its own, else each piece once. */
export function changeFeatures(grids: readonly ComparedGrid[], chosen: number | null): GeoJSON.FeatureCollection {
  const own = grids.filter((grid) => (chosen === null ? !grid.self : grid.id === chosen))
  return collect(
    own.flatMap(({ id, name, gained, lost }) => [
      ...(lost ? [{ type: 'Feature' as const, geometry: lost, properties: { id, name, way: 'lost' } }] : []),
      ...(gained ? [{ type: 'Feature' as const, geometry: gained, properties: { id, name, way: 'gained' } }] : []),
    ]),
  )
}

/** The hatches, for the map and its legend. */
export const changeHatch = (way: 'gained' | 'lost', palette: Palette): SymbolSpec =>
  way === 'gained'
    ? hatch(palette.accent, 'rise', 8, withAlpha(palette.accent, 0.18))
    : hatch(palette.text2, 'fall', 8, withAlpha(palette.text2, 0.14))

export interface HistoryLook {
  palette: Palette
  /** Id of the grid that is looked at. */
  chosen: number | null
}

export function historyScene(
  now: ReturnType<typeof versionFeatures>,
  before: GeoJSON.FeatureCollection | null,
  changes: GeoJSON.FeatureCollection,
  { palette, chosen }: HistoryLook,
): Scene {
  const isSelf = ['get', 'self'] as never
  const isChosen = ['==', ['get', 'id'], chosen ?? -1] as never
  const hatched = (way: 'gained' | 'lost'): SceneLayer[] => [
    {
      id: `history-${way}`,
      type: 'fill',
      source: 'history-changes',
      filter: ['==', ['get', 'way'], way],
      paint: { 'fill-pattern': `history-${way}` },
    },
  ]
  return {
    sources: {
      'history-now': { kind: 'geojson', data: now.outlines, options: { tolerance: 0.2, maxzoom: 16 } },
      'history-before': { kind: 'geojson', data: before ?? collect([]), options: { tolerance: 0.2, maxzoom: 16 } },
      'history-changes': { kind: 'geojson', data: changes, options: { tolerance: 0.1, maxzoom: 16 } },
      'history-names': { kind: 'geojson', data: now.names },
    },
    images: { 'history-gained': changeHatch('gained', palette), 'history-lost': changeHatch('lost', palette) },
    layers: {
      fill: [
        {
          id: 'history-fill',
          type: 'fill',
          source: 'history-now',
          filter: ['!', isSelf],
          paint: {
            'fill-color': ['case', isChosen, withAlpha(palette.accent, 0.14), withAlpha(palette.surface, 0.35)],
            'fill-antialias': false,
          },
        },
        ...hatched('lost'),
        ...hatched('gained'),
      ],
      border: [
        {
          id: 'history-before',
          type: 'line',
          source: 'history-before',
          layout: { 'line-join': 'round' },
          paint: { 'line-color': palette.text2, 'line-width': 1.6, 'line-dasharray': [3, 2] },
        },
        {
          id: 'history-now',
          type: 'line',
          source: 'history-now',
          layout: { 'line-join': 'round' },
          paint: {
            'line-color': palette.text,
            'line-width': ['case', isSelf, 2.6, 1.2],
            'line-opacity': 0.85,
          },
        },
      ],
      focus: [
        {
          id: 'history-chosen',
          type: 'line',
          source: 'history-now',
          filter: isChosen,
          layout: { 'line-join': 'round' },
          paint: { 'line-color': palette.accent, 'line-width': 3 },
        },
      ],
      label: [
        {
          id: 'history-name',
          type: 'symbol',
          source: 'history-names',
          layout: {
            'text-field': ['get', 'name'],
            'text-font': ['Medium'],
            'text-size': ['interpolate', ['linear'], ['zoom'], 10, 10.5 * palette.scale, 13, 13 * palette.scale],
            'text-max-width': 6,
            'text-padding': 1,
            'text-variable-anchor': ['center', 'top', 'bottom'],
            'text-radial-offset': 0.6,
          },
          paint: {
            'text-color': palette.text,
            'text-halo-color': palette.theme === 'dark' ? 'rgba(15,21,23,.9)' : 'rgba(255,255,255,.92)',
            'text-halo-width': 1.4,
          },
        },
      ],
    },
  }
}
