import { describe, expect, it } from 'vitest'
import { matchKey, type Shortcut } from '../../src/ui/shortcuts'

const shortcut = (keys: string): Shortcut => ({ keys, label: () => keys, run: () => undefined })
const known = [shortcut('/'), shortcut('g m'), shortcut('g h')]

/** Presses keys one after the other and gives what they ran. */
function press(...keys: string[]): string[] {
  const ran: string[] = []
  let before = ''
  for (const key of keys) {
    const { run, rest } = matchKey(before, key, known)
    before = rest
    if (run) ran.push(run.keys)
  }
  return ran
}

describe('shortcuts', () => {
  it('runs one key at once', () => {
    expect(press('/')).toEqual(['/'])
  })

  it('waits for the second of two keys', () => {
    expect(press('g')).toEqual([])
    expect(press('g', 'h')).toEqual(['g h'])
  })

  it('forgets a first key that led nowhere', () => {
    expect(press('g', 'x', 'm')).toEqual([])
    expect(press('g', 'x', 'g', 'm')).toEqual(['g m'])
  })

  it('takes a key that does not follow as a new beginning', () => {
    expect(press('g', '/')).toEqual(['/'])
    expect(press('g', 'g', 'm')).toEqual(['g m'])
  })
})
