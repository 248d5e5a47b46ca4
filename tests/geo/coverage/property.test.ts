import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkCoverage } from '../../../src/geo/coverage/check'
import { fromDraft, toDraft } from '../../../src/geo/coverage/draft'
import { beginDrag } from '../../../src/geo/coverage/drag'
import * as ops from '../../../src/geo/coverage/operations'
import { areaOf, gapsOf, geometryOf, handlesOf } from '../../../src/geo/coverage/read'
import type { Arc, CellId, Coverage, Edit, Position } from '../../../src/geo/coverage/types'
import { at, opened, ROOT } from './ground'
import { randomFrom, randomGround } from './randomGround'
import { expectSound } from './sound'

const KINDS = [
  'drag',
  'drag',
  'soft',
  'insert',
  'stretch',
  'delete',
  'straighten',
  'simplify',
  'redraw',
  'snap',
  'split',
  'split',
  'merge',
  'merge',
  'give',
  'cut',
  'fill',
  'retire',
  'draw',
  'reshape',
  'revive',
] as const

const step = fc.record({ kind: fc.constantFrom(...KINDS), seed: fc.integer() })
const text = (coverage: Coverage) => JSON.stringify(toDraft(coverage))

/** One random command; null when there is nothing to do it to. */
function edit(coverage: Coverage, kind: (typeof KINDS)[number], next: () => number, fresh: () => CellId): Edit | null {
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)]
  const cell = () => one([...coverage.cells.keys()])
  const place = (): Position => at(next() * 6.5 - 0.3, next() * 6.5 - 0.3)
  const near = ([lon, lat]: Position, reach: number): Position => [
    Math.round((lon + (next() - 0.5) * reach) * 1e7) / 1e7,
    Math.round((lat + (next() - 0.5) * reach) * 1e7) / 1e7,
  ]
  // ends that slide along the outline too
  const handles = handlesOf(coverage).filter((h) => !h.fixed)
  const vertices = handles.filter((h) => h.kind !== 'mid')
  const stretch = () => {
    const arc = one([...coverage.arcs.values()].filter((a) => !a.fixed))
    if (!arc) return null
    const last = arc.points.length - 1
    const from = Math.floor(next() * last)
    return { arc: arc.id, from, to: from + 1 + Math.floor(next() * (last - from)), at: arc.points[from]! }
  }
  const beside = (arc: Arc, id: CellId): CellId | undefined => {
    const [here, there] = arc.left.includes(id) ? [arc.left, arc.right] : [arc.right, arc.left]
    if (!here.includes(id)) return undefined
    return there.find((other) => coverage.cells.get(other)?.parent === coverage.cells.get(id)?.parent)
  }
  const ring = (middle = place()): Position[] => {
    const corners = 3 + Math.floor(next() * 4)
    const list = Array.from({ length: corners }, (_, i): Position => {
      const [turn, reach] = [(2 * Math.PI * i) / corners, 0.003 + next() * 0.015]
      return near([middle[0] + Math.cos(turn) * reach, middle[1] + Math.sin(turn) * reach], 0.001)
    })
    return [...list, list[0]!]
  }
  switch (kind) {
    case 'soft':
    case 'drag': {
      const handle = one(vertices)
      if (!handle) return null
      const soft_m = kind === 'soft' ? 20 + next() * 2000 : undefined
      const begun = beginDrag(coverage, { kind: 'vertex', arc: handle.arc, index: handle.index, soft_m })
      if (!begun.ok) return begun
      begun.drag.move(place())
      begun.drag.move(near(handle.at, next() < 0.8 ? 0.004 : 0.05))
      return begun.drag.finish()
    }
    case 'insert': {
      const mid = one(handles.filter((h) => h.kind === 'mid'))
      if (!mid) return null
      const begun = beginDrag(coverage, { kind: 'insert', arc: mid.arc, segment: mid.index, at: mid.at })
      if (!begun.ok) return begun
      begun.drag.move(near(mid.at, 0.004))
      return begun.drag.finish()
    }
    case 'stretch': {
      const found = stretch()
      return found && ops.moveStretch(coverage, found.arc, found.from, found.to, found.at, near(found.at, 0.003))
    }
    case 'delete': {
      const handle = one(vertices)
      return handle ? ops.deleteVertex(coverage, handle.arc, handle.index) : null
    }
    case 'straighten': {
      const found = stretch()
      return found && ops.straighten(coverage, found.arc, found.from, found.to)
    }
    case 'simplify': {
      const found = stretch()
      return found && ops.simplifyStretch(coverage, found.arc, found.from, found.to, next() * 200)
    }
    case 'redraw': {
      const found = stretch()
      return (
        found &&
        ops.redrawStretch(coverage, found.arc, found.from, found.to, [near(found.at, 0.006), near(found.at, 0.006)])
      )
    }
    case 'snap': {
      const [from, to] = [one(vertices), one(handlesOf(coverage).filter((h) => h.kind !== 'mid'))]
      return from && to ? ops.snapNodes(coverage, from.at, to.at) : null
    }
    case 'split': {
      const id = cell()
      const lines = Array.from({ length: 1 + Math.floor(next() * 2) }, () =>
        Array.from({ length: 2 + Math.floor(next() * 3) }, place),
      )
      const keeps = next() < 0.5 ? place() : undefined
      return id === undefined ? null : ops.split(coverage, id, lines, Array.from({ length: 9 }, fresh), keeps)
    }
    case 'merge': {
      const into = cell()
      if (into === undefined) return null
      const parent = coverage.cells.get(into)!.parent!
      return ops.merge(
        coverage,
        [into, one(coverage.children.get(parent)!)!, one(coverage.children.get(parent)!)!],
        into,
      )
    }
    case 'give':
    case 'cut': {
      const from = cell()
      if (from === undefined) return null
      // around, or through, a corner of their common border
      const border = one([...coverage.arcs.values()].filter((a) => beside(a, from) !== undefined))
      const to = border && beside(border, from)
      if (!border || to === undefined) return null
      const middle = one(border.points)!
      return ops.give(
        coverage,
        from,
        to,
        kind === 'give' ? ring(middle) : [near(middle, 0.03), near(middle, 0.01), near(middle, 0.03)],
      )
    }
    case 'fill': {
      const gap = one(gapsOf(coverage))
      const into = gap && one(coverage.children.get(gap.parent) ?? [])
      return gap && into !== undefined ? ops.fill(coverage, gap.id, into) : null
    }
    case 'retire': {
      const id = cell()
      return id === undefined ? null : ops.retire(coverage, id)
    }
    case 'draw': {
      const gap = one(gapsOf(coverage))
      const middle = (gap && next() < 0.8 && one(gap.polygon.coordinates[0]!)) || place()
      return ops.drawCell(coverage, ring(middle as Position), { id: fresh(), parent: gap?.parent ?? ROOT })
    }
    case 'revive':
      return ops.reshape(coverage, fresh(), { type: 'Polygon', coordinates: [ring()] }, ROOT)
    case 'reshape': {
      const id = cell()
      if (id === undefined) return null
      return ops.reshape(coverage, id, { type: 'Polygon', coordinates: [ring()] })
    }
  }
}

describe('random edits on random coverages', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  const runs = Number(process.env.RUNS ?? 15)

  it(`keep every coverage whole (SEED=${seed})`, { timeout: 600_000 }, () => {
    const tally = new Map<string, number>()
    fc.assert(
      fc.property(fc.integer(), fc.array(step, { minLength: 4, maxLength: 14 }), (ground, steps) => {
        const { root, cells } = randomGround(ground)
        let coverage = opened(root, cells)
        expect(checkCoverage(coverage).filter((i) => i.severity === 'error')).toEqual([])
        expectSound(coverage, randomFrom(ground))
        let spare = 0
        const history: { coverage: Coverage; text: string }[] = []
        for (const { kind, seed: own } of steps) {
          const next = randomFrom(own)
          const before = text(coverage)
          const made = edit(coverage, kind, next, () => --spare)
          expect(text(coverage), 'an edit left the coverage before it as it was').toBe(before)
          tally.set(
            `${kind} ${made?.ok ? 'done' : (made?.reason.code ?? '-')}`,
            1 + (tally.get(`${kind} ${made?.ok ? 'done' : (made?.reason.code ?? '-')}`) ?? 0),
          )
          if (!made?.ok) continue
          const after = made.coverage
          const named = new Set([...made.touched, ...made.created, ...made.removed])
          for (const id of coverage.cells.keys()) {
            if (!named.has(id)) expect(areaOf(after, id), `${id} is not named`).toBeCloseTo(areaOf(coverage, id), 2)
          }
          expect(text(fromDraft(JSON.parse(text(after)))!)).toBe(text(after))
          // what is wrong can be drawn, and is found: locally as well as by a look at everything; then it is undone
          const faults = checkCoverage(after).filter((i) => i.severity === 'error')
          const local = checkCoverage(after, [...made.touched, ...made.created]).filter((i) => i.severity === 'error')
          expect(local.length > 0, `${kind} ${JSON.stringify([faults, local])}`).toBe(faults.length > 0)
          if (faults.length > 0) {
            tally.set(`${kind} faulty`, 1 + (tally.get(`${kind} faulty`) ?? 0))
            continue
          }
          expectSound(after, next)
          history.push({ coverage, text: before })
          coverage = after
        }
        for (const past of history.reverse()) expect(text(past.coverage)).toBe(past.text)
        for (const id of coverage.cells.keys()) expect(geometryOf(coverage, id).coordinates.length).toBeGreaterThan(0)
      }),
      { seed, numRuns: runs, endOnFailure: true },
    )
    if (process.env.TALLY)
      console.info(
        [...tally]
          .sort()
          .map(([k, n]) => `${k}: ${n}`)
          .join('\n'),
      )
    expect([...tally.keys()].filter((key) => key.endsWith('done')).length).toBeGreaterThan(8)
  })
})
