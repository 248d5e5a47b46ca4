import type { GroundData } from './basemap'
import { sheet } from './basemapPlain'
import type { Theme } from './palette'
import type { ExpressionSpecification, FilterSpecification, Scene, SceneLayer } from './scene'

interface Ground {
  sheet: string
  /** Above the plain, low to high. */
  height: [string, string, string, string]
  shade: string
  light: string
  forest: string
  water: string
  river: string
  town: string
  village: string
  road: string
  casing: string
  motorway: string
  rail: string
  word: string
  halo: string
}

const GROUND: Record<Theme, Ground> = {
  light: {
    sheet: '#f2f4f1',
    height: ['#ecefe9', '#e6eae2', '#e0e5db', '#dae0d5'],
    shade: 'rgba(60,78,72,.07)',
    light: 'rgba(255,255,255,.35)',
    forest: 'rgba(196,214,196,.38)',
    water: '#cfdfe6',
    river: '#bdd2db',
    town: '#e0dfdb',
    village: '#e6e5e1',
    road: '#ffffff',
    casing: '#cdd2d1',
    motorway: '#f3ead2',
    rail: '#aab2b4',
    word: '#5d6b70',
    halo: 'rgba(244,246,245,.9)',
  },
  dark: {
    sheet: '#141a1c',
    height: ['#171f20', '#1a2324', '#1e2828', '#222d2b'],
    shade: 'rgba(0,0,0,.16)',
    light: 'rgba(190,220,214,.035)',
    forest: 'rgba(38,64,52,.35)',
    water: '#0e2430',
    river: '#1a3845',
    town: '#20282b',
    village: '#1c2427',
    road: '#323e42',
    casing: '#0f1416',
    motorway: '#4a4c40',
    rail: '#3e4a4f',
    word: '#8c9ba0',
    halo: 'rgba(15,21,23,.85)',
  },
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
const PARTS = ['hillshade', 'forest', 'builtup', 'water', 'rivers', 'roads', 'rail', 'places', 'frame']

/**
 * Paint that depends on the data makes another shader program, and compiling those is most of the time to the first
 * picture; so colours are constant where a second layer can say the same, and fills go without antialiased outlines.
 *
 * The drawn ground of the demo county: relief in the north, a reservoir, rivers, towns and the roads between them. */
export function demoScene(data: GroundData | null, theme: Theme): Scene {
  const look = GROUND[theme]
  if (!data) return { layers: { ground: [sheet(look.sheet)] } }
  return {
    sources: Object.fromEntries(
      PARTS.map((name) => [
        `ground-${name}`,
        { kind: 'geojson', data: data[name] ?? EMPTY, ground: true, options: { maxzoom: 13 } } as const,
      ]),
    ),
    layers: {
      ground: [sheet(look.sheet), ...land(look), ...water(look), ...ways(look), frame(look)],
      place: places(look),
    },
  }
}

function land(look: Ground): SceneLayer[] {
  const relief = (id: string, kind: string, colour: string | ExpressionSpecification): SceneLayer => ({
    id,
    type: 'fill',
    source: 'ground-hillshade',
    filter: ['==', ['get', 'kind'], kind],
    paint: { 'fill-color': colour, 'fill-antialias': false },
  })
  const [first, second, third, fourth] = look.height
  return [
    relief('ground-height', 'height', ['match', ['get', 'level'], 1, first, 2, second, 3, third, fourth]),
    {
      id: 'ground-forest',
      type: 'fill',
      source: 'ground-forest',
      paint: { 'fill-color': look.forest, 'fill-antialias': false },
    },
    relief('ground-shade', 'shade', look.shade),
    relief('ground-light', 'light', look.light),
    {
      id: 'ground-builtup',
      type: 'fill',
      source: 'ground-builtup',
      minzoom: 9,
      paint: {
        'fill-color': ['match', ['get', 'class'], 'town', look.town, look.village],
        'fill-antialias': false,
      },
    },
  ]
}

function water(look: Ground): SceneLayer[] {
  return [
    {
      id: 'ground-rivers',
      type: 'line',
      source: 'ground-rivers',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': look.river,
        // `width` is 1 stream … 3 main river
        'line-width': [
          'interpolate',
          ['exponential', 1.4],
          ['zoom'],
          8,
          ['*', 0.45, ['get', 'width']],
          12,
          ['*', 1.1, ['get', 'width']],
          15,
          ['*', 2.6, ['get', 'width']],
        ],
      },
    },
    {
      id: 'ground-water',
      type: 'fill',
      source: 'ground-water',
      paint: { 'fill-color': look.water, 'fill-antialias': false },
    },
    { id: 'ground-shore', type: 'line', source: 'ground-water', paint: { 'line-color': look.river } },
  ]
}

/** Width in pixels at zoom 8, 11 and 15 of each class of road. */
const WIDTH: Record<string, [number, number, number]> = {
  motorway: [1.3, 2.6, 9],
  trunk: [1, 2, 7],
  primary: [0.8, 1.6, 6],
  secondary: [0.4, 1, 4.5],
}

function ways(look: Ground): SceneLayer[] {
  const width = (extra: number): ExpressionSpecification => {
    const at = (index: 0 | 1 | 2) => {
      const cases = Object.entries(WIDTH).flatMap(([name, widths]) => [name, widths[index] + extra])
      return ['match', ['get', 'class'], ...cases, 0.6 + extra] as unknown as ExpressionSpecification
    }
    return ['interpolate', ['exponential', 1.3], ['zoom'], 8, at(0), 11, at(1), 15, at(2)]
  }
  const shape = { 'line-cap': 'round', 'line-join': 'round' } as const
  const road = (id: string, filter: FilterSpecification, colour: string): SceneLayer => ({
    id,
    type: 'line',
    source: 'ground-roads',
    filter,
    layout: shape,
    paint: { 'line-color': colour, 'line-width': width(0) },
  })
  return [
    {
      id: 'ground-roads-casing',
      type: 'line',
      source: 'ground-roads',
      layout: shape,
      paint: { 'line-color': look.casing, 'line-width': width(1.5) },
    },
    road('ground-roads', ['!=', ['get', 'class'], 'motorway'], look.road),
    road('ground-motorways', ['==', ['get', 'class'], 'motorway'], look.motorway),
    {
      id: 'ground-rail',
      type: 'line',
      source: 'ground-rail',
      paint: {
        'line-color': look.rail,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 14, 2],
        'line-dasharray': [5, 2],
      },
    },
  ]
}

// Ten veils on top of each other: 1 − 0.72¹⁰ hides the edge, the innermost hardly shows.
const frame = (look: Ground): SceneLayer => ({
  id: 'ground-frame',
  type: 'fill',
  source: 'ground-frame',
  paint: { 'fill-color': look.sheet, 'fill-opacity': 0.28, 'fill-antialias': false },
})

/** Regions around, hills and water. The names of townships are the grids' own, not the ground's. */
function places(look: Ground): SceneLayer[] {
  return [
    {
      id: 'ground-road-names',
      type: 'symbol',
      source: 'ground-roads',
      minzoom: 11.5,
      filter: ['has', 'name'],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': ['get', 'name'],
        'text-font': ['Regular'],
        'text-size': 11,
      },
      paint: { 'text-color': look.word, 'text-halo-color': look.halo, 'text-halo-width': 1.4 },
    },
    {
      id: 'ground-places',
      type: 'symbol',
      source: 'ground-places',
      filter: ['!=', ['get', 'kind'], 'town'],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['Regular'],
        'text-size': ['match', ['get', 'kind'], 'region', 13, 11.5],
        'text-letter-spacing': ['match', ['get', 'kind'], 'region', 0.3, 0.08],
        'text-padding': 8,
      },
      paint: {
        'text-color': look.word,
        'text-halo-color': look.halo,
        'text-halo-width': 1.2,
      },
    },
  ]
}
