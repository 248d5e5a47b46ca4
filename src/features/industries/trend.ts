import type { ChartInk, ChartOption } from '../../ui/chart/chart'
import type { Translate } from './words'

/** What risk_trend() tells: one entry a day, null where it is not known. */
export interface TrendAnswer {
  from: string
  to: string
  index: (number | null)[]
  level: (number | null)[]
  accidents: { id: string; title: string; on: string; grade: number; deaths: number }[]
}

const DAY = 86_400_000
const iso = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The day a year before, `YYYY-MM-DD`; of a 29 February the 1 March. */
export function yearBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCFullYear(date.getUTCFullYear() - 1)
  return iso(date.getTime())
}

/** Days from first to last, both included. */
export function daysOf(from: string, count: number): string[] {
  const start = Date.parse(`${from}T00:00:00Z`)
  return Array.from({ length: count }, (_, i) => iso(start + i * DAY))
}

/** The top of the axis: a sector that never leaves blue is still to show how it went. */
export function ceilingOf(index: readonly (number | null)[]): number {
  const most = index.reduce<number>((top, value) => Math.max(top, value ?? 0), 0)
  return [4, 12, 24, 48, 100].find((step) => most <= step * 0.92) ?? 100
}

/** A line of the index and a mark for each accident. */
export function trendOption(trend: TrendAnswer, ink: ChartInk, t: Translate): ChartOption {
  const days = daysOf(trend.from, trend.index.length)
  const top = ceilingOf(trend.index)
  const place = new Map(days.map((day, i) => [day, i]))
  return {
    grid: { left: 28, right: 8, top: 10, bottom: 20 },
    tooltip: {
      trigger: 'axis',
      confine: true,
      formatter: (points: unknown) => {
        const [point] = points as { dataIndex: number }[]
        const i = point?.dataIndex ?? 0
        const index = trend.index[i]
        const happened = trend.accidents.filter(({ on }) => on === days[i]).map(({ title }) => escapeHtml(title))
        const level = trend.level[i]
        return [
          days[i],
          index === null || index === undefined
            ? t('industries.trendNone')
            : `${level ? `${t(`map.level.${level}`)} ` : ''}${index.toFixed(1)}`,
          ...happened,
        ].join('<br>')
      },
    },
    xAxis: {
      type: 'category',
      data: days,
      boundaryGap: false,
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: {
        color: ink.text2,
        interval: (_: number, day: string) => day.endsWith('-01') && [1, 4, 7, 10].includes(Number(day.slice(5, 7))),
        formatter: (day: string) => t('industries.month', { n: Number(day.slice(5, 7)) }),
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: top,
      interval: top / (top % 4 ? 2 : 4),
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.text2 },
    },
    series: [
      {
        name: t('industries.index'),
        type: 'line',
        data: trend.index,
        showSymbol: false,
        connectNulls: false,
        lineStyle: { color: ink.accent, width: 1.8 },
        itemStyle: { color: ink.accent },
        areaStyle: { color: ink.accent, opacity: 0.08 },
        markPoint: {
          symbol: 'triangle',
          symbolSize: 9,
          symbolOffset: [0, -7],
          itemStyle: { color: ink.text },
          label: { show: false },
          data: trend.accidents.flatMap(({ on, title }) => {
            const at = place.get(on)
            const index = at === undefined ? null : trend.index[at]
            return index === null || index === undefined ? [] : [{ name: title, coord: [on, index] }]
          }),
        },
      },
    ],
  }
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
