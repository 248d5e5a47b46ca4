// The link of the screen: what a person sees can be sent to another, and the browser's back button works.
import { isDay } from '../../ui/day'
import type { Order } from './matrix'

export type IndustryView = 'matrix' | 'maps'

export interface IndustryLink {
  /** Code of the grid whose children are shown; null: the asker's own root. */
  grid: string | null
  /** Id of the sector that is open. */
  sector: number | null
  /** `YYYY-MM-DD`; null: now. */
  on: string | null
  view: IndustryView
  order: Order
}

type Query = Record<string, string | null | undefined | (string | null)[]>

/** Reads a query; whatever makes no sense is passed over. */
export function parseIndustryLink(query: Query): IndustryLink {
  const word = (name: string): string => {
    const value = query[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  const sector = Number(word('sector'))
  return {
    grid: word('grid') || null,
    sector: Number.isInteger(sector) && sector > 0 ? sector : null,
    on: isDay(word('on')) ? word('on') : null,
    view: word('view') === 'maps' ? 'maps' : 'matrix',
    order: word('order') === 'code' ? 'code' : 'risk',
  }
}

/** Writes a query, without what is the default. */
export function formatIndustryLink(link: IndustryLink): Record<string, string> {
  return {
    ...(link.grid ? { grid: link.grid } : {}),
    ...(link.sector ? { sector: String(link.sector) } : {}),
    ...(link.on ? { on: link.on } : {}),
    ...(link.view === 'maps' ? { view: 'maps' } : {}),
    ...(link.order === 'code' ? { order: 'code' } : {}),
  }
}

/** The map of a grid and a sector on the day that is shown. */
export function mapQuery(grid: string, sector: number | null, on: string | null): Record<string, string> {
  return { grid, ...(sector ? { sector: String(sector) } : {}), ...(on ? { on } : {}) }
}
