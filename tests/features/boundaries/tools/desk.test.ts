// What is in hand, with the store behind it and no map: picking neighbours, nudging, walking from vertex to vertex.
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useBoundaries } from '../../../../src/features/boundaries/boundaryStore'
import { degreesPerPixel, useDesk } from '../../../../src/features/boundaries/deskStore'
import { choosable, connectedTo, pick } from '../../../../src/features/boundaries/tools/choosing'
import { makeHandwork } from '../../../../src/features/boundaries/tools/handwork'
import { makeNudge } from '../../../../src/features/boundaries/tools/nudge'
import { nextReach, REACHES } from '../../../../src/features/boundaries/tools/softReach'
import { useSteps } from '../../../../src/features/boundaries/useSteps'
import type { Position } from '../../../../src/geo/coverage/types'
import { MIDDLE, township } from '../make'

let store: ReturnType<typeof useBoundaries>
let desk: ReturnType<typeof useDesk>
beforeEach(() => {
  setActivePinia(createPinia())
  store = useBoundaries()
  desk = useDesk()
  store.begin(township())
  desk.box = [116.9, 39.9, 117.3, 40.3]
  desk.zoom = 12
})

describe('picking', () => {
  it('takes who shares a border, and says at once who does not', () => {
    desk.select(11)
    desk.take('give')
    expect(desk.picked).toEqual([11])
    // 14 touches 11 in a corner only
    expect([...choosable(store.coverage!, 'give', desk.picked)!].sort()).toEqual([11, 12, 13])
    pick(store, desk, 14)
    expect(desk.picked).toEqual([11])
    expect(store.refusal).toEqual({ code: 'NOT_ADJACENT', cells: [14] })
    pick(store, desk, 12)
    expect([desk.picked, store.refusal]).toEqual([[11, 12], null])
    // another taker takes its place
    pick(store, desk, 13)
    expect(desk.picked).toEqual([11, 13])
    pick(store, desk, 11)
    expect(desk.picked).toEqual([13])
  })

  it('merges what hangs together: whoever hung on one that is taken back goes with it', () => {
    desk.take('merge')
    expect(choosable(store.coverage!, 'merge', [])).toBeNull()
    for (const id of [11, 12, 14]) pick(store, desk, id)
    expect(desk.picked).toEqual([11, 12, 14])
    pick(store, desk, 12)
    expect(desk.picked).toEqual([11])
    expect(connectedTo(store.coverage!, [14, 11, 13])).toEqual([14, 11, 13])
    expect(connectedTo(store.coverage!, [])).toEqual([])
  })
})

describe('nudging', () => {
  it('is one step as long as the keys follow each other, and undo goes back to before', () => {
    const nudge = makeNudge(store, desk)
    desk.vertex = MIDDLE
    for (let i = 0; i < 5; i++) expect(nudge([1, 0], 100 * i)).toBe(true)
    expect(store.session!.commands).toHaveLength(1)
    expect(desk.vertex![0]).toBeCloseTo(MIDDLE[0] + 5 * degreesPerPixel(12), 6)
    // after a rest, another step; after another vertex too
    nudge([0, 1], 5000)
    expect(store.session!.commands).toHaveLength(2)
    nudge([0, 1], 5100)
    expect(store.session!.commands).toHaveLength(2)
    store.undo()
    store.undo()
    expect(store.changes).toEqual([])
  })

  it('back to where it was is no step at all', () => {
    const nudge = makeNudge(store, desk)
    desk.vertex = MIDDLE
    nudge([1, 0], 0)
    nudge([-1, 0], 50)
    expect(store.session!.commands).toEqual([])
    expect(desk.vertex).toEqual(MIDDLE)
  })

  it('does not join what came before: undo, then a press, is a step of its own', () => {
    const nudge = makeNudge(store, desk)
    desk.vertex = MIDDLE
    nudge([1, 0], 0)
    store.undo()
    desk.vertex = MIDDLE
    nudge([0, 1], 50)
    expect(store.session!.commands).toHaveLength(1)
    expect(store.session!.commands[0]).toMatchObject({ op: 'move', from: MIDDLE })
  })

  it('moves a stretch as a whole and keeps it in hand', () => {
    // a border with three points of its own
    const half: Position = [117.05, 40.1]
    store.run({ op: 'add', between: [[117, 40.1], MIDDLE], at: [117.03, 40.1] })
    store.run({ op: 'add', between: [[117.03, 40.1], MIDDLE], at: half })
    desk.select(11)
    desk.vertex = half
    desk.stretch = { from: [117.03, 40.1], to: half }
    const nudge = makeNudge(store, desk)
    const steps = store.session!.at
    nudge([0, -3], 0)
    nudge([0, -3], 100)
    expect(store.session!.at).toBe(steps + 1)
    expect(desk.stretchHandle).not.toBeNull()
    expect(desk.stretch!.from[1]).toBeLessThan(40.1)
    expect(desk.stretch!.from[0]).toBe(117.03)
  })

  it('takes neighbours along when they shall come', () => {
    desk.soft_m = 500
    desk.vertex = MIDDLE
    makeNudge(store, desk)([2, 0], 0)
    expect(store.session!.commands[0]).toMatchObject({ op: 'move', soft_m: 500 })
  })

  it('has nothing to move without a vertex', () => {
    expect(makeNudge(store, desk)([1, 0], 0)).toBe(false)
  })
})

describe('steps that change nothing', () => {
  it('are none, and leave what was undone to be done again', () => {
    store.run({ op: 'move', from: MIDDLE, to: [117.11, 40.1] })
    store.undo()
    expect(store.run({ op: 'move', from: MIDDLE, to: MIDDLE })).toBe(true)
    expect(store.run({ op: 'describe', cell: 11, code: '1011', name: '11村' })).toBe(true)
    expect(store.session!.at).toBe(0)
    expect(store.canRedo).toBe(true)
  })

  it('are said of a border that is straight already', () => {
    const stretch = { from: [117.1, 40] as Position, to: MIDDLE }
    for (const command of [
      { op: 'straighten', stretch },
      { op: 'simplify', stretch, tolerance_m: 5 },
    ] as const) {
      expect(store.run(command)).toBe(false)
      expect(store.refusal?.code).toBe('NOTHING_CHANGES')
    }
    expect(store.session!.commands).toEqual([])
  })
})

describe('by keyboard', () => {
  const hands = () => makeHandwork(store, desk, () => {})

  it('goes around the vertices of a grid, skips what is fixed, and makes a stretch of them', () => {
    store.run({ op: 'add', between: [[117, 40.1], MIDDLE], at: [117.05, 40.1] })
    desk.select(11)
    const seen = new Set<string>()
    for (let i = 0; i < 8; i++) {
      hands().walkVertices(1, false)
      seen.add(desk.vertex!.join())
    }
    // the corner of the township is fixed; ends on its outline slide
    expect([...seen].sort()).toEqual(['117,40.1', '117.05,40.1', '117.1,40', '117.1,40.1'])
    desk.vertex = [117.05, 40.1]
    hands().walkVertices(1, true)
    const forth = desk.stretch!.to
    expect(desk.stretchHandle).not.toBeNull()
    desk.stretch = null
    desk.vertex = [117.05, 40.1]
    hands().walkVertices(-1, true)
    expect(desk.stretch!.to).not.toEqual(forth)
  })

  it('puts a vertex between two', () => {
    desk.select(11)
    desk.vertex = MIDDLE
    expect(hands().insertVertex()).toBe(true)
    expect(store.session!.commands[0]).toMatchObject({ op: 'add' })
    expect(desk.vertexHandle).not.toBeNull()
    expect(desk.vertex).not.toEqual(MIDDLE)
  })

  it('draws: arrows move the cross, the space bar puts points, upon a vertex that is near', () => {
    desk.select(11)
    desk.take('split')
    const { moveCross, putPoint, drawing } = hands()
    expect(drawing()).toBe(true)
    expect(putPoint()).toBe(false)
    // the first press shows the cross where the grid is
    moveCross([8, 0])
    expect(desk.sketch.cursor![0]).toBeCloseTo(117.05, 3)
    const px = degreesPerPixel(12)
    moveCross([Math.round((MIDDLE[0] - desk.sketch.cursor![0]) / px) - 3, 0])
    moveCross([0, Math.round((MIDDLE[1] - desk.sketch.cursor![1]) / px / Math.cos((40 * Math.PI) / 180))])
    expect(putPoint()).toBe(true)
    expect(desk.sketch.points).toEqual([MIDDLE])
    // at the edge of the view the map pans
    expect(moveCross([1e6, 0])).toBe(false)
  })

  it('undoes what is drawn before what is done', () => {
    store.run({ op: 'move', from: MIDDLE, to: [117.11, 40.1] })
    const { undo, redo, canUndo } = useSteps()
    desk.take('draw')
    expect(canUndo.value).toBe(true)
    const { moveCross, putPoint } = hands()
    moveCross([8, 0])
    putPoint()
    moveCross([40, 0])
    putPoint()
    undo()
    expect([desk.sketch.points.length, store.session!.at]).toEqual([1, 1])
    redo()
    expect(desk.sketch.points).toHaveLength(2)
    // Esc puts it away, an undo brings it back
    desk.putAway()
    expect([desk.sketch.points.length, desk.tool]).toEqual([0, 'draw'])
    undo()
    expect(desk.sketch.points).toHaveLength(2)
    undo()
    undo()
    undo()
    expect([desk.sketch.points.length, store.session!.at]).toEqual([0, 0])
  })

  it('widens and narrows the reach, and stops at its ends', () => {
    expect(nextReach(0, -1)).toBe(0)
    expect(nextReach(0, 1)).toBe(REACHES[1])
    expect(nextReach(70, 1)).toBe(100)
    expect(nextReach(1000, 1)).toBe(1000)
  })
})

describe('Esc while giving', () => {
  it('drops the drawing first, then who was picked, then the tool', () => {
    desk.select(11)
    desk.take('give')
    pick(store, desk, 12)
    const { moveCross, putPoint } = makeHandwork(store, desk, () => {})
    moveCross([1, 1])
    putPoint()
    desk.putAway()
    expect([desk.sketch.points.length, desk.picked.length, desk.tool]).toEqual([0, 2, 'give'])
    desk.putAway()
    expect([desk.picked.length, desk.tool]).toEqual([0, 'give'])
    desk.putAway()
    expect(desk.tool).toBe('select')
  })
})
