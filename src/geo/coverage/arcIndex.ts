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
      let last = -1
      for (const key of keysOf(arc.points, side)) {
        if (key === last) continue
        last = key
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
      const old = before ? new Set(keysOf(before.points, this.side)) : new Set<number>()
      const fresh = after ? new Set(keysOf(after.points, this.side)) : new Set<number>()
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

function* keysOf(points: readonly Position[], side: number): Generator<number> {
  for (let i = 1; i < points.length; i++) {
    const [ax, ay] = [units(points[i - 1]![0]), units(points[i - 1]![1])]
    const [bx, by] = [units(points[i]![0]), units(points[i]![1])]
    const west = Math.floor(Math.min(ax, bx) / side)
    const east = Math.floor(Math.max(ax, bx) / side)
    // A long slanting segment fills a large box: column by column it takes only the rows it runs through.
    for (let x = west; x <= east; x++) {
      let [low, high] = [ay, by]
      if (east > west) {
        const at = (edge: number) => ay + (by - ay) * Math.max(0, Math.min(1, (edge - ax) / (bx - ax)))
        low = at(x * side)
        high = at((x + 1) * side)
      }
      const south = Math.floor((Math.min(low, high) - 1) / side)
      const north = Math.floor((Math.max(low, high) + 1) / side)
      for (let y = south; y <= north; y++) yield keyAt(x, y)
    }
  }
}
