import type { Edge } from './arrangement'
import { keyOf, type Node, nodeOf, nodesOf, positionOf, sameNode } from './lattice'
import { endsAt } from './near'
import type { Arc, CellId, Coverage } from './types'

/** An edge that separates something, with who ends there on both sides of a→b. */
export interface Piece {
  edge: Edge
  left: readonly CellId[]
  right: readonly CellId[]
}

interface Chain {
  nodes: Node[]
  left: readonly CellId[]
  right: readonly CellId[]
  /** The arc that its first known edge was part of; it runs in that arc's direction. */
  origin: Arc | undefined
}

/**
 * Joins edges to arcs from junction to junction. An arc that comes out as it went in is the same object; one between
 * the same junctions, or the first piece of one that was cut, keeps its number. `given`: every path (first those of
 * `arcs`) as it came in; a vertex that only marks where a line crossed that is no more goes again.
 */
export function joinEdges(
  coverage: Coverage,
  local: ReadonlySet<number>,
  arcs: readonly Arc[],
  pieces: readonly Piece[],
  given: readonly (readonly Node[])[],
): { arcs: Arc[]; nextArc: number } {
  const chains = chainsOf(pieces, arcs, given, junctions(coverage, local, arcs))
  const taken = new Set<number>()
  const out: Arc[] = []
  let nextArc = coverage.nextArc
  // those that stay as they are first, so that no cut piece takes their number
  const fitting = chains.map((chain) => chain.origin !== undefined && sameArc(coverage, chain, chain.origin))
  chains.forEach(({ origin }, i) => {
    if (!fitting[i]) return
    taken.add(origin!.id)
    out.push(origin!)
  })
  chains.forEach(({ nodes, left, right, origin }, i) => {
    if (fitting[i]) return
    const id = origin && !taken.has(origin.id) ? origin.id : nextArc++
    taken.add(id)
    out.push({ id, points: nodes.map(positionOf), ...sided(coverage, left, right) })
  })
  return { arcs: out, nextArc }
}

function sided(coverage: Coverage, left: readonly CellId[], right: readonly CellId[]) {
  const all = [...left, ...right]
  const levels = new Set(all.flatMap((id) => coverage.cells.get(id)?.level ?? []))
  return { fixed: all.includes(coverage.root.id), levels: [...levels].sort((a, b) => a - b), left, right }
}

/** Places where arcs that do not take part end: they stay junctions. With how many there are. */
function junctions(coverage: Coverage, local: ReadonlySet<number>, arcs: readonly Arc[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const { points } of arcs) {
    for (const end of [points[0]!, points[points.length - 1]!]) {
      const key = keyOf(nodeOf(end))
      if (!found.has(key)) found.set(key, endsAt(coverage, end).filter(({ arc }) => !local.has(arc.id)).length)
    }
  }
  return found
}

function chainsOf(
  pieces: readonly Piece[],
  arcs: readonly Arc[],
  given: readonly (readonly Node[])[],
  foreign: ReadonlyMap<string, number>,
): Chain[] {
  const corners = given.map((nodes) => new Set(nodes.map(keyOf)))
  const needless = (node: Node, one: Piece, other: Piece) => {
    const both = one.edge.uses.filter(({ path }) => other.edge.uses.some((use) => use.path === path))
    return both.length > 0 && both.every(({ path }) => !corners[path]!.has(keyOf(node)))
  }
  const at = new Map<string, Piece[]>()
  for (const piece of pieces) {
    for (const node of [piece.edge.a, piece.edge.b]) {
      const list = at.get(keyOf(node))
      if (list) list.push(piece)
      else at.set(keyOf(node), [piece])
    }
  }
  const isJunction = (node: Node) => {
    const [one, two, third] = at.get(keyOf(node))!
    if (!one || !two || third || (foreign.get(keyOf(node)) ?? 0) > 0) return true
    // the same sides on both, seen along the way through
    const [p, q] = [along(one, node), along(two, node)]
    return !sameMembers(p.left, q.right) || !sameMembers(p.right, q.left)
  }
  const used = new Set<Piece>()
  const chains: Chain[] = []
  const walk = (first: Piece, from: Node) => {
    const nodes = [from]
    const through: Piece[] = []
    let piece = first
    let here = from
    for (;;) {
      used.add(piece)
      through.push(piece)
      here = sameNode(piece.edge.a, here) ? piece.edge.b : piece.edge.a
      nodes.push(here)
      if (isJunction(here)) break
      const next = at.get(keyOf(here))!.find((p) => !used.has(p))
      if (!next) break
      piece = next
    }
    const loop = nodes.length > 2 && !isJunction(nodes[0]!)
    const line = nodes.filter((node, i) => {
      if (i > 0 && i < nodes.length - 1) return !needless(node, through[i - 1]!, through[i]!)
      return !loop || !needless(node, through[through.length - 1]!, through[0]!)
    })
    if (loop && !sameNode(line[0]!, line[line.length - 1]!)) line.push(line[0]!)
    chains.push(chainOf(line, nodes, through, arcs))
  }
  for (const piece of pieces) {
    for (const node of [piece.edge.a, piece.edge.b]) if (!used.has(piece) && isJunction(node)) walk(piece, node)
  }
  for (const piece of pieces) if (!used.has(piece)) walk(piece, piece.edge.a)
  return chains
}

/** The sides of a piece walked away from a node. */
function along({ edge, left, right }: Piece, from: Node) {
  return sameNode(edge.a, from) ? { left, right } : { left: right, right: left }
}

/** `whole`: the nodes between the pieces; `nodes`: those of them that the arc needs. */
function chainOf(
  nodes: readonly Node[],
  whole: readonly Node[],
  through: readonly Piece[],
  arcs: readonly Arc[],
): Chain {
  let { left, right } = along(through[0]!, whole[0]!)
  let origin: Arc | undefined
  let forward = true
  for (const [i, { edge }] of through.entries()) {
    const use = edge.uses.find(({ path }) => path < arcs.length)
    if (!use) continue
    origin = arcs[use.path]!
    forward = sameNode(edge.a, whole[i]!) === (use.sign === 1)
    break
  }
  let line = forward ? [...nodes] : nodes.toReversed()
  if (!forward) [left, right] = [right, left]
  const [first, last] = [line[0]!, line[line.length - 1]!]
  if (origin && sameNode(first, last)) {
    // a ring may begin anywhere: where it began before, if that is still a vertex
    const start = nodeOf(origin.points[0]!)
    const turn = line.findIndex((node) => sameNode(node, start))
    if (turn > 0) line = [...line.slice(turn, -1), ...line.slice(0, turn + 1)]
  }
  return { nodes: line, left, right, origin }
}

function sameArc(coverage: Coverage, { nodes, left, right }: Chain, arc: Arc): boolean {
  const old = nodesOf(arc.points)
  if (coverage.arcs.get(arc.id) !== arc || old.length !== nodes.length) return false
  return (
    old.every((node, i) => sameNode(node, nodes[i]!)) && sameMembers(left, arc.left) && sameMembers(right, arc.right)
  )
}

const sameMembers = (a: readonly CellId[], b: readonly CellId[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))
