import { describe, expect, it } from 'vitest'
import { isGridCode, plainCode } from '../../src/db/gridCode'

describe('the code of a grid', () => {
  it.each(['120119106001', 'BS-01', 'bs_01', 'a', '0', 'A'.repeat(40)])('%s is one', (code) => {
    expect(isGridCode(code)).toBe(true)
  })

  it.each(['', ' ', 'abc 中文!', '-1', '1-', '1--2', '1_-2', '10102\n', 'é', '1.2', 'A'.repeat(41)])(
    '%j is none',
    (code) => {
      expect(isGridCode(code)).toBe(false)
    },
  )

  it('is the same in full width and with space around', () => {
    expect(plainCode('　１２０１－１ ')).toBe('1201-1')
  })
})
