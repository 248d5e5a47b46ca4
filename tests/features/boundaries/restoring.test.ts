import { describe, expect, it } from 'vitest'
import type { Drawing } from '../../../src/features/boundaries/boundary'
import { drawingOf } from '../../../src/features/boundaries/boundaryStore'
import { type Command, perform } from '../../../src/features/boundaries/command'
import { drawBack, reshapeBack } from '../../../src/features/boundaries/restoring'
import { checkCoverage } from '../../../src/geo/coverage/check'
import { areaOf, geometryOf } from '../../../src/geo/coverage/read'
import { areaM2 } from '../../../src/geo/measure'
import { township } from './make'

function open(): Drawing {
  const made = drawingOf(township())
  if (!made.ok) throw new Error(made.reason.code)
  return made.drawing
}
const does = (drawing: Drawing, command: Command): Drawing => {
  const result = perform(drawing, command)
  if (!result.ok) throw new Error(result.reason.code)
  return result.drawing
}
const made = { id: -1, code: '1014', name: '14村', leader: null }
const before = open()
const old = geometryOf(before.coverage, 14)
const retired = does(before, { op: 'retire', cell: 14 })

describe('an earlier outline', () => {
  it('of a retired grid comes back on its ground', () => {
    const back = drawBack(retired, old, made)
    if (!back.ok) throw new Error(JSON.stringify(back))
    expect(back).toMatchObject({ cell: -1, less_m2: 0, command: { op: 'revive', made } })
    const after = does(retired, back.command)
    expect(areaOf(after.coverage, -1)).toBeCloseTo(areaM2(old), 2)
    expect(after.details.get(-1)).toMatchObject({ code: '1014', name: '14村', version: null })
  })

  it('leaves to others what is theirs now, and says how much that is', () => {
    const half: [number, number][] = [
      [117.1, 40.1],
      [117.15, 40.1],
      [117.15, 40.2],
      [117.1, 40.2],
    ]
    const taken = does(retired, { op: 'draw', ring: half, made: { ...made, id: -2, code: '1016' } })
    const back = drawBack(taken, old, made)
    if (!back.ok) throw new Error(JSON.stringify(back))
    expect(back.less_m2 / areaM2(old)).toBeCloseTo(0.5, 4)
    const after = does(taken, back.command)
    expect(areaOf(after.coverage, -2)).toBeCloseTo(areaOf(taken.coverage, -2), 2)
  })

  it('comes back from whoever it was merged into, who keeps the rest', () => {
    for (const gone of [
      does(before, { op: 'merge', cells: [13, 14], into: 13 }),
      does(retired, { op: 'fill', gap: [117.15, 40.15], into: 13 }),
    ]) {
      const back = drawBack(gone, old, made)
      if (!back.ok) throw new Error(JSON.stringify(back))
      expect(back).toMatchObject({ cell: -1, less_m2: 0, command: { op: 'revive' } })
      const after = does(gone, back.command)
      for (const [now, then] of [
        [-1, 14],
        [13, 13],
      ] as const) {
        expect(areaOf(after.coverage, now)).toBeCloseTo(areaOf(before.coverage, then), 2)
      }
      expect(checkCoverage(after.coverage)).toEqual([])
    }
  })

  it('that has become all of another grid is not taken from it', () => {
    const other = does(retired, {
      op: 'draw',
      ring: old.coordinates[0]![0] as [number, number][],
      made: { ...made, id: -2 },
    })
    expect(drawBack(other, old, made)).toMatchObject({ ok: false, reason: { code: 'ZERO_AREA', cells: [-2] } })
  })

  it('of several parts brings back the one with most free ground', () => {
    const both = {
      type: 'MultiPolygon' as const,
      coordinates: [...geometryOf(before.coverage, 11).coordinates, ...old.coordinates],
    }
    const back = drawBack(retired, both, made)
    expect(back).toMatchObject({ ok: true, command: { ring: old.coordinates[0]![0] } })
  })

  it('that is the one of now makes no step', () => {
    expect(reshapeBack(before, 14, old)).toEqual({ ok: false, same: true })
    const moved = does(before, { op: 'move', from: [117.1, 40.1], to: [117.11, 40.12] })
    expect(reshapeBack(moved, 14, old)).toMatchObject({ ok: true, cell: 14, command: { op: 'reshape' } })
  })

  it('that would swallow a grid names it', () => {
    const whole = geometryOf(does(before, { op: 'merge', cells: [13, 14], into: 13 }).coverage, 13)
    expect(reshapeBack(before, 13, whole)).toMatchObject({ ok: false, reason: { code: 'ZERO_AREA', cells: [14] } })
  })
})
