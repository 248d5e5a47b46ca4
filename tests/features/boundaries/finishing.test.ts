// From what is drawn to a command: which half of a split keeps the code, and what becomes of a drawing that does not fit.
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useBoundaries } from '../../../src/features/boundaries/boundaryStore'
import { useDesk } from '../../../src/features/boundaries/deskStore'
import { useFinishing } from '../../../src/features/boundaries/finishing'
import type { Piece } from '../../../src/features/boundaries/pieces'
import { put } from '../../../src/features/boundaries/tools/sketching'
import { areaOf } from '../../../src/geo/coverage/read'
import type { Position } from '../../../src/geo/coverage/types'
import { township } from './make'

/** Enterprises as they come from the database: as many as the piece has points. */
const count = async (pieces: readonly Piece[]) => pieces.map((piece) => piece.geometry.coordinates.flat(2).length)
let store: ReturnType<typeof useBoundaries>
let desk: ReturnType<typeof useDesk>
beforeEach(() => {
  setActivePinia(createPinia())
  store = useBoundaries()
  desk = useDesk()
  store.begin(township())
})
const draw = (...points: Position[]) => {
  desk.sketch = put(desk.sketch, ...points)
}

describe('a split', () => {
  // a third of 11 lies south of it
  const line: Position[] = [
    [116.99, 40.03],
    [117.11, 40.03],
  ]
  const begin = () => {
    desk.select(11)
    desk.take('split')
    draw(...line)
    const finishing = useFinishing(count)
    finishing.finish()
    return finishing
  }
  const area = (id: number) => areaOf(store.coverage!, id)

  it('gives the code to the larger half, or to the other one when they are exchanged', () => {
    const whole = area(11)
    for (const [kept, share] of [
      [0, 0.7],
      [1, 0.3],
    ] as const) {
      const { asking, named } = begin()
      expect(asking.value?.pieces?.map((piece) => piece.area_m2 / whole)).toEqual([
        expect.closeTo(0.7, 3),
        expect.closeTo(0.3, 3),
      ])
      named([
        { code: '1011', name: '11村', leader: null, piece: kept },
        { code: '1015', name: '新村', leader: null, piece: 1 - kept },
      ])
      expect(area(11) / whole).toBeCloseTo(share, 3)
      const made = [...store.details.keys()].find((id) => id < 0)!
      expect(area(made) / whole).toBeCloseTo(1 - share, 3)
      expect(store.details.get(made)).toMatchObject({ code: '1015', name: '新村' })
      expect(desk.tool).toBe('select')
      store.undo()
    }
  })

  it('counts the enterprises of each half, and forgets those of a split that was put away', async () => {
    const first = begin()
    first.putAway()
    await Promise.resolve()
    expect(first.counts.value).toBeNull()
    first.finish()
    await Promise.resolve()
    expect(first.counts.value).toHaveLength(2)
  })

  it('by two lines names each piece as it was shown', () => {
    desk.select(11)
    desk.take('split')
    draw([116.99, 40.02], [117.11, 40.02])
    const { asking, finish, more, named } = useFinishing(count)
    finish()
    more()
    expect([desk.sketch.lines.length, desk.sketch.points.length]).toEqual([1, 0])
    draw([116.99, 40.05], [117.11, 40.05])
    finish()
    const pieces = asking.value!.pieces!
    expect(pieces).toHaveLength(3)
    // the middle one keeps the code
    const middle = pieces.findIndex((piece) =>
      piece.geometry.coordinates.flat(2).every(([, lat]) => lat! > 40.01 && lat! < 40.06),
    )
    const others = [0, 1, 2].filter((i) => i !== middle)
    named([
      { code: '1011', name: '11村', leader: null, piece: middle },
      ...others.map((piece) => ({ code: `9${piece}`, name: `块${piece}`, leader: null, piece })),
    ])
    expect(area(11)).toBeCloseTo(pieces[middle]!.area_m2, 0)
    for (const piece of others) {
      const id = [...store.details].find(([, details]) => details.code === `9${piece}`)![0]
      expect(area(id)).toBeCloseTo(pieces[piece]!.area_m2, 0)
    }
  })

  it('that does not fit keeps the line, to be mended', () => {
    desk.select(11)
    desk.take('split')
    draw([116.99, 40.03], [117.05, 40.03])
    const { asking, finish } = useFinishing(count)
    finish()
    expect(asking.value).toBeNull()
    expect(store.refusal).toMatchObject({ code: 'DOES_NOT_CROSS', cells: [11] })
    expect([desk.sketch.points.length, desk.sketch.done]).toEqual([2, false])
    draw([117.11, 40.03])
    finish()
    expect(asking.value?.op).toBe('split')
  })

  it('put away keeps the line too', () => {
    const { putAway } = begin()
    expect(desk.sketch.done).toBe(true)
    putAway()
    expect([desk.sketch.points.length, desk.sketch.done]).toEqual([2, false])
  })
})

describe('giving', () => {
  const begin = () => {
    desk.select(11)
    desk.take('give')
    desk.picked = [11, 12]
  }

  it('takes a piece that is gone around from outside', () => {
    begin()
    draw([117.12, 40.02], [117.08, 40.02], [117.08, 40.04], [117.12, 40.04])
    useFinishing(count).finish()
    expect(store.session!.commands[0]).toMatchObject({ op: 'give', from: 11, to: 12 })
    expect(areaOf(store.coverage!, 12)).toBeGreaterThan(areaOf(store.session!.drawings[0]!.coverage, 12))
  })

  it('that holds no ground says so in words for an area, and keeps it', () => {
    begin()
    draw([117.12, 40.02], [117.16, 40.02], [117.16, 40.04])
    useFinishing(count).finish()
    expect(store.refusal).toMatchObject({ code: 'NO_GROUND', cells: [11] })
    expect(desk.sketch.points).toHaveLength(3)
    expect(desk.picked).toEqual([11, 12])
  })
})

it('a new grid where nothing is free keeps what is drawn', () => {
  desk.take('draw')
  draw([117.02, 40.02], [117.04, 40.02], [117.04, 40.04])
  const { asking, finish } = useFinishing(count)
  finish()
  expect([asking.value, store.refusal?.code]).toEqual([null, 'NO_FREE_GROUND'])
  expect([desk.sketch.points.length, desk.sketch.done]).toEqual([3, false])
})
