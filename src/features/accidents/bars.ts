import type { ChartInk, ChartOption } from '../../ui/chart/chart'
import { type FourFigures, inWan, type Measure } from './accident'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** Bars of a measure month by month, this period beside the same months of last year. */
export function barsOption(months: readonly FourFigures[], measure: Measure, ink: ChartInk, t: Translate): ChartOption {
  const value = (figure: number) => (measure === 'loss' ? inWan(figure) : figure)
  const years = new Set(months.map(({ period }) => period.from.slice(0, 4)))
  const label = ({ period }: FourFigures) => {
    const month = Number(period.from.slice(5, 7))
    return years.size > 1
      ? `${period.from.slice(2, 4)}-${String(month).padStart(2, '0')}`
      : t('accidents.month', { n: month })
  }
  const bar = (name: string, data: number[], color: string, opacity = 1) => ({
    name,
    type: 'bar',
    data,
    barMaxWidth: 22,
    barGap: '10%',
    itemStyle: { color, opacity },
  })
  return {
    grid: { left: 34, right: 8, top: 26, bottom: 22 },
    legend: { right: 8, top: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: ink.text2 } },
    tooltip: { trigger: 'axis', confine: true },
    xAxis: {
      type: 'category',
      data: months.map(label),
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: { color: ink.text2, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: measure === 'loss' ? 0 : 1,
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.text2 },
    },
    series: [
      bar(
        t('accidents.lastYear'),
        months.map(({ figures }) => value(figures[measure].before)),
        ink.text2,
        0.4,
      ),
      bar(
        t('accidents.now'),
        months.map(({ figures }) => value(figures[measure].now)),
        ink.accent,
      ),
    ],
  }
}
