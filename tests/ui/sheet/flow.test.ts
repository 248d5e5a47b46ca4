import { describe, expect, test } from 'vitest'
import { Flow, linesOf } from '../../../src/ui/sheet/flow'
import { charactersOf } from '../../../src/ui/sheet/shapes'
import { widthOf } from '../../../src/ui/sheet/words'

const measure = (words: string) => widthOf(words)
const lines = (width: number, ...texts: string[]) =>
  linesOf(
    texts.map((text) => ({ text })),
    width,
    measure,
  ).map((line) => line.map(({ text }) => text).join(''))

describe('text that flows', () => {
  test('breaks anywhere in Chinese, but not before a closing mark', () => {
    expect(lines(4, '安全生产网格')).toEqual(['安全生产', '网格'])
    expect(lines(4, '安全生产，网格')).toEqual(['安全生产，', '网格'])
  })
  test('does not tear a number, nor lets one hang over the edge', () => {
    expect(lines(5, '合计一千 2,008 家')).toEqual(['合计一千 ', '2,008 家'])
  })
  test('knows where each run of a line begins', () => {
    const [line] = linesOf([{ text: '共' }, { text: '12', strong: true, href: 'x' }, { text: '条' }], 10, measure)
    expect(line?.map(({ text, x, href }) => [text, Math.round(x * 100) / 100, href])).toEqual([
      ['共', 0, undefined],
      ['12', 1, 'x'],
      ['条', 2.14, undefined],
    ])
  })
  test('goes on on the next page when one is full', () => {
    const flow = new Flow({ width: 100, height: 60, margin: { top: 10, side: 10, bottom: 10 }, measure, fill: '#000' })
    flow.paragraph([{ text: '安'.repeat(100) }], 8, 1.25, [2, 0])
    expect(flow.pages).toHaveLength(3)
    const pages = flow.pages.map((shapes) => ({ title: '', width: 100, height: 60, shapes }))
    expect(charactersOf(pages)).toContain('安')
    const drawn = flow.pages
      .flat()
      .reduce((sum, shape) => sum + (shape.kind === 'text' ? [...shape.text.trim()].length : 0), 0)
    expect(drawn).toBe(100)
  })
})
