import type { GroundData } from './basemap'
import { sheet } from './basemapPlain'
import type { Theme } from './palette'
import type { ExpressionSpecification, Scene, SceneLayer } from './scene'

interface Ground {
  sheet: string
  /** Low to high. */
  relief: string[]
  forest: string
  water: string
  shore: string
  town: string
  road: string
  casing: string
  highway: string
  rail: string
  word: string
  halo: string
}

const GROUND: Record<Theme, Ground> = {
  light: {
    sheet: '#f1f3f1',
    relief: ['#eceee9', '#e6e9e2', '#dfe3da', '#d8ddd3', '#d2d7cd'],
    forest: '#d9e2d7',
    water: '#cddde4',
    shore: '#b3c9d2',
    town: '#e4e2de',
    road: '#ffffff',
    casing: '#d0d3d1',
    highway: '#f7f1e2',
    rail: '#b4babb',
    word: '#5d6b70',
    halo: 'rgba(244,246,245,.9)',
  },
  dark: {
    sheet: '#13191b',
    relief: ['#161d1e', '#192122', '#1d2625', '#212b29', '#25302d'],
    forest: '#18231f',
    water: '#0d1f28',
    shore: '#1c3743',
    town: '#1f2629',
    road: '#2f3a3e',
    casing: '#0f1416',
    highway: '#3d443f',
    rail: '#39454a',
    word: '#8c9ba0',
    halo: 'rgba(15,21,23,.85)',
  },
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }

/** The drawn ground of the demo county. */
export function demoScene(data: GroundData | null, theme: Theme): Scene {
  const look = GROUND[theme]
  if (!data) return { layers: { ground: [sheet(look.sheet)] } }
  return {
    sources: Object.fromEntries(
      ['relief', 'forest', 'builtup', 'water', 'rivers', 'roads', 'rail', 'places'].map((name) => [
        `ground-${name}`,
        { kind: 'geojson', data: data[name] ?? EMPTY, ground: true, options: { maxzoom: 13 } } as const,
      ]),
    ),
    layers: { ground: [sheet(look.sheet), ...terrain(look), ...ways(look)], place: [places(look)] },
  }
}

function terrain(look: Ground): SceneLayer[] {
  const bands = look.relief.flatMap((colour, band) => [band, colour])
  return [
    {
      id: 'ground-relief',
      type: 'fill',
      source: 'ground-relief',
      paint: {
        'fill-color': ['match', ['get', 'band'], ...bands, look.sheet] as unknown as ExpressionSpecification,
        'fill-antialias': false,
      },
    },
    { id: 'ground-forest', type: 'fill', source: 'ground-forest', paint: { 'fill-color': look.forest } },
    { id: 'ground-builtup', type: 'fill', source: 'ground-builtup', paint: { 'fill-color': look.town } },
    {
      id: 'ground-rivers',
      type: 'line',
      source: 'ground-rivers',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': look.shore, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 14, 3] },
    },
    {
      id: 'ground-water',
      type: 'fill',
      source: 'ground-water',
      paint: { 'fill-color': look.water, 'fill-outline-color': look.shore },
    },
  ]
}

/** Width in pixels at zoom 8, 11 and 15 of each class of road. */
const WIDTH: Record<string, [number, number, number]> = {
  expressway: [1.4, 2.6, 8],
  national: [1.1, 2.1, 6.5],
  provincial: [0.8, 1.6, 5.5],
  county: [0.3, 0.9, 4],
}

function ways(look: Ground): SceneLayer[] {
  const width = (extra: number): ExpressionSpecification => {
    const at = (index: 0 | 1 | 2) =>
      [
        'match',
        ['get', 'class'],
        ...Object.entries(WIDTH).flatMap(([name, widths]) => [name, widths[index] + extra]),
        0.6 + extra,
      ] as unknown as ExpressionSpecification
    return ['interpolate', ['exponential', 1.3], ['zoom'], 8, at(0), 11, at(1), 15, at(2)]
  }
  const shape = { 'line-cap': 'round', 'line-join': 'round' } as const
  return [
    {
      id: 'ground-roads-casing',
      type: 'line',
      source: 'ground-roads',
      minzoom: 9,
      layout: shape,
      paint: { 'line-color': look.casing, 'line-width': width(1.4) },
    },
    {
      id: 'ground-roads',
      type: 'line',
      source: 'ground-roads',
      layout: shape,
      paint: {
        'line-color': ['match', ['get', 'class'], 'expressway', look.highway, look.road],
        'line-width': width(0),
      },
    },
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

function places(look: Ground): SceneLayer {
  return {
    id: 'ground-places',
    type: 'symbol',
    source: 'ground-places',
    minzoom: 7,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': ['Noto Sans SC Regular'],
      'text-size': ['interpolate', ['linear'], ['zoom'], 8, 10, 14, 13],
      'text-letter-spacing': 0.1,
      'text-padding': 8,
    },
    paint: { 'text-color': look.word, 'text-halo-color': look.halo, 'text-halo-width': 1.2 },
  }
}
