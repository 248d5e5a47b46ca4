// The charts of the command screen as options of ECharts. Pure: figures and inks in, option out.
import type { ChartInk, ChartOption } from '../../ui/chart/chart'

const none = 'rgba(0,0,0,0)'
/** A span of time behind the figures. */
const BAND = 'rgba(128,150,154,.18)'

/** Bars over the whole height that nobody sees: whoever points at a place of the chart means its day or month. */
const hits = (count: number, chosen: number | null = null) => ({
  name: 'hit',
  type: 'bar',
  // axes of their own: bars of one axis share its room
  yAxisIndex: 1,
  xAxisIndex: 1,
  data: Array.from({ length: count }, (_, i) => (i === chosen ? { value: 1, itemStyle: { color: BAND } } : 1)),
  barWidth: '100%',
  itemStyle: { color: none },
  emphasis: { itemStyle: { color: 'rgba(128,140,144,.14)' } },
  tooltip: { show: false },
  animation: false,
  z: 0,
})
const hitAxis = { type: 'value', show: false, max: 1, min: 0 }
const hitDays = (names: readonly string[]) => ({
  type: 'category',
  data: names,
  show: false,
  axisPointer: { show: false },
})

const axes = (ink: ChartInk) => ({
  axisLine: { lineStyle: { color: ink.line } },
  axisTick: { show: false },
  axisLabel: { color: ink.text2, fontSize: ink.size, hideOverlap: true, margin: ink.size * 0.6 },
  splitLine: { lineStyle: { color: ink.line } },
})

/** An axis around figures that does not blow up a flat line to mountains: round ends, four steps at most. */
export function around(
  values: readonly (number | null)[],
  least = 0,
  most = 100,
): { min: number; max: number; interval: number } {
  const known = values.filter((value): value is number => value !== null)
  if (!known.length) return { min: least, max: most, interval: (most - least) / 4 }
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const room = Math.max(2, (high - low) * 0.2)
  const interval = [1, 2, 5, 10, 20, 25].find((step) => (high - low + 2 * room) / step <= 4) ?? 25
  return {
    min: Math.max(least, Math.floor((low - room) / interval) * interval),
    max: Math.min(most, Math.ceil((high + room) / interval) * interval),
    interval,
  }
}

const tip = (ink: ChartInk) => ({
  trigger: 'axis',
  backgroundColor: ink.surface,
  borderColor: ink.line,
  textStyle: { color: ink.text, fontSize: ink.size },
  confine: true,
})

export interface Curve {
  days: string[]
  /** 0..100 */
  index: (number | null)[]
  accidents: { on: string; title: string }[]
  campaigns: { name: string; from: string; to: string }[]
  /** The chosen day. */
  day: string | null
}

/** The index over the days; accidents as marks on it, campaigns as bands behind it. */
export function curveOption(curve: Curve, word: string, ink: ChartInk): ChartOption {
  const at = (day: string) => curve.index[curve.days.indexOf(day)] ?? null
  const first = curve.days[0] ?? ''
  const last = curve.days.at(-1) ?? ''
  return {
    grid: { top: ink.size * 0.9, right: ink.size * 0.6, bottom: ink.size * 2, left: ink.size * 2.6 },
    tooltip: tip(ink),
    xAxis: [
      {
        type: 'category',
        data: curve.days,
        ...axes(ink),
        axisLabel: {
          ...axes(ink).axisLabel,
          formatter: (day: string) => `${Number(day.slice(5, 7))}-${Number(day.slice(8))}`,
        },
      },
      hitDays(curve.days),
    ],
    yAxis: [
      {
        type: 'value',
        ...around(curve.index),
        ...axes(ink),
      },
      hitAxis,
    ],
    series: [
      hits(curve.days.length),
      {
        name: word,
        type: 'line',
        data: curve.index,
        showSymbol: false,
        silent: true,
        lineStyle: { color: ink.accent, width: ink.size / 6 },
        itemStyle: { color: ink.accent },
        markPoint: {
          symbol: 'triangle',
          symbolRotate: 180,
          symbolSize: ink.size * 0.7,
          symbolOffset: [0, '-70%'],
          itemStyle: { color: ink.text },
          label: { show: false },
          data: curve.accidents.flatMap(({ on, title }) => {
            const y = at(on)
            return y === null ? [] : [{ name: title, coord: [on, y] }]
          }),
        },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: ink.text, type: 'solid', width: 1 },
          data: curve.day && curve.days.includes(curve.day) ? [{ xAxis: curve.day }] : [],
        },
        markArea: {
          silent: true,
          label: { show: false },
          itemStyle: { color: BAND },
          data: curve.campaigns
            .filter(({ from, to }) => to >= first && from <= last)
            .map(({ name, from, to }) => [
              { name, xAxis: from < first ? first : from },
              { xAxis: to > last ? last : to },
            ]),
        },
      },
    ],
  }
}

export interface Months {
  /** Names of the twelve months. */
  names: string[]
  now: (number | null)[]
  before: (number | null)[]
  /** 0…11 of what is chosen; null for none. */
  chosen: number | null
  words: { now: string; before: string }
}

const legend = (ink: ChartInk) => ({
  top: 0,
  right: 0,
  itemWidth: ink.size,
  itemHeight: ink.size * 0.6,
  textStyle: { color: ink.text2, fontSize: ink.size },
  selectedMode: false,
})

const frame = (months: Months, ink: ChartInk) => ({
  grid: { top: ink.size * 2.6, right: ink.size * 0.4, bottom: ink.size * 2, left: ink.size * 2.6 },
  legend: { ...legend(ink), data: [months.words.now, months.words.before] },
  tooltip: tip(ink),
  xAxis: [
    {
      type: 'category',
      data: months.names,
      ...axes(ink),
      axisLabel: {
        ...axes(ink).axisLabel,
        interval: 0,
        formatter: (name: string, i: number) => (i === months.chosen ? `{on|${name}}` : name),
        rich: { on: { color: ink.text, fontWeight: 700, fontSize: ink.size } },
      },
    },
    hitDays(months.names),
  ],
})

/** This year's months beside last year's. */
export function barsOption(months: Months, ink: ChartInk): ChartOption {
  const bar = (name: string, data: (number | null)[], style: object) => ({
    name,
    type: 'bar',
    silent: true,
    barMaxWidth: ink.size * 1.4,
    barCategoryGap: '36%',
    data: data.map((value, i) =>
      value !== null && months.chosen !== null && i !== months.chosen ? { value, itemStyle: { opacity: 0.35 } } : value,
    ),
    itemStyle: style,
  })
  return {
    ...frame(months, ink),
    yAxis: [{ type: 'value', minInterval: 1, splitNumber: 3, ...axes(ink) }, hitAxis],
    series: [
      bar(months.words.before, months.before, {
        color: none,
        borderColor: ink.text2,
        borderWidth: Math.max(1, ink.size / 10),
      }),
      bar(months.words.now, months.now, { color: ink.accent }),
      hits(months.names.length, months.chosen),
    ],
  }
}

/** This year's line beside last year's. */
export function linesOption(months: Months, ink: ChartInk): ChartOption {
  const line = (name: string, data: (number | null)[], colour: string, dashed: boolean) => ({
    name,
    type: 'line',
    silent: true,
    data,
    symbol: 'circle',
    symbolSize: ink.size * 0.45,
    lineStyle: { color: colour, width: ink.size / 6, type: dashed ? 'dashed' : 'solid' },
    itemStyle: { color: colour },
  })
  return {
    ...frame(months, ink),
    yAxis: [
      {
        type: 'value',
        ...around([...months.now, ...months.before]),
        ...axes(ink),
      },
      hitAxis,
    ],
    series: [
      hits(months.names.length, months.chosen),
      line(months.words.before, months.before, ink.text2, true),
      line(months.words.now, months.now, ink.accent, false),
    ],
  }
}
