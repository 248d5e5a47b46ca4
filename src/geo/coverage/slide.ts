import { onLattice, samePlace } from './lattice'
import type { VertexRef } from './near'
import type { Arc, Position } from './types'

/** A border that ends on the outline of the root, and the two stretches of outline that meet there. */
export interface Slide {
  border: VertexRef
  outline: [VertexRef, VertexRef]
}

/** Whether a junction can slide along the outline: one border ends there, and nothing else. */
export function slideAt(ends: readonly VertexRef[]): Slide | null {
  const [border, ...more] = ends.filter(({ arc }) => !arc.fixed)
  const [one, other, third] = ends.filter(({ arc }) => arc.fixed)
  if (!border || !one || !other || third || more.length > 0 || one.arc === other.arc) return null
  return { border, outline: [one, other] }
}

/**
 * The three arcs with their junction where the outline comes nearest to a place, but not beyond the next junctions. The
 * outline keeps its course: a stretch of it only passes from one arc to the other.
 */
export function slideTo({ border, outline }: Slide, to: Position): { at: Position; points: Map<number, Position[]> } {
  const lines = outline.map(away) as [Position[], Position[]]
  const found = lines.map((line) => nearestOn(line, to))
  const side = found[1]!.distance < found[0]!.distance ? 1 : 0
  const { at, segment } = found[side]!
  const [longer, shorter] = [lines[1 - side]!, lines[side]!]
  const passed = shorter.slice(1, segment + 1).filter((p) => !samePlace(p, at))
  const grown = samePlace(at, longer[0]!) ? longer : [at, ...passed.toReversed(), ...longer]
  const rest = shorter.slice(segment + 1)
  const left = samePlace(rest[0]!, at) ? rest : [at, ...rest]
  const points = new Map<number, Position[]>()
  const put = ({ arc, index }: VertexRef, line: readonly Position[]) =>
    points.set(arc.id, index === 0 ? [...line] : line.toReversed())
  put(outline[1 - side]!, grown)
  put(outline[side]!, left)
  const bend = border.arc.points.with(border.index, at)
  points.set(border.arc.id, bend)
  return { at, points }
}

/** The points of an arc, walked from the given end. */
const away = ({ arc, index }: VertexRef): Position[] =>
  index === 0 ? [...arc.points] : (arc as Arc).points.toReversed()

/** Where a line comes nearest to a place; short of its far end. */
function nearestOn(
  line: readonly Position[],
  [lon, lat]: Position,
): { at: Position; segment: number; distance: number } {
  const stretch = Math.cos((lat * Math.PI) / 180)
  let best = { at: line[0]!, segment: 0, distance: Infinity }
  for (let segment = 0; segment + 1 < line.length; segment++) {
    const [a, b] = [line[segment]!, line[segment + 1]!]
    const [dx, dy] = [(b[0] - a[0]) * stretch, b[1] - a[1]]
    const t = ((lon - a[0]) * stretch * dx + (lat - a[1]) * dy) / (dx * dx + dy * dy)
    const last = segment + 2 === line.length
    const u = Math.max(0, Math.min(last ? 0.95 : 1, t))
    const place = onLattice([a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u])
    const at = last && samePlace(place, b) ? a : place
    const distance = Math.hypot((at[0] - lon) * stretch, at[1] - lat)
    if (distance < best.distance) best = { at, segment, distance }
  }
  return best
}
