import type { RingStrip } from './readRings'

/** Which ring steps run along the same edge, and which vertices they meet in. */
export interface Links {
  /** Vertex of every point of the strip, and where each vertex lies. */
  vertexOf: Int32Array
  vx: Int32Array
  vy: Int32Array
  vertices: number
  /** Edge of the step that leaves every point of the strip. */
  edgeOf: Int32Array
  edges: number
  /** Chains of steps along an edge: the first, and the next of each (−1: no more). */
  firstStep: Int32Array
  nextStep: Int32Array
  /** How many edges meet in a vertex (255 and more are 255). */
  degree: Uint8Array
}

/** Finds equal vertices and equal edges by hashing; no tolerance. */
export function linkRings({ xs, ys, starts }: RingStrip): Links {
  const n = starts[starts.length - 1]!
  const width = 2 ** Math.ceil(Math.log2(Math.max(16, n * 2)))
  const mask = width - 1
  const table = new Int32Array(width).fill(-1)
  const vertexOf = new Int32Array(n)
  const vx = new Int32Array(n)
  const vy = new Int32Array(n)
  let vertices = 0
  for (let i = 0; i < n; i++) {
    const x = xs[i]!
    const y = ys[i]!
    let at = mix(x, y) & mask
    let found = table[at]!
    while (found >= 0 && (vx[found] !== x || vy[found] !== y)) {
      at = (at + 1) & mask
      found = table[at]!
    }
    if (found < 0) {
      found = vertices++
      table[at] = found
      vx[found] = x
      vy[found] = y
    }
    vertexOf[i] = found
  }
  table.fill(-1)
  const edgeOf = new Int32Array(n)
  const low = new Int32Array(n)
  const high = new Int32Array(n)
  const firstStep = new Int32Array(n)
  const nextStep = new Int32Array(n)
  const degree = new Uint8Array(vertices)
  let edges = 0
  for (let ring = 0; ring + 1 < starts.length; ring++) {
    const start = starts[ring]!
    const end = starts[ring + 1]!
    for (let i = start; i < end; i++) {
      const a = vertexOf[i]!
      const b = vertexOf[i + 1 < end ? i + 1 : start]!
      const u = a < b ? a : b
      const v = a < b ? b : a
      let at = mix(u, v) & mask
      let found = table[at]!
      while (found >= 0 && (low[found] !== u || high[found] !== v)) {
        at = (at + 1) & mask
        found = table[at]!
      }
      if (found < 0) {
        found = edges++
        table[at] = found
        low[found] = u
        high[found] = v
        firstStep[found] = -1
        if (degree[u]! < 255) degree[u]!++
        if (degree[v]! < 255) degree[v]!++
      }
      edgeOf[i] = found
      nextStep[i] = firstStep[found]!
      firstStep[found] = i
    }
  }
  return { vertexOf, vx, vy, vertices, edgeOf, edges, firstStep, nextStep, degree }
}

function mix(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}
