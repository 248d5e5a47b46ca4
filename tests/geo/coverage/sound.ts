// What must hold of any coverage without errors, looked at from outside: by the shapes it gives, not by its arcs.
import type { MultiPolygon } from 'geojson'
import { expect } from 'vitest'
import { beside, nodeOf, turnOf } from '../../../src/geo/coverage/lattice'
import { endsAt } from '../../../src/geo/coverage/near'
import { openCoverage } from '../../../src/geo/coverage/open'
import { areaOf, gapsOf, geometryOf } from '../../../src/geo/coverage/read'
import type { Coverage, Position } from '../../../src/geo/coverage/types'

const levelsOf = (coverage: Coverage) => [...new Set([...coverage.cells.values()].map((c) => c.level))].sort()

export function expectSound(coverage: Coverage, next: () => number): void {
  expectArcsFit(coverage)
  for (const level of levelsOf(coverage)) {
    expectAreasAddUp(coverage, level)
    expectBordersShared(coverage, level)
  }
  expectOneOwnerEverywhere(coverage, next)
  expectReopens(coverage)
}

/** The children and the gaps of a parent are the parent. */
function expectAreasAddUp(coverage: Coverage, level: number): void {
  const gaps = gapsOf(coverage)
  const parents = new Set([...coverage.cells.values()].filter((c) => c.level === level).map((c) => c.parent!))
  for (const parent of parents) {
    const children = [...coverage.cells.values()].filter((c) => c.parent === parent)
    const sum =
      children.reduce((total, c) => total + areaOf(coverage, c.id), 0) +
      gaps.filter((gap) => gap.parent === parent).reduce((total, gap) => total + gap.area_m2, 0)
    expect(Math.abs(sum - areaOf(coverage, parent)), `area of ${parent}`).toBeLessThan(1)
  }
}

/** No edge is walked twice the same way, and no corner lies upon another's edge without being its corner too. */
function expectBordersShared(coverage: Coverage, level: number): void {
  const walked = new Set<string>()
  const edges: [Position, Position][] = []
  const corners = new Map<string, Position>()
  for (const cell of coverage.cells.values()) {
    if (cell.level !== level) continue
    for (const ring of geometryOf(coverage, cell.id).coordinates.flat() as Position[][]) {
      expect(ring.length).toBeGreaterThanOrEqual(4)
      for (let i = 1; i < ring.length; i++) {
        const key = `${ring[i - 1]!.join()} ${ring[i]!.join()}`
        expect(walked.has(key), `edge ${key} of ${cell.id} twice`).toBe(false)
        walked.add(key)
        edges.push([ring[i - 1]!, ring[i]!])
        corners.set(ring[i]!.join(), ring[i]!)
      }
    }
  }
  const nodes = [...corners.values()].map(nodeOf)
  for (const [p, q] of edges) {
    const [a, b] = [nodeOf(p), nodeOf(q)]
    const on = nodes.find((n) => turnOf(a, b, n) === 0 && beside(a, b, n, 0.1))
    expect(on, `corner upon the edge ${p.join()} ${q.join()}`).toBeUndefined()
  }
}

function inside(shape: MultiPolygon, [x, y]: Position): boolean {
  let hits = 0
  for (const ring of shape.coordinates.flat() as Position[][]) {
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1]!, ring[i]!]
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) hits++
    }
  }
  return hits % 2 === 1
}

/** At any place at most one cell of a level, and then its parent too. */
function expectOneOwnerEverywhere(coverage: Coverage, next: () => number): void {
  const shapes = new Map([...coverage.cells.keys(), coverage.root.id].map((id) => [id, geometryOf(coverage, id)]))
  for (let i = 0; i < 60; i++) {
    const place: Position = [117.38 + next() * 0.1, 39.98 + next() * 0.1]
    const here = [...shapes].filter(([, shape]) => inside(shape, place)).map(([id]) => id)
    const levels = here.map((id) => (id === coverage.root.id ? coverage.level - 1 : coverage.cells.get(id)!.level))
    expect(new Set(levels).size, `owners of ${place.join()}: ${here.join()}`).toBe(levels.length)
    for (const id of here) {
      const parent = coverage.cells.get(id)?.parent
      if (parent) expect(here, `${id} beyond ${parent} at ${place.join()}`).toContain(parent)
    }
  }
}

/** Arcs say who lies beside them as the rings do; they end in junctions only, and the index finds them there. */
function expectArcsFit(coverage: Coverage): void {
  const left = new Map<number, number[]>()
  const right = new Map<number, number[]>()
  const add = (map: Map<number, number[]>, arc: number, id: number) =>
    map.set(arc, [...(map.get(arc) ?? []), id].sort())
  for (const cell of [coverage.root, ...coverage.cells.values()]) {
    for (const ref of cell.polygons.flat(2)) add(ref < 0 ? right : left, ref < 0 ? ~ref : ref, cell.id)
  }
  for (const arc of coverage.arcs.values()) {
    expect([...arc.left].sort()).toEqual(left.get(arc.id) ?? [])
    expect([...arc.right].sort()).toEqual(right.get(arc.id) ?? [])
    expect(arc.left.length + arc.right.length).toBeGreaterThan(0)
    for (const end of [arc.points[0]!, arc.points[arc.points.length - 1]!]) {
      const meeting = endsAt(coverage, end)
      expect(meeting.some((m) => m.arc === arc)).toBe(true)
      const closed = meeting.length === 2 && meeting[0]!.arc === meeting[1]!.arc
      if (!closed) expect(meeting.length, `ends at ${end.join()}`).toBeGreaterThan(2)
    }
  }
  expect([...left.keys(), ...right.keys()].every((id) => coverage.arcs.has(id))).toBe(true)
  for (const [parent, ids] of coverage.children) {
    expect([...ids].sort()).toEqual(
      [...coverage.cells.values()]
        .filter((c) => c.parent === parent)
        .map((c) => c.id)
        .sort(),
    )
  }
}

/** What is read out of it opens as the same again, with nothing untidy but what gaps bring. */
function expectReopens(coverage: Coverage): void {
  const input = (id: number, level: number, parent: number | null) => ({
    id,
    level,
    parent,
    geometry: geometryOf(coverage, id),
  })
  const again = openCoverage(
    input(coverage.root.id, coverage.level - 1, null),
    [...coverage.cells.values()].map((c) => input(c.id, c.level, c.parent)),
  )
  if (!again.ok) throw new Error(again.reason.code)
  expect(again.untidy.filter((issue) => issue.code === 'OVERLAP')).toEqual([])
  expect(again.coverage.arcs.size).toBe(coverage.arcs.size)
}
