import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromDraft, toDraft } from '../../../src/geo/coverage/draft'
import { Ledger } from '../../../src/geo/coverage/ledger'
import { board, chessboard, opened } from './ground'

describe('Ledger', () => {
  it('is a map, and the one before a change is as it was', () => {
    const change = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.option(fc.integer(), { nil: undefined }))
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 10 }), { maxLength: 10 }), (rounds) => {
        let ledger = Ledger.of<number>([])
        const map = new Map<number, number>()
        for (const changes of rounds) {
          const before = ledger
          const was = [...map]
          ledger = ledger.with(changes)
          for (const [id, value] of changes) {
            if (value === undefined) map.delete(id)
            else map.set(id, value)
          }
          expect(new Map(before.entries())).toEqual(new Map(was))
          expect(new Map(ledger)).toEqual(map)
          expect(ledger.size).toBe(map.size)
          const differing = new Set(
            [...was.map(([id]) => id), ...map.keys()].filter((id) => before.get(id) !== ledger.get(id)),
          )
          expect(new Set(before.differing(ledger))).toEqual(differing)
        }
      }),
    )
  })
})

describe('a draft', () => {
  it('comes back the same, and what is no draft is null', () => {
    const draft = JSON.parse(JSON.stringify(toDraft(opened(board(2, 2), chessboard(2, 2)))))
    expect(toDraft(fromDraft(draft)!)).toEqual(draft)
    for (const other of [null, 'draft', {}, { ...draft, form: 0 }, { ...draft, arcs: draft.arcs.slice(1) }]) {
      expect(fromDraft(other)).toBeNull()
    }
  })
})
