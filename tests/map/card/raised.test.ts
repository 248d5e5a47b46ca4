import { describe, expect, it } from 'vitest'
import { raisedRows } from '../../../src/map/card/raised'

const row = (level: number, index: number) => ({ level, index })

describe('rows that a veto raised', () => {
  it('are those below a better level with a higher index', () => {
    const rows = [row(1, 78), row(2, 61), row(2, 12), row(3, 47), row(4, 23)]
    expect([...raisedRows(rows)]).toEqual([rows[2]])
  })

  it('are found across more than one level, and never among the lowest', () => {
    const rows = [row(1, 9), row(2, 4), row(3, 3.5), row(4, 11), row(4, 2)]
    expect([...raisedRows(rows)]).toEqual(rows.slice(0, 3))
  })

  it('are none where index and level agree, and nothing to judge counts for nothing', () => {
    expect(raisedRows([row(1, 80), row(2, 60), row(3, 30), row(4, 10), row(0, 99)]).size).toBe(0)
    expect(raisedRows([]).size).toBe(0)
  })
})
