import { dayWords } from './day'

/** One half of a comparison: its day (null: today), or its sector's name when sectors are compared (null: all). */
export interface CompareSide {
  day: string | null
  sector: string | null
}

type Translate = (key: string, named?: Record<string, unknown>) => string

/** How a half is called. */
export function sideWords({ day, sector }: CompareSide, sectors: boolean, t: Translate, locale: string): string {
  if (sectors) return sector ?? t('riskTime.allSectors')
  return day === null ? t('riskTime.now') : t('riskTime.dayArchived', { day: dayWords(day, locale) })
}
