import { ArcIndex } from './arcIndex'
import { joinVertices } from './joinVertices'
import { degrees } from './lattice'
import { Ledger } from './ledger'
import type { Links } from './links'
import { type RingStrip, readRings } from './readRings'
import { type Arc, type Cell, type CellId, type CellInput, type Opened, type Position, refuse } from './types'

/**
 * Puts the grids below `root` (any number of levels) on shared arcs. Coordinates are rounded to 1e-7 degrees; a corner
 * of one cell that lies exactly on the border of another becomes a vertex of both. Nothing else is repaired: borders
 * that nearly coincide or cross come back as `untidy`. Wrong input is a reason: rings that are none, numbers off the
 * world, an id twice, a parent that is not there.
 */
export function openCoverage(root: CellInput, cells: readonly CellInput[]): Opened {
  const inputs = [root, ...cells]
  const levels = new Map(inputs.map((cell) => [cell.id, cell.level]))
  if (levels.size !== inputs.length) {
    const seen = new Set<CellId>()
    return refuse('DUPLICATE_ID', { cells: inputs.map((c) => c.id).filter((id) => seen.has(id) || !seen.add(id)) })
  }
  const lost = cells.filter((c) => c.parent === null || levels.get(c.parent) !== c.level - 1)
  if (lost.length > 0) return refuse('UNKNOWN_CELL', { cells: lost.map((c) => c.id) })
  const read = readRings(inputs)
  if (!read.ok) return read
  const joined = joinVertices(inputs, read.strip)
  const coverage = buildCoverage(inputs, joined.strip, joined.links)
  return { ok: true, coverage, untidy: joined.untidy(coverage) }
}

function buildCoverage(inputs: readonly CellInput[], strip: RingStrip, links: Links) {
  const { starts, cellOf, polygonOf } = strip
  const { vertexOf, edgeOf, edges, vertices, degree, vx, vy } = links
  const positions: (Position | undefined)[] = new Array(vertices)
  const at = (v: number): Position => {
    let p = positions[v]
    if (!p) {
      p = [degrees(vx[v]!), degrees(vy[v]!)]
      positions[v] = p
    }
    return p
  }
  const arcs: Arc[] = []
  const arcOf = new Int32Array(edges).fill(-1)
  // whether the arc runs along the edge from its lower to its higher vertex
  const upward = new Uint8Array(edges)
  const polygons: number[][][][] = inputs.map(() => [])
  const sides = sidesReader(inputs, strip, links)

  for (let ring = 0; ring + 1 < starts.length; ring++) {
    const start = starts[ring]!
    const n = starts[ring + 1]! - start
    let first = 0
    while (first < n && degree[vertexOf[start + first]!] === 2) first++
    const loose = first === n
    if (loose) first = 0
    const refs: number[] = []
    for (let k = first; k < first + n; ) {
      let stop = k + 1
      while (stop < first + n && (loose || degree[vertexOf[stop < n ? start + stop : start + stop - n]!] === 2)) stop++
      const from = k < n ? start + k : start + k - n
      const edge = edgeOf[from]!
      let v = vertexOf[from]!
      const up = v < vertexOf[k + 1 < n ? start + k + 1 : start + k + 1 - n]! ? 1 : 0
      if (arcOf[edge] === -1) {
        const points: Position[] = [at(v)]
        for (let i = k; i < stop; i++) {
          const e = edgeOf[i < n ? start + i : start + i - n]!
          const w = vertexOf[i + 1 < n ? start + i + 1 : start + i + 1 - n]!
          arcOf[e] = arcs.length
          upward[e] = v < w ? 1 : 0
          points.push(at(w))
          v = w
        }
        arcs.push({ id: arcs.length, points, ...sides(edge, up) })
      }
      const arc = arcOf[edge]!
      refs.push(upward[edge] === up ? arc : ~arc)
      k = stop
    }
    const polygon = polygons[cellOf[ring]!]!
    const number = polygonOf[ring]!
    if (polygon[number]) polygon[number].push(refs)
    else polygon[number] = [refs]
  }

  const built = inputs.map(({ id, level, parent }, i): Cell => ({ id, level, parent, polygons: polygons[i]! }))
  const [root, ...cells] = built as [Cell, ...Cell[]]
  const children = new Map<CellId, CellId[]>()
  for (const cell of cells) {
    const list = children.get(cell.parent!)
    if (list) list.push(cell.id)
    else children.set(cell.parent!, [cell.id])
  }
  return {
    level: root.level + 1,
    root,
    arcs: Ledger.of(arcs.map((arc) => [arc.id, arc] as const)),
    cells: Ledger.of(cells.map((cell) => [cell.id, cell] as const)),
    children: Ledger.of<readonly CellId[]>([...children]),
    index: ArcIndex.of(arcs, squareSide(strip, arcs.length)),
    nextArc: arcs.length,
  }
}

/** Who lies on which side of an edge; equal lists are one object, there are few. */
function sidesReader(inputs: readonly CellInput[], { cellOf, starts }: RingStrip, links: Links) {
  const { firstStep, nextStep, vertexOf } = links
  const ringOf = new Int32Array(vertexOf.length)
  for (let ring = 0; ring + 1 < starts.length; ring++) ringOf.fill(ring, starts[ring], starts[ring + 1])
  const endOf = (i: number) => {
    const ring = ringOf[i]!
    return vertexOf[i + 1 < starts[ring + 1]! ? i + 1 : starts[ring]!]!
  }
  return (edge: number, up: number) => {
    const left: CellId[] = []
    const right: CellId[] = []
    const levels: number[] = []
    let fixed = false
    for (let i = firstStep[edge]!; i >= 0; i = nextStep[i]!) {
      const number = cellOf[ringOf[i]!]!
      const { id, level } = inputs[number]!
      const same = (vertexOf[i]! < endOf(i) ? 1 : 0) === up
      ;(same ? left : right).push(id)
      if (number === 0) fixed = true
      else if (!levels.includes(level)) levels.push(level)
    }
    if (levels.length > 1) levels.sort((a, b) => a - b)
    return { fixed, levels, left, right }
  }
}

/** So that there are about as many squares as arcs. */
function squareSide({ xs, ys, starts }: RingStrip, arcs: number): number {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity]
  const end = starts[starts.length - 1]!
  for (let i = 0; i < end; i++) {
    const x = xs[i]!
    const y = ys[i]!
    if (x < w) w = x
    if (x > e) e = x
    if (y < s) s = y
    if (y > n) n = y
  }
  return Math.max(1000, Math.round(Math.sqrt(((e - w) * (n - s)) / Math.max(1, arcs))))
}
