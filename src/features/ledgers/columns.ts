/** Which columns a ledger has, and how somebody keeps them. Pure. */
import type { LedgerKind } from './ledger'

export interface Column {
  key: string
  /** In characters of a spreadsheet; `en` where English words are longer. */
  width: number
  en?: number
  /** Not on the screen unless somebody asks for it. */
  extra?: boolean
  /** Left out on a phone. */
  minor?: boolean
  /** Takes a line of its own on a phone. */
  long?: boolean
  /** The database can order by it. */
  sort?: boolean
  /** Only in a whole line (`p_full`). */
  full?: boolean
  number?: boolean
}

/** In their order; an export has those of the screen. */
export const COLUMNS: Record<LedgerKind, readonly Column[]> = {
  enterprises: [
    { key: 'name', width: 30 },
    { key: 'risk_level', width: 10 },
    { key: 'sector', width: 16 },
    { key: 'grid', width: 22, en: 18 },
    { key: 'scale', width: 12, en: 15, minor: true },
    { key: 'legal_rep', width: 12 },
    { key: 'phone', width: 16 },
    { key: 'employees', width: 10, minor: true, number: true },
    { key: 'status', width: 10, en: 13 },
    { key: 'code', width: 24, minor: true },
    { key: 'address', width: 30, extra: true },
    { key: 'safety_lead', width: 12, extra: true },
    { key: 'safety_phone', width: 16, extra: true },
    { key: 'licence_expiry', width: 14, extra: true },
  ],
  hazards: [
    { key: 'code', width: 20, en: 20, sort: true },
    { key: 'title', width: 30, en: 26, sort: true },
    { key: 'severity', width: 9, en: 12, sort: true },
    { key: 'state', width: 10, en: 15, sort: true },
    { key: 'due_at', width: 23, en: 24, long: true, sort: true },
    { key: 'enterprise', width: 28, en: 24, long: true, sort: true },
    { key: 'grid', width: 15, sort: true },
    { key: 'sector', width: 15, sort: true, minor: true },
    { key: 'found_at', width: 18, minor: true, sort: true },
    { key: 'category', width: 12, en: 15, sort: true, minor: true },
    { key: 'source', width: 12, extra: true, sort: true },
    { key: 'closed_at', width: 18, extra: true, sort: true },
    { key: 'overdue', width: 8, extra: true },
    { key: 'listed_level', width: 12, extra: true },
    { key: 'town', width: 14, extra: true, full: true },
    { key: 'department', width: 18, extra: true, full: true },
    { key: 'description', width: 40, extra: true, full: true },
    { key: 'reported_by', width: 12, extra: true, full: true },
    { key: 'assigned_to', width: 12, extra: true, full: true },
    { key: 'rectifier', width: 12, extra: true, full: true },
    { key: 'rectified', width: 36, extra: true, full: true },
    { key: 'reviewer', width: 12, extra: true, full: true },
    { key: 'funds_spent', width: 14, extra: true, full: true, number: true },
  ],
}

/** How somebody keeps a ledger: which columns in which order, how wide (pixels), how close the rows. */
export interface Layout {
  columns?: string[]
  widths?: Record<string, number>
  dense?: boolean
}

export const NARROWEST = 56
export const WIDEST = 720

/** A layout as it came from the database or a stranger's view: what is not known is left out. */
export function readLayout(kind: LedgerKind, given: unknown): Layout {
  if (typeof given !== 'object' || given === null) return {}
  const { columns, widths, dense } = given as Record<string, unknown>
  const known = new Set(COLUMNS[kind].map(({ key }) => key))
  const layout: Layout = {}
  if (Array.isArray(columns)) {
    const chosen = [...new Set(columns)].filter((key): key is string => typeof key === 'string' && known.has(key))
    if (chosen.length) layout.columns = chosen
  }
  if (typeof widths === 'object' && widths !== null) {
    layout.widths = Object.fromEntries(
      Object.entries(widths)
        .filter((pair): pair is [string, number] => known.has(pair[0]) && Number.isFinite(pair[1]))
        .map(([key, width]) => [key, Math.min(WIDEST, Math.max(NARROWEST, Math.round(width)))]),
    )
  }
  if (typeof dense === 'boolean') layout.dense = dense
  return layout
}

/** The columns on the screen, in their order, with their width in pixels. */
export function shownColumns(kind: LedgerKind, layout: Layout, locale: string): (Column & { px: number })[] {
  const all = COLUMNS[kind]
  const keys = layout.columns ?? all.filter(({ extra }) => !extra).map(({ key }) => key)
  return keys.flatMap((key) => {
    const column = all.find((each) => each.key === key)
    if (!column) return []
    const usual = (locale.startsWith('en') && column.en ? column.en : column.width) * 8
    return [{ ...column, px: layout.widths?.[key] ?? usual }]
  })
}

/** The layout with a column moved in front of another (null: to the end). */
export function moveColumn(keys: readonly string[], key: string, before: string | null): string[] {
  if (key === before) return [...keys]
  const rest = keys.filter((each) => each !== key)
  const at = before === null ? rest.length : rest.indexOf(before)
  rest.splice(at < 0 ? rest.length : at, 0, key)
  return rest
}
