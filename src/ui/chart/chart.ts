import type { EChartsCoreOption } from 'echarts/core'

export type ChartOption = EChartsCoreOption

/** What a chart is drawn with: the tokens of the page, read when it is drawn. */
export interface ChartInk {
  text: string
  text2: string
  line: string
  surface: string
  accent: string
  font: string
  /** CSS pixels of small print; larger on a wall. */
  size: number
}

/** Reads the tokens that hold at an element: a dark screen inside a light page is dark. */
export function readInk(element: Element): ChartInk {
  const style = getComputedStyle(element)
  const token = (name: string, fallback: string) => style.getPropertyValue(`--sg-${name}`).trim() || fallback
  return {
    text: token('text', '#182225'),
    text2: token('text-2', '#536166'),
    line: token('line', '#dfe5e7'),
    surface: token('surface', '#ffffff'),
    accent: token('accent', '#0f8b8d'),
    font: style.fontFamily,
    size: Math.max(12, Number.parseFloat(style.fontSize) || 12),
  }
}
