/** One part of the index: how many records of a factor, and what they weigh. */
export interface RiskPart {
  factor: string
  weight: number
  /** weight × count */
  points: number
  count: number
}

/** What `risk_breakdown` answers. */
export interface Breakdown {
  /** 0..100, two decimals */
  index: number
  /** 1 red … 4 blue, 0 nothing to judge */
  level: number
  /** The sum of the parts' points, exactly. */
  points: number
  /** index = 100 × (1 − exp(−points ÷ scale)) */
  scale: number
  /** Index from which a grid is red, orange, yellow. */
  thresholds: number[]
  /** Gravest first. */
  parts: RiskPart[]
  vetoes: { rule: string; level: number; records: { kind: string; id: string }[] }[]
}

/** One record behind a part, with the names that people know it by. */
export interface RiskRecord {
  kind: 'enterprise' | 'hazard' | 'accident' | 'duty'
  id: string
  title: string
  note: string | null
  /** ISO time since when it counts; null for enterprises. */
  at: string | null
  grid_id: number
  grid_code: string
  grid: string
}

/** The ledger that lists exactly the records of a part, for the factors that have one: path and query. */
export function ledgerOf(
  factor: string,
  grid: string,
  sector: number | null,
): { path: string; query: Record<string, string> } | null {
  const scope = { grid, ...(sector === null ? {} : { sector: String(sector) }) }
  const colour = ['enterprise_red', 'enterprise_orange', 'enterprise_yellow', 'enterprise_blue'].indexOf(factor)
  if (colour >= 0) return { path: '/enterprises', query: { ...scope, level: String(colour + 1) } }
  const [what, severity] = factor.split('_') as [string, string]
  if (what === 'hazard') return { path: '/hazards', query: { ...scope, severity } }
  if (what === 'overdue') return { path: '/hazards', query: { ...scope, severity, overdue: 'true' } }
  return null
}

/** Where a record is looked at. */
export function placeOf(record: RiskRecord): string | null {
  if (record.kind === 'hazard') return `/hazards/${record.id}`
  if (record.kind === 'enterprise') return `/map?sel=enterprise:${record.id}`
  if (record.kind === 'duty') return `/people/${encodeURIComponent(record.grid_code)}`
  return null
}

/** Down, never up: an index of 74.96 is not yet the 75 from which a grid is red. */
export const shownIndex = (index: number): number => Math.floor(index * 10 + 1e-9) / 10
