// Borders that nearly fit: which polygons are compared with each other, what is proposed, and that nothing moves before
// somebody says so.
import type { Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import type { GridDraft } from '../../../src/features/imports/gridDraft'
import { type ImportEvent, nextSession, startSession, stepsOf } from '../../../src/features/imports/importSession'
import { countKinds, type Finding, tilingParts, withRepair } from '../../../src/features/imports/repairPlan'
import { createRepair } from '../../../src/features/imports/repairTask'

const box = (west: number, south: number, east: number, north: number): Polygon => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
})
const draft = (
  index: number,
  code: string,
  parentCode: string | null,
  boundary: Polygon,
  kind = 'area',
): GridDraft => ({
  index,
  code,
  name: `村${index}`,
  parentCode,
  kind,
  population: null,
  boundary,
  action: 'create',
  existing: null,
  problems: [],
})
const finding = (kind: Finding['kind'], moved_m = 0.4, area_m2 = 0): Finding => ({
  kind,
  rows: [1, 2],
  at: [117, 40],
  moved_m,
  area_m2,
})
/** A third of a metre between the two villages; the township lies over both. */
const drafts = [
  draft(0, '1', null, box(117, 40, 117.02, 40.01)),
  draft(1, '11', '1', box(117, 40, 117.01, 40.01)),
  draft(2, '12', '1', box(117.010004, 40, 117.02, 40.01)),
  draft(3, '13', '1', box(117.005, 40.002, 117.006, 40.003), 'unit'),
]

describe('what is compared', () => {
  it('are polygons of one level: a township lies over its villages by right, a unit inside its village', () => {
    expect(tilingParts(drafts, new Set()).map((parts) => parts.map(({ key }) => key))).toEqual([['1', '2']])
    expect(tilingParts(drafts, new Set([2]))).toEqual([])
  })
})

describe('the proposal', () => {
  const task = createRepair(tilingParts(drafts, new Set()), 1)

  it('names the places and who meets there, and changes nothing', () => {
    expect(task.findings.length).toBeGreaterThan(0)
    for (const { rows, at, moved_m } of task.findings) {
      expect(rows).toEqual(expect.arrayContaining([1]))
      expect(at[0]).toBeCloseTo(117.01, 4)
      expect(moved_m).toBeLessThanOrEqual(1)
    }
    expect(drafts[2]!.boundary).toEqual(box(117.010004, 40, 117.02, 40.01))
  })

  it('makes the borders the same ones when it is taken, and only then', () => {
    expect(task.shapes([]).size).toBe(0)
    const shapes = task.shapes([...new Set(task.findings.map(({ kind }) => kind))])
    const after = withRepair(drafts, { findings: task.findings, accepted: [], shapes })
    const corners = (at: number) => new Set((after[at]!.boundary as Polygon).coordinates[0]!.map(String))
    const shared = [...corners(1)].filter((corner) => corners(2).has(corner))
    expect(shared.length).toBeGreaterThanOrEqual(2)
    expect(after[0]).toBe(drafts[0])
    expect(withRepair(drafts, null)).toBe(drafts)
  })

  it('is counted by kind, the farthest move and the ground at stake', () => {
    const list = [finding('near_border', 0.2), finding('sliver_gap', 0.9, 12), finding('near_border', 0.7)]
    expect(countKinds(list)).toEqual([
      { kind: 'near_border', count: 2, most_m: 0.7, area_m2: 0 },
      { kind: 'sliver_gap', count: 1, most_m: 0.9, area_m2: 12 },
    ])
    expect(countKinds([])).toEqual([])
  })
})

describe('the step', () => {
  const run = (...events: ImportEvent[]) => events.reduce(nextSession, startSession())

  it('is there only when something was found', () => {
    expect(stepsOf(run({ type: 'repairLooked', findings: [] }))).not.toContain('repair')
    expect(stepsOf(run({ type: 'repairLooked', findings: [finding('t_junction')] }))).toContain('repair')
  })

  it('keeps what was decided, and forgets it with the file or the tolerance', () => {
    const shapes = new Map([[1, box(0, 0, 1, 1)]])
    const looked = { type: 'repairLooked' as const, findings: [finding('near_border')] }
    const decided = run(looked, { type: 'repairDecided', accepted: ['near_border'], shapes })
    expect(decided.repair).toMatchObject({ accepted: ['near_border'], shapes })
    expect(nextSession(decided, { type: 'gridOptionsChanged', options: { toleranceM: 2 } }).repair).toBeNull()
    expect(nextSession(decided, { type: 'readerChanged', reader: { swap: true } }).repair).toBeNull()
    expect(nextSession(decided, { type: 'repairDecided', accepted: [], shapes: new Map() }).repair?.shapes.size).toBe(0)
  })
})
