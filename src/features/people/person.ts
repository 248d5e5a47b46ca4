export type Position = 'leader' | 'deputy' | 'member' | 'duty'

/** Somebody in a position of a grid. */
export interface Staff {
  user_id: string
  name: string
  title: string | null
  phone: string | null
  photo_path: string | null
  position: Position
  /** ISO day. */
  since: string
  /** Whether the person can sign in. */
  account: boolean
  /** Whether the asker may correct name, phone, title and photo. */
  may_edit: boolean
}

/** A grid with its people, as `grid_staff` answers. */
export interface StaffedGrid {
  id: number
  code: string
  name: string
  level: number
  kind: 'area' | 'unit' | 'department'
  parent_id: number | null
  /** Positions that the asker may give and take back here. */
  may: Position[]
  people: Staff[]
}

export interface StaffAnswer {
  status: 'ok'
  grid_id: number
  admin: boolean
  grids: StaffedGrid[]
}

/** Somebody who can be appointed, as `find_people` answers. */
export interface Candidate {
  user_id: string
  name: string
  title: string | null
  phone: string | null
  positions: { grid_id: number; code: string; grid: string; position: Position }[]
}

export interface PersonFields {
  name: string
  phone: string
  title: string
}

/** What the writing RPCs answer when they refuse; `message` is shown as it is. */
export interface Refusal {
  field: string
  code: string
  message: string
  /** With DUPLICATE_PERSON: who has that name already. */
  user_id?: string
}

export interface AppointmentEvent {
  id: number
  event: 'appointed' | 'dismissed'
  position: Position
  user_id: string
  person: string
  grid_id: number
  grid: string
  /** ISO instant. */
  effective_at: string
  by: string | null
}

/** The name for a list: the suffix of village committees says nothing there. */
export const shortName = (name: string): string => name.replace(/(村民委员会|居民委员会|村委会|居委会)$/u, '') || name

export const lacksLeader = (grid: StaffedGrid): boolean =>
  grid.kind !== 'department' && !grid.people.some((p) => p.position === 'leader')

/** One line of the list: a grid and how deep it lies below the first. */
export interface GridRow {
  grid: StaffedGrid
  depth: number
}

/**
 * The grids in the order of the tree: each followed by those below it, siblings by code. With a word only those that
 * match it by name, code, or the name or phone of their people.
 */
export function rowsOf(grids: readonly StaffedGrid[], root: number, word: string, leaderless: boolean): GridRow[] {
  const below = new Map<number | null, StaffedGrid[]>()
  for (const grid of grids) {
    const parent = grid.id === root ? null : grid.parent_id
    below.set(parent, [...(below.get(parent) ?? []), grid])
  }
  const rows: GridRow[] = []
  const walk = (parent: number | null, depth: number): void => {
    for (const grid of (below.get(parent) ?? []).sort((a, b) => (a.code < b.code ? -1 : 1))) {
      rows.push({ grid, depth })
      walk(grid.id, depth + 1)
    }
  }
  walk(null, 0)
  const wanted = word.trim().toLowerCase()
  return rows.filter(
    ({ grid }) =>
      (!leaderless || lacksLeader(grid)) &&
      (!wanted ||
        grid.name.toLowerCase().includes(wanted) ||
        grid.code.startsWith(wanted) ||
        grid.people.some((p) => p.name.toLowerCase().includes(wanted) || p.phone?.includes(wanted))),
  )
}
