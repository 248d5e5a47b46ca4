import { squaresAlong } from './arcIndex'
import { beside, crossing, type Node, ROUNDING, sameNode } from './lattice'

interface Segment {
  path: number
  /** Number of its first node in the path. */
  at: number
  a: Node
  b: Node
  cuts: Node[]
}

/**
 * Lines with a vertex wherever they meet: where two cross, both get the very same rounded vertex; where a vertex of one
 * lies on the other (within the rounding), the other gets it too. Rounding bends a line by less than a unit, which can
 * make new meetings, so it goes on until there are none. Null when that does not end (lines finer than the lattice).
 * With `cross` false only vertices on lines count; crossings stay.
 */
export function nodePaths(paths: readonly (readonly Node[])[], cross = true): (readonly Node[])[] | null {
  let lines = [...paths]
  for (let round = 0; round < 12; round++) {
    const segments = segmentsOf(lines)
    let cut = false
    for (const [s, t] of pairsOf(segments)) cut = meet(s, t, cross) || cut
    if (!cut) return lines
    lines = withCuts(lines, segments)
  }
  return null
}

function segmentsOf(lines: readonly (readonly Node[])[]): Segment[] {
  const segments: Segment[] = []
  lines.forEach((line, path) => {
    for (let at = 0; at + 1 < line.length; at++) segments.push({ path, at, a: line[at]!, b: line[at + 1]!, cuts: [] })
  })
  return segments
}

/** Pairs of segments whose boxes nearly touch; a pair may come twice. */
function* pairsOf(segments: readonly Segment[]): Generator<[Segment, Segment]> {
  let span = 0
  for (const { a, b } of segments) span += Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))
  const side = Math.max(4, Math.ceil((1.5 * span) / Math.max(1, segments.length)))
  const squares = new Map<number, Segment[]>()
  for (const s of segments) {
    const mates = new Set<Segment>()
    for (const key of squaresAlong(s.a.x, s.a.y, s.b.x, s.b.y, side)) {
      const list = squares.get(key)
      if (!list) {
        squares.set(key, [s])
        continue
      }
      for (const t of list) {
        if (t === s || mates.has(t)) continue
        mates.add(t)
        if (nearBoxes(s, t)) yield [s, t]
      }
      if (list[list.length - 1] !== s) list.push(s)
    }
  }
}

function nearBoxes(s: Segment, t: Segment): boolean {
  return (
    Math.max(s.a.x, s.b.x) + 1 >= Math.min(t.a.x, t.b.x) &&
    Math.max(t.a.x, t.b.x) + 1 >= Math.min(s.a.x, s.b.x) &&
    Math.max(s.a.y, s.b.y) + 1 >= Math.min(t.a.y, t.b.y) &&
    Math.max(t.a.y, t.b.y) + 1 >= Math.min(s.a.y, s.b.y)
  )
}

/** Notes where two segments have to be cut; false when they have nothing in common but ends. */
function meet(s: Segment, t: Segment, cross: boolean): boolean {
  let cut = false
  for (const [one, other] of [
    [s, t],
    [t, s],
  ] as const) {
    for (const node of [other.a, other.b]) {
      if (sameNode(node, one.a) || sameNode(node, one.b) || !beside(one.a, one.b, node, ROUNDING)) continue
      one.cuts.push(node)
      cut = true
    }
  }
  // a crossing beside a vertex is settled by that vertex, in the next round
  if (cut || !cross) return cut
  const node = crossing(s.a, s.b, t.a, t.b)
  if (!node) return false
  for (const one of [s, t]) {
    if (sameNode(node, one.a) || sameNode(node, one.b)) continue
    one.cuts.push(node)
    cut = true
  }
  return cut
}

function withCuts(lines: readonly (readonly Node[])[], segments: readonly Segment[]): (readonly Node[])[] {
  const cuts = segments.filter((s) => s.cuts.length > 0)
  const out = [...lines]
  const touched = new Map<number, Map<number, Segment>>()
  for (const s of cuts) {
    const list = touched.get(s.path)
    if (list) list.set(s.at, s)
    else touched.set(s.path, new Map([[s.at, s]]))
  }
  for (const [path, byStart] of touched) {
    out[path] = lines[path]!.flatMap((node, i) => {
      const s = byStart.get(i)
      if (!s) return [node]
      const along = (n: Node) => (n.x - s.a.x) * (s.b.x - s.a.x) + (n.y - s.a.y) * (s.b.y - s.a.y)
      const sorted = s.cuts.sort((p, q) => along(p) - along(q))
      return [node, ...sorted.filter((n, k) => k === 0 || !sameNode(n, sorted[k - 1]!))]
    })
  }
  return out
}
