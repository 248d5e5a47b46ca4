// 行业风险分布: what sector_matrix() tells, as a table one can look things up in. Pure.

export interface Officer {
  user_id: string
  name: string
  title: string | null
  phone: string | null
}

export interface MatrixSector {
  id: number
  code: string
  name: string
  /** null: no department owns it. */
  department: { id: number; name: string } | null
  officers: Officer[]
}

export interface MatrixGrid {
  id: number
  code: string
  name: string
  level: number
  /** Whether all of it is counted, or only the asker's sectors. */
  whole: boolean
  /** Whether there are grids below it. */
  children: boolean
}

export interface MatrixAnswer {
  status: 'ok'
  /** live: as it is now; written: as it was written down; derived: told by the records of now. */
  source: 'live' | 'written' | 'derived'
  /** `YYYY-MM-DD` in China, as all days here. */
  on: string
  today: string
  /** The first day that was written down; null when none was. */
  first: string | null
  sectors_only: boolean
  parent: {
    id: number
    code: string
    name: string
    level: number
    parent_id: number | null
    trail: { id: number; code: string; name: string; level: number }[]
  }
  grids: MatrixGrid[]
  sectors: MatrixSector[]
  /** Those a sector may be given to; null for who may not. */
  departments: { id: number; name: string }[] | null
  cells: {
    grid: number[]
    sector: (number | null)[]
    index: number[]
    level: number[]
    points: number[]
    open: number[]
    major: number[]
    overdue: number[]
    enterprises: number[]
    trend: (number | null)[]
  }
}

/** Risk of a grid in one sector; sector null: in all of them. */
export interface Cell {
  grid: number
  sector: number | null
  /** 0..100, two decimals */
  index: number
  /** 1 red … 4 blue; 0 nothing to judge */
  level: number
  points: number
  open: number
  major: number
  overdue: number
  enterprises: number
  /** The index less that of seven days before; null when that day is not known. */
  trend: number | null
}

export type Order = 'risk' | 'code'
/** What the rows are put in order by: a sector's id, or null for all sectors together. */
export interface Ordering {
  order: Order
  by: number | null
}

export interface Matrix extends MatrixAnswer {
  /** A cell; where nothing counts one of level 0. */
  at(grid: number, sector: number | null): Cell
}

const key = (grid: number, sector: number | null) => `${grid}:${sector ?? ''}`

/** Makes the cells of an answer findable. */
export function matrixOf(answer: MatrixAnswer): Matrix {
  const { cells } = answer
  const byKey = new Map<string, Cell>()
  for (let i = 0; i < cells.grid.length; i++) {
    const cell: Cell = {
      grid: cells.grid[i]!,
      sector: cells.sector[i] ?? null,
      index: cells.index[i]!,
      level: cells.level[i]!,
      points: cells.points[i]!,
      open: cells.open[i]!,
      major: cells.major[i]!,
      overdue: cells.overdue[i]!,
      enterprises: cells.enterprises[i]!,
      trend: cells.trend[i] ?? null,
    }
    byKey.set(key(cell.grid, cell.sector), cell)
  }
  const nothing = { index: 0, level: 0, points: 0, open: 0, major: 0, overdue: 0, enterprises: 0, trend: null }
  return { ...answer, at: (grid, sector) => byKey.get(key(grid, sector)) ?? { grid, sector, ...nothing } }
}

/** Graver first: by level, then index, then points; what cannot be judged last. */
export const byGravity = (a: Cell, b: Cell): number =>
  (a.level || 9) - (b.level || 9) || b.index - a.index || b.points - a.points

/** The grids in their order, gravest first or by code. */
export function rowsOf(matrix: Matrix, { order, by }: Ordering): MatrixGrid[] {
  if (order === 'code') return matrix.grids
  return [...matrix.grids].sort(
    (a, b) => byGravity(matrix.at(a.id, by), matrix.at(b.id, by)) || (a.code < b.code ? -1 : 1),
  )
}

/** The sectors in their order: by what the parent counts in them, or as the county lists them. */
export function columnsOf(matrix: Matrix, order: Order): MatrixSector[] {
  if (order === 'code') return matrix.sectors
  const worst = (sector: number): Cell => {
    const own = matrix.at(matrix.parent.id, sector)
    if (own.level) return own
    // a parent that is not judged for the asker: by the worst of its grids
    return matrix.grids.map((grid) => matrix.at(grid.id, sector)).sort(byGravity)[0] ?? own
  }
  const place = new Map(matrix.sectors.map((sector, i) => [sector.id, i]))
  return [...matrix.sectors].sort((a, b) => byGravity(worst(a.id), worst(b.id)) || place.get(a.id)! - place.get(b.id)!)
}

/** How many grids have each level in a sector. Index is the level, 0 included. */
export function levelsOf(matrix: Matrix, sector: number | null): [number, number, number, number, number] {
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0]
  for (const grid of matrix.grids) counts[matrix.at(grid.id, sector).level as 0 | 1 | 2 | 3 | 4] += 1
  return counts
}

/** Sectors that no department owns. */
export const unowned = (matrix: Matrix): MatrixSector[] => matrix.sectors.filter((sector) => !sector.department)

/** Points of a grid that belong to no sector: duties, and records without one. Null where a part of it is seen only. */
export function pointsOfNone(matrix: Matrix, grid: number): number | null {
  const whole = grid === matrix.parent.id ? !matrix.sectors_only : matrix.grids.find((g) => g.id === grid)?.whole
  if (!whole) return null
  const ofSectors = matrix.sectors.reduce((sum, sector) => sum + matrix.at(grid, sector.id).points, 0)
  return Math.round((matrix.at(grid, null).points - ofSectors) * 100) / 100
}

/** A place in the table: row 0 the sectors' heads, 1 the totals, then grids; column 0 the names, 1 totals, then sectors. */
export interface Place {
  row: number
  column: number
}

/** Where a key leads from a place, in a table of so many rows and columns, heads included; null: not our key. */
export function walk(from: Place, pressed: string, ctrl: boolean, rows: number, columns: number): Place | null {
  const last = { row: rows - 1, column: columns - 1 }
  const to: Record<string, Place> = {
    ArrowUp: { ...from, row: ctrl ? 0 : from.row - 1 },
    ArrowDown: { ...from, row: ctrl ? last.row : from.row + 1 },
    ArrowLeft: { ...from, column: ctrl ? 0 : from.column - 1 },
    ArrowRight: { ...from, column: ctrl ? last.column : from.column + 1 },
    PageUp: { ...from, row: from.row - 10 },
    PageDown: { ...from, row: from.row + 10 },
    Home: { row: ctrl ? 0 : from.row, column: 0 },
    End: { row: ctrl ? last.row : from.row, column: last.column },
  }
  const wanted = to[pressed]
  if (!wanted) return null
  const row = Math.min(Math.max(wanted.row, 0), last.row)
  const column = Math.min(Math.max(wanted.column, 0), last.column)
  // the corner says nothing
  return row === 0 && column === 0 ? { row: from.row === 0 ? 0 : 1, column: from.row === 0 ? 1 : 0 } : { row, column }
}

const FROM = [0, 75, 50, 25, 0]
const TO = [100, 100, 75, 50, 25]

/** How far an index is through the span of its level, 0..1: what a cell is tinted by, so that blue is not all alike. */
export function heatOf({ level, index }: Cell): number {
  const [from, to] = [FROM[level] ?? 0, TO[level] ?? 100]
  return Math.round(Math.min(Math.max((index - from) / (to - from), 0), 1) * 100) / 100
}

/** The index as it stands in a cell: whole, and never nothing where there is something. */
export const cellText = ({ level, index }: Cell): string =>
  level === 0 ? '' : index > 0 && index < 1 ? '<1' : String(Math.floor(index))
