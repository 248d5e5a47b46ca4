import type { Cell } from './matrix'

/** What turns keys into words: vue-i18n's `t`, handed in so that this stays pure. */
export type Translate = (key: string, named?: Record<string, unknown>) => string

/** The index as it stands in a sentence: one decimal, so that 74.9 is not read as red. */
export const indexText = (index: number): string => (Math.floor(index * 10) / 10).toFixed(1)

/** A change of the index as a mark: whole points, less than one is none. */
export function trendText(trend: number | null): string {
  const whole = Math.round(trend ?? 0)
  return whole === 0 ? '' : `${whole > 0 ? '↑' : '↓'}${Math.abs(whole)}`
}

/** A cell in a sentence: for the line below the table, for hovering, and for who hears it. */
export function cellWords(
  cell: Cell,
  names: { grid: string; sector: string },
  t: Translate,
  n: (value: number) => string,
): string {
  const where = `${names.grid} · ${names.sector}`
  if (!cell.level) return `${where}：${t('industries.nothing')}`
  const parts = [
    t('industries.cell.risk', { level: t(`map.level.${cell.level}`), index: indexText(cell.index) }),
    trendText(cell.trend) ? t('industries.cell.trend', { trend: trendText(cell.trend) }) : '',
    t('industries.cell.enterprises', { n: n(cell.enterprises) }),
    cell.open ? t('industries.cell.open', { n: n(cell.open) }) : '',
    cell.major ? t('industries.cell.major', { n: n(cell.major) }) : '',
    cell.overdue ? t('industries.cell.overdue', { n: n(cell.overdue) }) : '',
  ]
  return `${where}：${parts.filter(Boolean).join('，')}`
}
