// How the editor looks: cells, what was there before, what is wrong, handles, what is being drawn. Pure.
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson'
import { type Palette, withAlpha } from '../../map/palette'
import type { ExpressionSpecification, Scene, SceneLayer } from '../../map/scene'
import { hatch } from '../../map/symbols'

export const CELL_SOURCE = 'boundary-cells'
export const CELL_HIT_LAYERS = ['boundary-gap-hit', 'boundary-cell-hit']
const GAP_SOURCE = 'boundary-gaps'
/** Outlines of the cells that stand out: a source of its own, so that a click does not cut all cells anew. */
export const MARK_SOURCE = 'boundary-marks'
/** What follows the pointer: a few features, replaced many times a second. */
export const LIVE_SOURCE = 'boundary-live'

export const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] }
export const collect = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })
export const asFeature = (
  geometry: Geometry,
  properties: Record<string, unknown> = {},
  id?: string | number,
): Feature => ({ type: 'Feature', geometry, properties, ...(id === undefined ? {} : { id }) })

export interface BoundaryPicture {
  /** All cells; properties level. Feature ids are cell ids (fresh ones negative), see `drawnId`. */
  cells: FeatureCollection
  /** One point a cell: properties name, level, note (its area while it changes). */
  names: FeatureCollection
  root: Geometry | null
  /** Cells that stand out; properties role. Feature ids as for cells. */
  marks: FeatureCollection
  /** Outlines as they were opened, of what has changed. */
  before: FeatureCollection
  gaps: FeatureCollection
  issues: FeatureCollection
  /** One point for every check, seen at every zoom; properties kind: error, notice, gap; word. */
  signs: FeatureCollection
  /** Properties kind: node, vertex, mid; fixed; chosen. */
  handles: FeatureCollection
  /** Properties role: line, fill, point, stretch, taken, kept. */
  sketch: FeatureCollection
  units: FeatureCollection
  /** Enterprises and hazards that change grid: properties kind. */
  moved: FeatureCollection
}

export interface BoundaryLook {
  palette: Palette
  danger: string
  /** The level whose borders are edited. */
  level: number
  /** Cells whose names come first when there is no room for all. */
  foremost: readonly number[]
  gap: number | null
  touch: boolean
}

/**
 * MapLibre keeps feature ids as unsigned numbers; cells made in a session have negative ones. They are drawn under
 * numbers that no database will give out.
 */
const FRESH = 2_000_000_000
export const drawnId = (cell: number): number => (cell < 0 ? FRESH - cell : cell)

/** How a cell stands out, and how strongly it is tinted. */
export type MarkRole = 'target' | 'picked' | 'selected' | 'hovered' | 'changed' | 'barred'
const MARK_OPACITY = ['target', 0.34, 'picked', 0.22, 'selected', 0.14, 'hovered', 0.09, 'changed', 0.06]
const OUTLINED: ExpressionSpecification = ['in', ['get', 'role'], ['literal', ['target', 'picked', 'selected']]]
const ROUND = { 'line-join': 'round', 'line-cap': 'round' } as const

/** Everything over the ground, in drawing order. */
export function boundaryScene(picture: BoundaryPicture, look: BoundaryLook): Scene {
  const { palette, danger } = look
  const dark = palette.theme === 'dark'
  const paper = dark ? '#0f1517' : '#ffffff'
  const edge = dark ? '#cdd8db' : '#3c4d53'
  const halo = dark ? 'rgba(15,21,23,.92)' : 'rgba(255,255,255,.94)'
  const edited: ExpressionSpecification = ['==', ['get', 'level'], look.level]

  return {
    images: {
      'boundary-gap': hatch(withAlpha(edge, 0.55), 'rise', 8),
      'boundary-wrong': hatch(danger, 'cross', 7, withAlpha(danger, 0.18)),
      'boundary-taken': hatch(withAlpha(palette.accent, 0.8), 'rise', 7, withAlpha(palette.accent, 0.12)),
    },
    sources: {
      [CELL_SOURCE]: geojson(picture.cells),
      [MARK_SOURCE]: geojson(picture.marks),
      'boundary-names': geojson(picture.names),
      'boundary-root': geojson(picture.root ? collect([outsideOf(picture.root), asFeature(picture.root)]) : NOTHING),
      'boundary-before': geojson(picture.before),
      [GAP_SOURCE]: geojson(picture.gaps),
      'boundary-issues': geojson(picture.issues),
      'boundary-signs': geojson(picture.signs),
      'boundary-handles': geojson(picture.handles),
      'boundary-sketch': geojson(picture.sketch),
      'boundary-units': geojson(picture.units),
      'boundary-moved': geojson(picture.moved),
      [LIVE_SOURCE]: geojson(NOTHING),
    },
    layers: {
      fill: [
        {
          id: 'boundary-outside',
          type: 'fill',
          source: 'boundary-root',
          filter: ['==', ['get', 'role'], 'outside'],
          paint: { 'fill-color': dark ? '#0a0f10' : '#e6ebec', 'fill-opacity': dark ? 0.5 : 0.55 },
        },
        {
          id: 'boundary-cell-hit',
          type: 'fill',
          source: CELL_SOURCE,
          filter: edited,
          paint: { 'fill-opacity': 0 },
        },
        {
          id: 'boundary-mark',
          type: 'fill',
          source: MARK_SOURCE,
          paint: {
            'fill-color': palette.accent,
            'fill-opacity': ['match', ['get', 'role'], ...MARK_OPACITY, 0] as unknown as number,
            'fill-antialias': false,
          },
        },
        {
          id: 'boundary-barred',
          type: 'fill',
          source: MARK_SOURCE,
          filter: ['==', ['get', 'role'], 'barred'],
          paint: { 'fill-color': dark ? '#0a0f10' : '#dfe5e6', 'fill-opacity': 0.72, 'fill-antialias': false },
        },
        {
          id: 'boundary-gap-hit',
          type: 'fill',
          source: GAP_SOURCE,
          paint: { 'fill-pattern': 'boundary-gap' },
        },
        {
          id: 'boundary-gap-chosen',
          type: 'fill',
          source: GAP_SOURCE,
          filter: ['==', ['get', 'id'], look.gap ?? -1],
          paint: { 'fill-pattern': 'boundary-taken' },
        },
      ],
      border: [
        line('boundary-deeper', CELL_SOURCE, edge, ['interpolate', ['linear'], ['zoom'], 10, 0.3, 15, 0.9], 0.5, [
          '>',
          ['get', 'level'],
          look.level,
        ]),
        line('boundary-casing', CELL_SOURCE, paper, width(look, 4.2), 0.75, edited),
        line('boundary-line', CELL_SOURCE, edge, width(look, 1.4), 1, edited),
        line('boundary-root-line', 'boundary-root', edge, 3, 1, ['!=', ['get', 'role'], 'outside']),
      ],
      focus: [
        {
          ...line('boundary-before', 'boundary-before', dark ? '#9fb0b5' : '#5d6d73', 1.6, 1),
          paint: {
            'line-color': dark ? '#9fb0b5' : '#5d6d73',
            'line-width': 1.6,
            'line-dasharray': [3, 2.5],
          },
        } as SceneLayer,
        line('boundary-selected-casing', MARK_SOURCE, paper, 6, 0.9, OUTLINED),
        line('boundary-selected', MARK_SOURCE, palette.accent, 2.8, 1, OUTLINED),
        { id: 'boundary-issue', type: 'fill', source: 'boundary-issues', paint: { 'fill-pattern': 'boundary-wrong' } },
        line('boundary-issue-line', 'boundary-issues', danger, 2, 1),
        {
          id: 'boundary-issue-point',
          type: 'circle',
          source: 'boundary-issues',
          filter: ['==', ['geometry-type'], 'Point'],
          paint: {
            'circle-radius': 9,
            'circle-color': withAlpha(danger, 0.15),
            'circle-stroke-color': danger,
            'circle-stroke-width': 2.5,
          },
        },
        ...sketchLayers('boundary-sketch', palette, paper),
        ...sketchLayers(LIVE_SOURCE, palette, paper),
      ],
      label: [nameLayer(look, halo, dark)],
      point: [
        {
          id: 'boundary-unit',
          type: 'circle',
          source: 'boundary-units',
          filter: ['==', ['geometry-type'], 'Point'],
          paint: {
            'circle-radius': 3.5,
            'circle-color': palette.surface,
            'circle-stroke-color': edge,
            'circle-stroke-width': 1.5,
          },
        },
        ...movedLayers(palette, edge),
        ...handleLayers(look, paper, edge),
        ...signLayers(paper, edge),
        ...sketchWords('boundary-sketch', paper, edge),
      ],
    },
  }
}

const geojson = (data: FeatureCollection) =>
  // exact: a border drawn simplified differs between its two sides
  ({ kind: 'geojson', data, options: { tolerance: 0, buffer: 32 } }) as const

const outsideOf = (root: Geometry): Feature => {
  const parts = root.type === 'Polygon' ? [root.coordinates] : root.type === 'MultiPolygon' ? root.coordinates : []
  const world: Position[] = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
    [-180, -85],
  ]
  const holes = parts.flatMap((part) => (part[0] ? [[...part[0]].reverse()] : []))
  return asFeature({ type: 'Polygon', coordinates: [world, ...holes] }, { role: 'outside' })
}

/** Thicker lines where a finger works. */
const width = (look: BoundaryLook, at15: number): ExpressionSpecification => {
  const more = look.touch ? 1.3 : 1
  return ['interpolate', ['linear'], ['zoom'], 9, at15 * 0.55 * more, 15, at15 * more]
}

function line(
  id: string,
  source: string,
  colour: string,
  lineWidth: number | ExpressionSpecification,
  opacity: number,
  filter?: ExpressionSpecification,
): SceneLayer {
  return {
    id,
    type: 'line',
    source,
    ...(filter ? { filter } : {}),
    layout: ROUND,
    paint: { 'line-color': colour, 'line-width': lineWidth, 'line-opacity': opacity },
  } as SceneLayer
}

function sketchLayers(source: string, palette: Palette, paper: string): SceneLayer[] {
  const role = (...roles: string[]): ExpressionSpecification => ['in', ['get', 'role'], ['literal', roles]]
  return [
    {
      id: `${source}-fill`,
      type: 'fill',
      source,
      filter: role('fill'),
      paint: { 'fill-color': palette.accent, 'fill-opacity': 0.18 },
    },
    { id: `${source}-taken`, type: 'fill', source, filter: role('taken'), paint: { 'fill-pattern': 'boundary-taken' } },
    line(`${source}-stretch-casing`, source, paper, 9, 0.9, role('stretch')),
    line(`${source}-stretch`, source, palette.accent, 5, 1, role('stretch')),
    line(`${source}-casing`, source, paper, 5, 0.9, role('line', 'fill', 'taken')),
    line(`${source}-line`, source, palette.accent, 2.4, 1, role('line', 'fill', 'taken')),
    {
      id: `${source}-dash`,
      type: 'line',
      source,
      filter: role('dash'),
      layout: ROUND,
      paint: { 'line-color': palette.accent, 'line-width': 1.8, 'line-dasharray': [2, 2] },
    },
    {
      id: `${source}-point`,
      type: 'circle',
      source,
      filter: role('point', 'first'),
      paint: {
        'circle-radius': ['case', ['==', ['get', 'role'], 'first'], 6.5, 4.5],
        'circle-color': paper,
        'circle-stroke-color': palette.accent,
        'circle-stroke-width': 2.2,
      },
    },
    {
      id: `${source}-hand`,
      type: 'circle',
      source,
      filter: role('hand'),
      paint: {
        'circle-radius': 8,
        'circle-color': palette.accent,
        'circle-stroke-color': paper,
        'circle-stroke-width': 2.5,
      },
    },
    {
      id: `${source}-snap`,
      type: 'circle',
      source,
      filter: role('snap'),
      paint: {
        'circle-radius': 12,
        'circle-color': 'rgba(0,0,0,0)',
        'circle-stroke-color': palette.accent,
        'circle-stroke-width': 2.2,
      },
    },
    {
      id: `${source}-tint`,
      type: 'fill',
      source,
      filter: role('tint'),
      paint: { 'fill-color': palette.accent, 'fill-opacity': 0.12 },
    },
  ]
}

/** Figures of a sketch, above the names of cells, which give way. */
function sketchWords(source: string, paper: string, edge: string): SceneLayer[] {
  const role = (name: string): ExpressionSpecification => ['==', ['get', 'role'], name]
  return [
    // the sums first, then the legs of a line where there is room
    word(`${source}-leg`, source, role('leg'), edge, paper, { 'text-size': 11 }),
    word(`${source}-inside`, source, role('inside'), edge, paper, {
      'text-size': 14,
      'text-allow-overlap': true,
    }),
    word(`${source}-word`, source, role('word'), edge, paper, {
      'text-size': 13,
      'text-variable-anchor': ['bottom', 'left', 'right', 'top'],
      'text-radial-offset': 1.1,
      'text-allow-overlap': true,
    }),
  ]
}

function word(
  id: string,
  source: string,
  filter: ExpressionSpecification,
  ink: string,
  paper: string,
  layout: Record<string, unknown>,
): SceneLayer {
  return {
    id,
    type: 'symbol',
    source,
    filter,
    layout: { 'text-field': ['get', 'word'], 'text-font': ['Bold'], 'text-padding': 3, ...layout },
    paint: { 'text-color': ink, 'text-halo-color': paper, 'text-halo-width': 2 },
  } as SceneLayer
}

function handleLayers(look: BoundaryLook, paper: string, edge: string): SceneLayer[] {
  const { palette } = look
  const more = look.touch ? 1.6 : 1
  const kind = (...kinds: string[]): ExpressionSpecification => ['in', ['get', 'kind'], ['literal', kinds]]
  const source = 'boundary-handles'
  const chosen: ExpressionSpecification = ['==', ['get', 'chosen'], true]
  const fixed: ExpressionSpecification = ['==', ['get', 'fixed'], true]
  // small where many are near each other, large where one works
  const radius = (most: number): ExpressionSpecification => [
    'interpolate',
    ['linear'],
    ['zoom'],
    11,
    ['case', chosen, most * 0.9, most * 0.5 * more],
    14,
    ['case', chosen, most * 1.4 * more, most * more],
  ]
  const ring = { 'circle-color': ['case', chosen, palette.accent, fixed, edge, paper] as ExpressionSpecification }
  const stroke = {
    'circle-stroke-color': ['case', chosen, paper, fixed, paper, palette.accent] as ExpressionSpecification,
  }
  return [
    {
      id: 'boundary-handle-mid',
      type: 'circle',
      source,
      filter: kind('mid'),
      paint: {
        'circle-radius': 3.2 * more,
        'circle-color': paper,
        'circle-opacity': 0.9,
        'circle-stroke-color': palette.accent,
        'circle-stroke-width': 1.2,
        'circle-stroke-opacity': 0.8,
      },
    },
    {
      id: 'boundary-handle-vertex',
      type: 'circle',
      source,
      filter: kind('vertex'),
      paint: { 'circle-radius': radius(4.6), ...ring, ...stroke, 'circle-stroke-width': ['case', chosen, 2.5, 1.8] },
    },
    {
      id: 'boundary-handle-node',
      type: 'circle',
      source,
      filter: kind('node'),
      paint: {
        'circle-radius': radius(6),
        ...ring,
        ...stroke,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 1.8, 14, ['case', chosen, 2.5, fixed, 2, 3]],
      },
    },
  ]
}

function movedLayers(palette: Palette, edge: string): SceneLayer[] {
  return [
    {
      id: 'boundary-moved',
      type: 'circle',
      source: 'boundary-moved',
      paint: {
        'circle-radius': ['case', ['==', ['get', 'kind'], 'hazard'], 5, 4],
        'circle-color': ['case', ['==', ['get', 'kind'], 'hazard'], edge, palette.accent],
        'circle-stroke-color': palette.surface,
        'circle-stroke-width': 1.5,
      },
    },
  ]
}

/** A sign over the place of every check: a shape and a word, as mistakes are often smaller than a pixel. */
function signLayers(paper: string, ink: string): SceneLayer[] {
  const source = 'boundary-signs'
  const wrong: ExpressionSpecification = ['==', ['get', 'kind'], 'error']
  const above: [number, number] = [0, -22]
  return [
    {
      id: 'boundary-sign-place',
      type: 'circle',
      source,
      filter: ['!=', ['get', 'kind'], 'gap'],
      paint: {
        'circle-radius': 3,
        'circle-color': ink,
        'circle-stroke-color': paper,
        'circle-stroke-width': 1.5,
      },
    },
    {
      id: 'boundary-sign',
      type: 'circle',
      source,
      paint: {
        'circle-radius': ['match', ['get', 'kind'], 'error', 11, 'gap', 8, 9],
        'circle-color': ['case', wrong, ink, paper],
        'circle-stroke-color': ['case', wrong, paper, ink],
        'circle-stroke-width': 2,
        'circle-translate': above,
      },
    },
    {
      id: 'boundary-sign-shape',
      type: 'symbol',
      source,
      layout: {
        'text-field': ['match', ['get', 'kind'], 'error', '✕', 'gap', '∅', '!'],
        'text-font': ['Bold'],
        'text-size': ['match', ['get', 'kind'], 'gap', 11, 13],
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': ['case', wrong, paper, ink], 'text-translate': above },
    },
    {
      id: 'boundary-sign-word',
      type: 'symbol',
      source,
      layout: {
        'text-field': ['get', 'word'],
        'text-font': ['Bold'],
        'text-size': 12,
        'text-anchor': 'left',
        'text-offset': [1.15, 0],
        'text-padding': 1,
      },
      paint: { 'text-color': ink, 'text-halo-color': paper, 'text-halo-width': 2, 'text-translate': above },
    },
  ]
}

function nameLayer(look: BoundaryLook, halo: string, dark: boolean): SceneLayer {
  const { palette } = look
  const sizes = [10, 11, 12, 13, 15, 16].map((value, i) => (i % 2 ? value * palette.scale : value))
  return {
    id: 'boundary-name',
    type: 'symbol',
    source: 'boundary-names',
    filter: ['==', ['get', 'level'], look.level],
    layout: {
      'text-field': ['format', ['get', 'name'], {}, ['get', 'note'], { 'font-scale': 0.82 }],
      'text-font': ['Medium'],
      'text-size': ['interpolate', ['linear'], ['zoom'], ...sizes] as unknown as ExpressionSpecification,
      'text-max-width': 8,
      'text-padding': 2,
      'text-variable-anchor': ['center', 'bottom', 'top'],
      'text-radial-offset': 0.7,
      'symbol-sort-key': ['case', ['in', ['get', 'cell'], ['literal', [...look.foremost]]], 0, 1],
    },
    paint: { 'text-color': dark ? '#e7edee' : '#182225', 'text-halo-color': halo, 'text-halo-width': 1.6 },
  }
}
