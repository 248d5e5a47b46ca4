// What is edited: the cells of a coverage with what a grid carries beside its outline. Pure.
import { changedCells, geometryOf } from '../../geo/coverage/read'
import type { CellId, Coverage } from '../../geo/coverage/types'
import type { GridFeature, NewLeader, NewPerson, Opened, SentChange } from './boundaryRpc'

/** What a cell carries beside its outline. */
export interface Details {
  code: string
  name: string
  /** Of the database; null for a grid made in this session. */
  version: number | null
  population: number | null
  /** Names of those who lead it now. */
  leader: string | null
  /** Who shall lead a grid made in this session. */
  appoint: NewLeader | null
}

/** Everything that a session changes. Replaced, never changed in place. */
export interface Drawing {
  coverage: Coverage
  details: ReadonlyMap<CellId, Details>
}

/** The edited grid itself. */
export interface Root {
  id: number
  code: string
  name: string
  level: number
  version: number
  feature: GridFeature
}

export const rootOf = (opened: Opened): Root => {
  const { id, code, name, level, version } = opened.grid.properties
  return { id, code, name, level, version, feature: opened.grid }
}

export const detailsOf = (opened: Opened): Map<CellId, Details> =>
  new Map(
    opened.cells.features.map(({ properties }) => {
      const { id, code, name, version, population, leader } = properties
      return [id, { code, name, version, population, leader, appoint: null }]
    }),
  )

export type ChangeKind = 'created' | 'reshaped' | 'renamed' | 'moved' | 'retired'

/** One grid that the session leaves different from how it was opened. */
export interface Change {
  cell: CellId
  kind: ChangeKind
  name: string
  code: string
  level: number
}

/** All that differs between two drawings, grid by grid: new ones first, then in the order of their codes. */
export function changesBetween(from: Drawing, to: Drawing): Change[] {
  const { created, removed, reshaped } = changedCells(from.coverage, to.coverage)
  const line = (cell: CellId, kind: ChangeKind, drawing: Drawing): Change => {
    const details = drawing.details.get(cell)
    const level = drawing.coverage.cells.get(cell)?.level ?? 0
    return { cell, kind, name: details?.name ?? '', code: details?.code ?? '', level }
  }
  const list = [
    ...created.map((id) => line(id, 'created', to)),
    ...reshaped.map((id) => line(id, 'reshaped', to)),
    ...removed.map((id) => line(id, 'retired', from)),
  ]
  const listed = new Set(list.map((change) => change.cell))
  for (const [id, cell] of to.coverage.cells) {
    if (listed.has(id)) continue
    const [was, is] = [from.details.get(id), to.details.get(id)]
    if (from.coverage.cells.get(id)?.parent !== cell.parent) list.push(line(id, 'moved', to))
    else if (was && is && (was.code !== is.code || was.name !== is.name)) list.push(line(id, 'renamed', to))
  }
  const rank = (change: Change) => (change.kind === 'created' ? 0 : change.kind === 'retired' ? 2 : 1)
  return list.sort((a, b) => rank(a) - rank(b) || a.level - b.level || (a.code < b.code ? -1 : 1))
}

/** The changes as `commit_grid_boundaries` takes them. A fresh grid's parent that is fresh too is named by its code. */
export function toSent(from: Drawing, to: Drawing, root: Root): SentChange[] {
  const reshaped = new Set(changedCells(from.coverage, to.coverage).reshaped)
  return changesBetween(from, to).map(({ cell: id }): SentChange => {
    const was = from.details.get(id)
    const is = to.details.get(id)
    const before = from.coverage.cells.get(id)
    const cell = to.coverage.cells.get(id)
    if (!cell || !is) return { id, retire: true, ...(was?.version == null ? {} : { version: was.version }) }
    const fresh = is.version === null
    const parent = cell.parent ?? root.id
    const parentage: SentChange =
      parent < 0 ? { parent_code: to.details.get(parent)?.code ?? '' } : { parent_id: parent }
    const shape: SentChange = fresh || reshaped.has(id) ? { boundary: geometryOf(to.coverage, id) } : {}
    if (fresh) {
      const leader: SentChange = is.appoint ? { leader: leaderOf(is.appoint) } : {}
      return { code: is.code, name: is.name, kind: 'area', ...parentage, ...shape, ...leader }
    }
    return {
      id,
      version: is.version as number,
      ...(was?.code === is.code ? {} : { code: is.code }),
      ...(was?.name === is.name ? {} : { name: is.name }),
      ...(before?.parent === cell.parent ? {} : parentage),
      ...shape,
    }
  })
}

const leaderOf = (leader: NewLeader): string | NewPerson =>
  'user_id' in leader
    ? leader.user_id
    : { name: leader.name, phone: leader.phone, ...(leader.new ? { new: true } : {}) }

/**
 * The first free code from a suggestion on: its number counted up, as wide as it is.
 * @param taken codes in use in this session
 */
export function freeCode(suggested: string, taken: ReadonlySet<string>): string {
  let code = suggested
  for (let step = 0; taken.has(code) && step < 10_000; step++) {
    const [, stem = '', digits = ''] = /^(.*?)(\d*)$/s.exec(code) ?? []
    code = stem + String(BigInt(digits || '0') + 1n).padStart(digits.length, '0')
  }
  return code
}
