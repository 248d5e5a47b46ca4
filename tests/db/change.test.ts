import { describe, expect, it } from 'vitest'
import { type Change, changeOf, VersionBook } from '../../src/db/change'

const change = (id: string, row_version: number | null, op: Change['op'] = 'update'): Change => ({
  entity: 'hazard',
  id,
  op,
  row_version,
  at: null,
})

describe('a message', () => {
  it('names one thing, or nothing that can be applied', () => {
    expect(changeOf({ entity: 'hazard', id: 'a', op: 'insert', row_version: 1 })).toEqual(change('a', 1, 'insert'))
    expect(changeOf({ entity: 'hazard', id: 'a', op: 'update', row_version: null })).toEqual(change('a', null))
    for (const payload of [
      {},
      { entity: 'hazard', id: null, op: 'many', row_version: null },
      { entity: 'hazard', id: 'a', op: 'drop', row_version: 1 },
      { entity: 1, id: 'a', op: 'update' },
      { entity: 'hazard', id: 7, op: 'update' },
    ])
      expect(changeOf(payload)).toBeNull()
  })
})

describe('what was told', () => {
  it('is told once, and an older version never after a newer one', () => {
    const book = new VersionBook()
    expect(book.newest([change('a', 2), change('b', 1)])).toHaveLength(2)
    expect(book.newest([change('a', 2), change('a', 1), change('b', 1)])).toEqual([])
    expect(book.note(change('a', 3))).toBe(true)
    expect(book.note(change('a', 3))).toBe(false)
    expect(book.newest([change('a', 3), change('a', 4)])).toEqual([change('a', 4)])
  })

  it('of one thing is only its last change, where it comes', () => {
    const book = new VersionBook()
    const gone = change('a', 3, 'delete')
    expect(book.newest([change('a', 1), change('b', 1), change('a', 2), gone])).toEqual([change('b', 1), gone])
  })

  it('without a version is always told', () => {
    const book = new VersionBook()
    expect(book.newest([change('a', null)])).toHaveLength(1)
    expect(book.newest([change('a', null), change('a', null)])).toHaveLength(1)
  })

  it('does not grow for ever, and forgets the oldest first', () => {
    const book = new VersionBook(3)
    for (const id of ['a', 'b', 'c']) book.note(change(id, 1))
    book.note(change('a', 2))
    book.note(change('d', 1))
    expect(book.note(change('a', 2))).toBe(false)
    expect(book.note(change('b', 1))).toBe(true)
  })

  it('is forgotten when everything is loaded anew', () => {
    const book = new VersionBook()
    book.note(change('a', 9))
    book.clear()
    expect(book.note(change('a', 1))).toBe(true)
  })
})
