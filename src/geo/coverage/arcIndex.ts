import { units } from './lattice'
import { Ledger } from './ledger'
import type { Arc, Position } from './types'

/** [west, south, east, north] in lattice units. */
export type Box = readonly [number, number, number, number]

/**
 * Which arcs run near a place: squares of equal size, each with the arcs whose segments' boxes reach into it. Shares
 * all it can with the index before an edit.
 */
export class ArcIndex {
  private readonly side: number
  private readonly squares: Ledger<readonly number[]>

  private constructor(side: number, squares: Ledger<readonly number[]>) {
    this.side = side
    this.squares = squares
  }

  /** `side` of a square in lattice units; so chosen that a square holds an arc or two. */
  static of(arcs: readonly Arc[], side: number): ArcIndex {
    const squares = new Map<number, number[]>()
    for (const arc of arcs) {
      for (const key of squaresOf(arc.points, side)) {
        const list = squares.get(key)
        if (!list) squares.set(key, [arc.id])
        else if (list[list.length - 1] !== arc.id) list.push(arc.id)
      }
    }
    return new ArcIndex(side, Ledger.of([...squares]))
  }

  /** The index after arcs were replaced: pairs of the arc before and after, either may be missing. */
  with(changes: readonly (readonly [Arc | undefined, Arc | undefined])[]): ArcIndex {
    const squares = new Map<number, readonly number[]>()
    const list = (key: number) => squares.get(key) ?? this.squares.get(key) ?? []
    for (const [before, after] of changes) {
      const old = before ? new Set(squaresOf(before.points, this.side)) : new Set<number>()
      const fresh = after ? new Set(squaresOf(after.points, this.side)) : new Set<number>()
      for (const key of old) {
        if (before!.id !== after?.id || !fresh.has(key))
          squares.set(
            key,
            list(key).filter((id) => id !== before!.id),
          )
      }
      for (const key of fresh) if (!list(key).includes(after!.id)) squares.set(key, [...list(key), after!.id])
    }
    const entries = [...squares].map(([key, ids]) => [key, ids.length > 0 ? ids : undefined] as const)
    return new ArcIndex(this.side, this.squares.with(entries))
  }

  /** Numbers of the arcs that may come into the box. */
  near([west, south, east, north]: Box): Set<number> {
    const found = new Set<number>()
    const [w, s, e, n] = [west, south, east, north].map((v) => Math.floor(v / this.side)) as [
      number,
      number,
      number,
      number,
    ]
    for (let x = w; x <= e; x++) {
      for (let y = s; y <= n; y++) for (const id of this.squares.get(keyAt(x, y)) ?? []) found.add(id)
    }
    return found
  }

  /** How many squares a box covers: whoever asks for a huge one had better walk all arcs. */
  squaresIn([west, south, east, north]: Box): number {
    return ((east - west) / this.side + 1) * ((north - south) / this.side + 1)
  }

  get squareSide(): number {
    return this.side
  }
}

const keyAt = (x: number, y: number): number => x * 4_194_304 + y

/** An arc whose box covers no more squares than this is in all of them: quicker to say than where it runs exactly. */
const FEW_SQUARES = 12

function squaresOf(points: readonly Position[], side: number): number[] {
  let [w, s] = points[0]!
  let [e, n] = points[0]!
  for (let i = 1; i < points.length; i++) {
    const p = points[i]!
    if (p[0] < w) w = p[0]
    else if (p[0] > e) e = p[0]
    if (p[1] < s) s = p[1]
    else if (p[1] > n) n = p[1]
  }
  const west = Math.floor((units(w) - 1) / side)
  const south = Math.floor((units(s) - 1) / side)
  const east = Math.floor((units(e) + 1) / side)
  const north = Math.floor((units(n) + 1) / side)
  const keys: number[] = []
  if ((east - west + 1) * (north - south + 1) <= FEW_SQUARES) {
    for (let x = west; x <= east; x++) for (let y = south; y <= north; y++) keys.push(keyAt(x, y))
    return keys
  }
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!]
    keys.push(...squaresAlong(units(a[0]), units(a[1]), units(b[0]), units(b[1]), side))
  }
  return keys
}

/**
 * Numbers of the squares that a segment runs through, and may be those it nearly touches. A long slanting one fills a
 * large box, so column by column only the rows it comes to are taken.
 */
export function squaresAlong(ax: number, ay: number, bx: number, by: number, side: number): number[] {
  const west = Math.floor((Math.min(ax, bx) - 1) / side)
  const east = Math.floor((Math.max(ax, bx) + 1) / side)
  const [least, most] = [Math.min(ay, by), Math.max(ay, by)]
  const keys: number[] = []
  for (let x = west; x <= east; x++) {
    let [low, high] = [least, most]
    if (east > west && ax !== bx) {
      const slope = (by - ay) / (bx - ax)
      const p = ay + slope * (x * side - 1 - ax)
      const q = ay + slope * ((x + 1) * side + 1 - ax)
      low = Math.max(least, Math.min(p, q))
      high = Math.min(most, Math.max(p, q))
    }
    const south = Math.floor((low - 1) / side)
    const north = Math.floor((high + 1) / side)
    for (let y = south; y <= north; y++) keys.push(keyAt(x, y))
  }
  return keys
}
