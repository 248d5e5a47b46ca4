// What I and somebody else have made of the same borders, grid by grid, from how they were when I opened them. Pure.
import type { MultiPolygon } from 'geojson'
import type { CellId } from '../../geo/coverage/types'
import type { Shape } from './shapes'

type Shapes = ReadonlyMap<CellId, Shape>

/** Before and after of one side; null: not there. */
export type Turn = readonly [MultiPolygon | null, MultiPolygon | null]

export interface Difference {
  cell: CellId
  /** null: this side left the grid as it was. */
  mine: Turn | null
  theirs: Turn | null
  /** m² by which each side changes it. */
  mine_m2: number
  theirs_m2: number
}

/** The same ground: rings may begin elsewhere, as arcs are numbered anew whenever a coverage is opened. */
const same = (a: MultiPolygon | null, b: MultiPolygon | null): boolean =>
  a === b || (a !== null && b !== null && onlyOnce(a, b).length === 0)

/** All grids that at least one side has changed. */
export function differencesOf(base: Shapes, mine: Shapes, theirs: Shapes): Difference[] {
  const ids = new Set([...base.keys(), ...mine.keys(), ...theirs.keys()])
  return [...ids].flatMap((cell): Difference[] => {
    const of = (shapes: Shapes) => shapes.get(cell)?.geometry ?? null
    const turn = (to: MultiPolygon | null): Turn | null => (same(of(base), to) ? null : [of(base), to])
    const by = (shapes: Shapes) => (shapes.get(cell)?.area_m2 ?? 0) - (base.get(cell)?.area_m2 ?? 0)
    const [my, their] = [turn(of(mine)), turn(of(theirs))]
    return my || their
      ? [{ cell, mine: my, theirs: their, mine_m2: my ? by(mine) : 0, theirs_m2: their ? by(theirs) : 0 }]
      : []
  })
}

export type Box = [west: number, south: number, east: number, north: number]

/** Around every vertex that only one of before and after has, with some ground around it; null when nothing differs. */
export function boxOfDifferences(differences: readonly Difference[]): Box | null {
  const turns = differences.flatMap(({ mine, theirs }) => [mine, theirs]).filter((turn) => turn !== null)
  const places = turns.flatMap(([before, after]) => onlyOnce(before, after))
  if (!places.length) return null
  const box: Box = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]
  for (const [lon = 0, lat = 0] of places) {
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  }
  const least = 0.002
  const wide = Math.max((box[2] - box[0]) * 1.8, least) / 2
  const high = Math.max((box[3] - box[1]) * 1.8, least) / 2
  const [lon, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
  return [lon - wide, lat - high, lon + wide, lat + high]
}

function onlyOnce(a: MultiPolygon | null, b: MultiPolygon | null): number[][] {
  const points = (of: MultiPolygon | null) => new Map((of?.coordinates.flat(2) ?? []).map((at) => [at.join(), at]))
  const [here, there] = [points(a), points(b)]
  const found = [...here].filter(([key]) => !there.has(key)).concat([...there].filter(([key]) => !here.has(key)))
  return found.map(([, at]) => at)
}

/** The same ground seen from nearer (factor below 1) or farther, with one place staying where it is. */
export function zoomed([west, south, east, north]: Box, factor: number, [lon, lat]: readonly [number, number]): Box {
  // not nearer than a metre, not farther than the world
  const by = Math.min(Math.max(factor, 1e-5 / (east - west)), 360 / (east - west))
  return [lon - (lon - west) * by, lat - (lat - south) * by, lon + (east - lon) * by, lat + (north - lat) * by]
}

/** Moved by parts of its width and height. */
export const panned = ([west, south, east, north]: Box, right: number, up: number): Box => {
  const [dx, dy] = [(east - west) * right, (north - south) * up]
  return [west + dx, south + dy, east + dx, north + dy]
}
