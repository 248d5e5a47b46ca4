// What the desk adds to the map: a ring around what waits, a pulse around what is new, and the hazards of a replay.
import { LEVEL_SHAPE } from '../../map/levels'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'
import type { SymbolSpec } from '../../map/symbols'
import type { DeskRow, Severity, State } from './desk'
import type { ReplayAnswer } from './replay'

const DESK_SOURCE = 'desk-waiting'
export const DESK_HIT_LAYERS = ['desk-waiting', 'desk-replay']
const REPLAY_SOURCE = 'desk-replay'

const levelOf = (severity: Severity) => (severity === 'major' ? 1 : 3)

const point = (lon: number, lat: number, properties: Record<string, unknown>): GeoJSON.Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lon, lat] },
  properties,
})

/** What waits, as points; `fresh` pulses. New identity only when the inputs are (the caller memoises). */
export function waitingCollection(rows: readonly DeskRow[], fresh: ReadonlySet<string>): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: rows.map((row) =>
      point(row.lon, row.lat, {
        id: row.id,
        name: row.title,
        level: levelOf(row.severity),
        fresh: fresh.has(row.id),
        called: row.alarm?.escalated_at != null,
      }),
    ),
  }
}

function symbol(level: 1 | 3, palette: Palette, hollow: boolean): SymbolSpec {
  return {
    kind: 'badge',
    shape: LEVEL_SHAPE[level],
    fill: palette.risk[level],
    paper: palette.surface,
    ink: palette.text,
    hollow,
    ring: hollow ? 'dashed' : 'solid',
    size: 26,
  }
}

/** The icons of both scenes below. */
export const deskImages = (palette: Palette): Record<string, SymbolSpec> =>
  Object.fromEntries(
    ([1, 3] as const).flatMap((level) => [
      [`desk-${level}-new`, symbol(level, palette, true)],
      [`desk-${level}-work`, symbol(level, palette, false)],
    ]),
  )

/** Radius and strength of a pulse; `phase` runs from 0 to 1, and null is the still ring of who asked for no motion. */
const pulse = (phase: number | null, scale: number): { radius: number; strength: number } =>
  phase === null
    ? { radius: 30 * scale, strength: 0.9 }
    : { radius: (14 + 34 * phase) * scale, strength: Math.max(0, 1 - phase) }

/** Rings and symbols of what waits; colour is severity, as everywhere. */
export function waitingScene(
  data: GeoJSON.FeatureCollection,
  palette: Palette,
  phase: number | null,
  selected: string | null,
): Scene {
  const colour = ['match', ['get', 'level'], 1, palette.risk[1], palette.risk[3]] as unknown as string
  const { radius, strength } = pulse(phase, palette.scale)
  return {
    sources: { [DESK_SOURCE]: { kind: 'geojson', data } },
    layers: {
      point: [
        {
          id: 'desk-pulse',
          type: 'circle',
          source: DESK_SOURCE,
          filter: ['==', ['get', 'fresh'], true],
          paint: {
            'circle-radius': radius,
            'circle-color': 'rgba(0,0,0,0)',
            'circle-stroke-color': colour,
            'circle-stroke-width': 4 * palette.scale,
            'circle-stroke-opacity': strength,
          },
        },
        {
          id: 'desk-ring',
          type: 'circle',
          source: DESK_SOURCE,
          paint: {
            'circle-radius': ['case', ['==', ['get', 'id'], selected ?? ''], 20 * palette.scale, 15 * palette.scale],
            'circle-color': 'rgba(0,0,0,0)',
            'circle-stroke-color': ['case', ['==', ['get', 'id'], selected ?? ''], palette.accent, palette.text],
            'circle-stroke-width': [
              'case',
              ['==', ['get', 'id'], selected ?? ''],
              4,
              ['case', ['==', ['get', 'called'], true], 4, 2],
            ],
          },
        },
        {
          id: 'desk-waiting',
          type: 'symbol',
          source: DESK_SOURCE,
          layout: {
            'icon-image': ['concat', 'desk-', ['to-string', ['get', 'level']], '-new'],
            'icon-size': palette.scale,
            'icon-allow-overlap': true,
            'icon-ignore-placement': true,
            'symbol-sort-key': ['-', 10, ['get', 'level']],
          },
        },
      ],
    },
  }
}

/** The hazards of a replay that are open at the moment; what was just reported pulses. */
export function replayCollection(
  { hazards }: ReplayAnswer,
  states: readonly (State | null)[],
  fresh: readonly number[],
): GeoJSON.FeatureCollection {
  const pulsing = new Set(fresh)
  const features: GeoJSON.Feature[] = []
  for (const [i, state] of states.entries()) {
    if (!state || state === 'closed' || state === 'rejected') continue
    const level = hazards.level[i]!
    features.push(
      point(hazards.lon[i]!, hazards.lat[i]!, {
        id: hazards.id[i],
        name: hazards.title[i],
        level,
        look: `desk-${level}-${state === 'reported' ? 'new' : 'work'}`,
        fresh: pulsing.has(i),
      }),
    )
  }
  return { type: 'FeatureCollection', features }
}

export function replayScene(data: GeoJSON.FeatureCollection, palette: Palette): Scene {
  return {
    sources: { [REPLAY_SOURCE]: { kind: 'geojson', data } },
    layers: {
      point: [
        {
          id: 'desk-replay-fresh',
          type: 'circle',
          source: REPLAY_SOURCE,
          filter: ['==', ['get', 'fresh'], true],
          paint: {
            'circle-radius': 24 * palette.scale,
            'circle-color': 'rgba(0,0,0,0)',
            'circle-stroke-color': [
              'match',
              ['get', 'level'],
              1,
              palette.risk[1],
              palette.risk[3],
            ] as unknown as string,
            'circle-stroke-width': 4 * palette.scale,
          },
        },
        {
          id: 'desk-replay',
          type: 'symbol',
          source: REPLAY_SOURCE,
          layout: {
            'icon-image': ['get', 'look'],
            'icon-size': ['case', ['get', 'fresh'], 0.95 * palette.scale, 0.6 * palette.scale],
            'icon-allow-overlap': true,
            'symbol-sort-key': ['-', 10, ['get', 'level']],
          },
        },
      ],
    },
  }
}
