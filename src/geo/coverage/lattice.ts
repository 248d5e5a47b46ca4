// Every coordinate is a whole number of 1e-7 degrees (about a centimetre), so equal is equal and a turn is left, right
// or straight, never "nearly".
import type { Position } from './types'

/** A point on the lattice, in units of 1e-7 degrees. */
export interface Node {
  readonly x: number
  readonly y: number
}

const PER_DEGREE = 1e7
/** How far (in units) a rounded crossing can lie from the lines that cross: half the diagonal of a unit. */
export const ROUNDING = 0.7072

export const units = (degrees: number): number => Math.round(degrees * PER_DEGREE) + 0
export const degrees = (whole: number): number => whole / PER_DEGREE
export const nodeOf = (p: readonly number[]): Node => ({ x: units(p[0]!), y: units(p[1]!) })

const memo = new WeakMap<readonly Position[], readonly Node[]>()
/** The nodes of a list of positions; remembered, since an arc's points are asked for again and again. */
export function nodesOf(points: readonly Position[]): readonly Node[] {
  let nodes = memo.get(points)
  if (!nodes) {
    nodes = points.map(nodeOf)
    memo.set(points, nodes)
  }
  return nodes
}
export const positionOf = (n: Node): Position => [n.x / PER_DEGREE, n.y / PER_DEGREE]
/** The nearest position of the lattice. */
export const onLattice = (p: readonly number[]): Position => [units(p[0]!) / PER_DEGREE, units(p[1]!) / PER_DEGREE]
/** A place that is no number or off the world, if there is one. */
export const offWorld = (points: Iterable<readonly number[]>): readonly number[] | undefined => {
  for (const p of points) if (!(Math.abs(p[0]!) <= 180 && Math.abs(p[1]!) <= 90)) return p
}
export const samePlace = (a: readonly number[], b: readonly number[]): boolean => a[0] === b[0] && a[1] === b[1]
export const sameNode = (a: Node, b: Node): boolean => a.x === b.x && a.y === b.y
export const keyOf = (n: Node): string => `${n.x},${n.y}`

/** Sign of the turn a→b→c: 1 left, −1 right, 0 straight. Exact: BigInt where a product leaves 2^53. */
export function turn(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const left = (bx - ax) * (cy - ay)
  const right = (by - ay) * (cx - ax)
  if (Math.abs(left) < 2 ** 53 && Math.abs(right) < 2 ** 53) return left > right ? 1 : left < right ? -1 : 0
  const exact = BigInt(bx - ax) * BigInt(cy - ay) - BigInt(by - ay) * BigInt(cx - ax)
  return exact > 0n ? 1 : exact < 0n ? -1 : 0
}

export const turnOf = (a: Node, b: Node, c: Node): number => turn(a.x, a.y, b.x, b.y, c.x, c.y)

/** Whether c lies within `reach` units of the segment a–b, strictly between its ends. */
export function beside(a: Node, b: Node, c: Node, reach: number): boolean {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const along = dx * (c.x - a.x) + dy * (c.y - a.y)
  const length2 = dx * dx + dy * dy
  if (along <= 0 || along >= length2) return false
  const across = dx * (c.y - a.y) - dy * (c.x - a.x)
  return across * across <= reach * reach * length2
}

/** Where two segments cross properly (each has its ends strictly on both sides of the other), rounded; or null. */
export function crossing(a: Node, b: Node, c: Node, d: Node): Node | null {
  if (turnOf(a, b, c) * turnOf(a, b, d) >= 0 || turnOf(c, d, a) * turnOf(c, d, b) >= 0) return null
  const [rx, ry] = [BigInt(b.x - a.x), BigInt(b.y - a.y)]
  const [sx, sy] = [BigInt(d.x - c.x), BigInt(d.y - c.y)]
  const below = rx * sy - ry * sx
  const above = BigInt(c.x - a.x) * sy - BigInt(c.y - a.y) * sx
  return { x: a.x + Number(divided(rx * above, below)), y: a.y + Number(divided(ry * above, below)) }
}

/** Quotient of two integers, rounded to the nearest, halves up. */
function divided(above: bigint, below: bigint): bigint {
  const [n, d] = below < 0n ? [-above, -below] : [above, below]
  const twice = 2n * n + d
  const quotient = twice / (2n * d)
  return twice % (2n * d) < 0n ? quotient - 1n : quotient
}

/**
 * Whether two segments have more in common than an end they share: they cross, touch, or lie upon each other.
 * Equal segments do.
 */
export function collide(a: Node, b: Node, c: Node, d: Node): boolean {
  if (Math.max(a.x, b.x) < Math.min(c.x, d.x) || Math.max(c.x, d.x) < Math.min(a.x, b.x)) return false
  if (Math.max(a.y, b.y) < Math.min(c.y, d.y) || Math.max(c.y, d.y) < Math.min(a.y, b.y)) return false
  const shared = sameNode(a, c) || sameNode(a, d) ? a : sameNode(b, c) || sameNode(b, d) ? b : null
  if (shared) {
    const p = shared === a ? b : a
    const q = sameNode(shared, c) ? d : c
    return turnOf(shared, p, q) === 0 && (p.x - shared.x) * (q.x - shared.x) + (p.y - shared.y) * (q.y - shared.y) > 0
  }
  return turnOf(a, b, c) * turnOf(a, b, d) <= 0 && turnOf(c, d, a) * turnOf(c, d, b) <= 0
}

/** Compares two directions at `o` by how far they lie clockwise of the direction to `from` (which itself comes last). */
export function clockwise(o: Node, from: Node, a: Node, b: Node): number {
  const quarter = (p: Node) => {
    const side = turnOf(o, from, p)
    if (side !== 0) return side < 0 ? 0 : 2
    return (p.x - o.x) * (from.x - o.x) + (p.y - o.y) * (from.y - o.y) > 0 ? 3 : 1
  }
  return quarter(a) - quarter(b) || turnOf(o, a, b)
}

/** Twice the signed area (square units) of a closed or open list of nodes; positive anticlockwise. */
export function twiceArea(ring: readonly Node[]): number {
  const o = ring[0]
  if (!o) return 0
  let sum = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    sum += (ring[j]!.x - o.x) * (ring[i]!.y - o.y) - (ring[i]!.x - o.x) * (ring[j]!.y - o.y)
  }
  return sum
}

/** Where a node lies to a ring (exact): 1 inside, −1 outside, 0 on it. */
export function whereIn(ring: readonly Node[], p: Node): number {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[j]!
    const b = ring[i]!
    if (a.y > p.y === b.y > p.y) {
      if (a.y === p.y && b.y === p.y && Math.min(a.x, b.x) <= p.x && p.x <= Math.max(a.x, b.x)) return 0
      if (sameNode(b, p)) return 0
      continue
    }
    const side = a.y < b.y ? turnOf(a, b, p) : turnOf(b, a, p)
    if (side === 0) return 0
    if (side > 0) inside = !inside
  }
  return inside ? 1 : -1
}
