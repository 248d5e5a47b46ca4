import type { Feature, FeatureCollection, Geometry } from 'geojson'
import type { Palette } from '../../map/palette'
import { withAlpha } from '../../map/palette'
import type { Scene, SceneLayer } from '../../map/scene'
import type { SymbolSpec } from '../../map/symbols'
import type { Checked, PreviewRow } from './importSession'

/** What the preview draws, each with an identity of its own: only what changed is handed to the map again. */
export interface PreviewData {
  rows: FeatureCollection
  /** Overlaps and what lies outside its parent. */
  wrong: FeatureCollection
  gaps: FeatureCollection
  around: FeatureCollection
}

const collect = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })
export const NOTHING = collect([])

/** Layers that answer to the pointer. */
export const POINT_LAYERS = ['import-point']
export const AREA_LAYERS = ['import-fill']

/**
 * The rows as features: id = index of the row, property `state`.
 * @param shapeOf the geometry of a row (EPSG:4326), null for one without a place
 */
export function rowFeatures(rows: PreviewRow[], shapeOf: (index: number) => Geometry | null): FeatureCollection {
  return collect(
    rows.flatMap((row): Feature[] => {
      const geometry = shapeOf(row.index)
      if (!geometry) return []
      return [
        { type: 'Feature', id: row.index, geometry, properties: { name: row.name, state: row.state, id: row.index } },
      ]
    }),
  )
}

/** The ground that the database found wrong, each piece once. */
export function wrongFeatures(checked: Checked | null): FeatureCollection {
  if (!checked) return NOTHING
  const areas = new Set<Geometry>()
  for (const problem of [...checked.general, ...[...checked.problems.values()].flat()]) {
    if (problem.area) areas.add(problem.area)
  }
  return collect([...areas].map((geometry) => ({ type: 'Feature', geometry, properties: {} })))
}

/**
 * The preview as a scene. What is wrong is told by shape besides colour: a dashed border, a triangle; a place outside
 * every grid is hollow.
 * @param danger the colour of errors (risk colours belong to risk)
 * @param chosen index of the row that is looked at
 */
export function previewScene(data: PreviewData, palette: Palette, danger: string, chosen: number | null): Scene {
  const { accent, surface, text, text2 } = palette
  const byState = (good: unknown, warned: unknown, wrong: unknown, excluded: unknown) =>
    ['match', ['get', 'state'], 'wrong', wrong, 'warned', warned, 'excluded', excluded, good] as never
  const isWrong = ['==', ['get', 'state'], 'wrong'] as never
  const isChosen = ['==', ['get', 'id'], chosen ?? -1] as never
  const polygons = ['==', ['geometry-type'], 'Polygon'] as never
  const fill: SceneLayer[] = [
    {
      id: 'import-fill',
      type: 'fill',
      source: 'import-rows',
      filter: polygons,
      paint: {
        'fill-color': byState(accent, accent, danger, text2),
        'fill-opacity': byState(0.16, 0.1, 0.2, 0.05),
        'fill-antialias': false,
      },
    },
  ]
  const border: SceneLayer[] = [
    line('import-around-line', 'import-around', { 'line-color': text2, 'line-width': 0.8, 'line-opacity': 0.55 }),
    line('import-line', 'import-rows', {
      'line-color': byState(accent, accent, danger, text2),
      'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.6, 13, 1.6] as never,
    }),
    {
      ...line('import-line-wrong', 'import-rows', {
        'line-color': danger,
        'line-width': 2.2,
        'line-dasharray': [2.5, 1.5],
      }),
      filter: isWrong,
    } as SceneLayer,
  ]
  const focus: SceneLayer[] = [
    {
      id: 'import-gap',
      type: 'fill',
      source: 'import-gaps',
      paint: { 'fill-color': text2, 'fill-opacity': 0.45, 'fill-outline-color': text },
    },
    { id: 'import-wrong', type: 'fill', source: 'import-wrong', paint: { 'fill-color': danger, 'fill-opacity': 0.7 } },
    line('import-wrong-line', 'import-wrong', { 'line-color': danger, 'line-width': 2.5 }),
    {
      ...line('import-chosen', 'import-rows', { 'line-color': text, 'line-width': 3 }),
      filter: ['all', ['!=', ['geometry-type'], 'Point'], isChosen] as never,
    } as SceneLayer,
    {
      id: 'import-chosen-point',
      type: 'circle',
      source: 'import-rows',
      filter: ['all', ['==', ['geometry-type'], 'Point'], isChosen] as never,
      paint: {
        'circle-radius': 13,
        'circle-color': withAlpha(text, 0.1),
        'circle-stroke-color': text,
        'circle-stroke-width': 2.5,
      },
    },
  ]
  const label: SceneLayer[] = [
    {
      id: 'import-label',
      type: 'symbol',
      source: 'import-rows',
      filter: polygons,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['Regular'],
        'text-size': 12,
        'text-padding': 4,
        'text-max-width': 8,
      },
      paint: { 'text-color': text, 'text-halo-color': surface, 'text-halo-width': 1.4 },
    },
  ]
  const point: SceneLayer[] = [
    {
      id: 'import-point',
      type: 'symbol',
      source: 'import-rows',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'icon-image': byState('import-good', 'import-warned', 'import-bad', 'import-out'),
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        // Later is on top: what is wrong must not hide beneath what is right.
        'symbol-sort-key': byState(1, 2, 3, 0),
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.6, 13, 1] as never,
      },
    },
  ]
  const source = (collection: FeatureCollection) => ({ kind: 'geojson' as const, data: collection })
  return {
    sources: {
      'import-around': source(data.around),
      'import-rows': source(data.rows),
      'import-gaps': source(data.gaps),
      'import-wrong': source(data.wrong),
    },
    images: symbols(accent, surface, text, text2, danger),
    layers: { fill, border, focus, label, point },
  }
}

function line(id: string, source: string, paint: Record<string, unknown>): SceneLayer {
  return { id, type: 'line', source, layout: { 'line-join': 'round' }, paint } as SceneLayer
}

function symbols(
  accent: string,
  paper: string,
  ink: string,
  quiet: string,
  danger: string,
): Record<string, SymbolSpec> {
  const glyph = { kind: 'glyph', paper, ink: paper } as const
  return {
    'import-good': { ...glyph, shape: 'circle', fill: accent, size: 13 },
    'import-warned': { ...glyph, shape: 'circle', fill: ink, hollow: true, size: 17 },
    'import-bad': { ...glyph, shape: 'triangle', fill: danger, size: 20 },
    'import-out': { ...glyph, shape: 'circle', fill: quiet, hollow: true, size: 11 },
  }
}
