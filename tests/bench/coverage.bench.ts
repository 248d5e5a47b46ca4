import { topology } from 'topojson-server'
import { beginDrag } from '../../src/geo/coverage/drag'
import { openCoverage } from '../../src/geo/coverage/open'
import { handlesOf } from '../../src/geo/coverage/read'
import type { CellInput, Coverage, Position } from '../../src/geo/coverage/types'
import { readCounty } from '../../supabase/seed/county'
import { measureRatio, type Ratio, ratioOf } from './ratio'

/**
 * Opening against the bare `topology()` of the same cells, opening the demo township of 50 villages against what is allowed,
 * and what one pointer move costs while a junction is dragged: among 1 000 cells against what is allowed, among 10 000
 * against 1 000.
 */
export async function benchCoverage(): Promise<Ratio[]> {
  const [small, large, township] = [tiles(40, 25), tiles(100, 100), demoTownship('120119106')]
  const [few, many] = [opened(small), opened(large)]
  const moves = { few: [] as number[], many: [] as number[], soft: [] as number[] }
  for (let round = 0; round < 21; round++) {
    moves.few.push(secondsPerMove(few, round))
    moves.many.push(secondsPerMove(many, round))
  }
  for (let round = 0; round < 21; round++) moves.soft.push(secondsPerMove(few, round, 500))
  return [
    await measureRatio(
      'open 10 000 cells, against bare topology()',
      2,
      async () => openCoverage(large.root, large.cells),
      async () => topology({ all: collection(large.cells) }),
    ),
    await against('open a township of 50 villages, against 300 ms', 0.3, async () =>
      openCoverage(township.root, township.cells),
    ),
    ratioOf(
      'one move of a junction among 1 000 cells, against 2 ms',
      1,
      moves.few,
      moves.few.map(() => 0.002),
    ),
    ratioOf(
      'the same with the vertices within 500 m coming along',
      1,
      moves.soft,
      moves.soft.map(() => 0.002),
    ),
    ratioOf('one move of a junction: 10 000 cells against 1 000', 3, moves.many, moves.few),
  ]
}

async function against(name: string, limit: number, work: () => Promise<unknown>): Promise<Ratio> {
  const measured = await measureRatio(name, 1, work, async () => undefined)
  return { ...measured, bare: limit, ratio: measured.ours / limit }
}

const collection = (cells: readonly CellInput[]) => ({
  type: 'GeometryCollection' as const,
  geometries: cells.map((cell) => cell.geometry),
})

/** Mean over a circle of 60 pointer positions, shapes and checks included. */
function secondsPerMove(coverage: Coverage, round: number, soft_m?: number): number {
  const nodes = handlesOf(coverage, [117.5, 40.05, 117.6, 40.1]).filter((h) => h.kind === 'node' && !h.fixed)
  const { arc, index, at } = nodes[round % nodes.length]!
  const begun = beginDrag(coverage, { kind: 'vertex', arc, index, soft_m })
  if (!begun.ok) throw new Error(begun.reason.code)
  const start = performance.now()
  for (let i = 0; i < 60; i++) {
    const turn = (i / 60) * 2 * Math.PI
    begun.drag.move([at[0] + 0.0008 * Math.cos(turn), at[1] + 0.0008 * Math.sin(turn)])
  }
  return (performance.now() - start) / 1000 / 60
}

function opened({ root, cells }: { root: CellInput; cells: CellInput[] }): Coverage {
  const answer = openCoverage(root, cells)
  if (!answer.ok) throw new Error(answer.reason.code)
  return answer.coverage
}

/** A township of the demo county with its villages. */
function demoTownship(code: string): { root: CellInput; cells: CellInput[] } {
  const county = readCounty()
  const township = county.townships.find((each) => each.code === code)!
  const villages = county.villages.filter((each) => each.township === code)
  return {
    root: { id: 1, level: 2, parent: null, geometry: township.boundary },
    cells: villages.map(({ boundary }, i) => ({ id: i + 2, level: 3, parent: 1, geometry: boundary })),
  }
}

/** Squares of 0.01° with bent borders, eight points a side: about the villages of the demo county. */
function tiles(columns: number, rows: number): { root: CellInput; cells: CellInput[] } {
  const side = 8
  const point = (x: number, y: number): Position => {
    const bend = (n: number) => 0.06 * Math.sin(n * 12.9898 + x * 7.1 + y * 3.3)
    const edge = x === 0 || y === 0 || x === columns || y === rows
    return [round(117.4 + 0.01 * (x + (edge ? 0 : bend(y)))), round(40 + 0.01 * (y + (edge ? 0 : bend(x))))]
  }
  const line = (w: number, s: number, e: number, n: number, steps: number): Position[] =>
    Array.from({ length: steps }, (_, i) => point(w + ((e - w) * i) / steps, s + ((n - s) * i) / steps))
  const ring = (w: number, s: number, e: number, n: number, perUnit: number): Position[] => {
    const corners = [
      [w, s],
      [e, s],
      [e, n],
      [w, n],
    ] as const
    const all = corners.flatMap(([x, y], i) => {
      const [u, v] = corners[(i + 1) % 4]!
      return line(x, y, u, v, perUnit * Math.max(Math.abs(u - x), Math.abs(v - y)))
    })
    return [...all, all[0]!]
  }
  const cells = Array.from({ length: columns * rows }, (_, i): CellInput => {
    const [x, y] = [i % columns, Math.floor(i / columns)]
    return {
      id: i + 2,
      level: 3,
      parent: 1,
      geometry: { type: 'Polygon', coordinates: [ring(x, y, x + 1, y + 1, side)] },
    }
  })
  const outline = ring(0, 0, columns, rows, side)
  return { root: { id: 1, level: 2, parent: null, geometry: { type: 'Polygon', coordinates: [outline] } }, cells }
}

const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7
