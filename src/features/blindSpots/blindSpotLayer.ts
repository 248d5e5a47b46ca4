// How blind spots look: gaps hatched in the ink of the page, the rest as discs with a word. No risk colour among them.
import { type Palette, withAlpha } from '../../map/palette'
import type { Scene, SceneLayer } from '../../map/scene'
import { hatch, type SymbolSpec } from '../../map/symbols'
import type { BlindSpotKind, SpotLists } from './blindSpot'
import { GAP_SOURCE, MARK_SOURCE } from './blindSpotHits'

export interface BlindSpotLook {
  palette: Palette
  /** 0..1 */
  opacity: number
  /** Key of the spot that is looked at. */
  chosen: string | null
  /** One character a kind, drawn in its disc. */
  letter: (kind: BlindSpotKind) => string
}

/**
 * The spots as features, without the kinds that the legend has switched off; `key` in the properties is the spot's, `id` what a click opens
 * (enterprise, grid).
 */
export function blindSpotFeatures(lists: SpotLists, hidden: readonly string[]) {
  const gaps = hidden.includes('gap') ? [] : lists.gap
  const unclaimed = hidden.includes('unclaimed') ? [] : lists.unclaimed
  const staff = hidden.includes('staff') ? [] : lists.staff
  const patrol = hidden.includes('patrol') ? [] : lists.patrol
  const mark = (key: string, kind: BlindSpotKind, id: string | number, name: string, at: [number, number] | null) =>
    at === null
      ? []
      : [
          {
            type: 'Feature' as const,
            geometry: { type: 'Point' as const, coordinates: at },
            properties: { key, kind, id, name },
          },
        ]
  const areas: GeoJSON.FeatureCollection = {
    type: 'FeatureCollection',
    features: gaps.map(({ key, geometry, grid_name }) => ({
      type: 'Feature',
      geometry,
      properties: { key, id: key, kind: 'gap', name: grid_name },
    })),
  }
  const marks: GeoJSON.FeatureCollection = {
    type: 'FeatureCollection',
    features: [
      ...gaps.flatMap((spot) => mark(spot.key, 'gap', spot.key, spot.grid_name, spot.at)),
      ...unclaimed.flatMap((spot) => mark(spot.key, 'unclaimed', spot.id, spot.name, spot.at)),
      ...staff.flatMap((spot) => mark(spot.key, 'staff', spot.grid_id, spot.name, spot.at)),
      ...patrol.flatMap((spot) => mark(spot.key, 'patrol', spot.grid_id, spot.name, spot.at)),
    ],
  }
  return { areas, marks }
}

/** The disc of a kind. */
function blindSpotDisc(palette: Palette, chosen = false): SymbolSpec {
  const rim = chosen ? palette.accent : palette.text
  return { kind: 'cluster', shape: 'circle', fill: rim, paper: palette.surface, ink: palette.surface, size: 26 }
}

/** The hatch of a gap. */
const gapHatch = (palette: Palette): SymbolSpec =>
  hatch(withAlpha(palette.text, 0.6), 'cross', 10, withAlpha(palette.surface, 0.72))

export function blindSpotScene({ areas, marks }: ReturnType<typeof blindSpotFeatures>, look: BlindSpotLook): Scene {
  const { palette, opacity, chosen, letter } = look
  const isChosen = ['==', ['get', 'key'], chosen ?? ''] as never
  const text = [
    'match',
    ['get', 'kind'],
    'gap',
    letter('gap'),
    'unclaimed',
    letter('unclaimed'),
    'patrol',
    letter('patrol'),
    letter('staff'),
  ] as never
  const discs = (id: string, gap: boolean): SceneLayer => ({
    id,
    type: 'symbol',
    source: MARK_SOURCE,
    filter: [gap ? '==' : '!=', ['get', 'kind'], 'gap'],
    layout: {
      'icon-image': ['case', isChosen, 'blind-disc-chosen', 'blind-disc'],
      'icon-size': 0.9 * palette.scale,
      // Hundreds of grids may lack people: those that would cover each other wait until one is nearer. Gaps never do.
      'icon-allow-overlap': gap,
      'text-allow-overlap': gap,
      'text-field': text,
      'text-font': ['Medium'],
      'text-size': 11.5 * palette.scale,
      'symbol-sort-key': ['case', isChosen, 0, ['==', ['get', 'kind'], 'unclaimed'], 1, 2],
    },
    paint: { 'text-color': palette.text, 'icon-opacity': opacity, 'text-opacity': opacity },
  })
  return {
    sources: {
      [GAP_SOURCE]: { kind: 'geojson', data: areas, options: { tolerance: 0.1, maxzoom: 16 } },
      [MARK_SOURCE]: { kind: 'geojson', data: marks },
    },
    images: {
      'blind-hatch': gapHatch(palette),
      'blind-disc': blindSpotDisc(palette),
      'blind-disc-chosen': blindSpotDisc(palette, true),
    },
    layers: {
      border: [
        {
          id: 'blind-gap-fill',
          type: 'fill',
          source: GAP_SOURCE,
          paint: { 'fill-pattern': 'blind-hatch', 'fill-opacity': opacity },
        },
        {
          id: 'blind-gap-line',
          type: 'line',
          source: GAP_SOURCE,
          layout: { 'line-join': 'round' },
          paint: {
            'line-color': ['case', isChosen, palette.accent, palette.text],
            'line-width': ['case', isChosen, 3.5, 2],
            'line-opacity': opacity,
          },
        },
      ],
      point: [discs('blind-marks', false), discs('blind-gap-marks', true)],
    },
  }
}
