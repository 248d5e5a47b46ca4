import type { MultiPolygon, Polygon } from 'geojson'
import { isGridCode, MOST_CODE, plainCode } from '../../db/gridCode'
import type { GridFeature, GridFile } from '../../files/gridFile'
import type { Columns, GridOptions, Problem, RowAction } from './importSession'

/** A grid that the database holds now; enough to name it and to reshape it. */
export interface ExistingGrid {
  id: number
  code: string
  name: string
  level: number
  kind: string
  parent_id: number | null
  version: number
}

/** One feature of the file on its way to be a grid. */
export interface GridDraft {
  /** Position of the feature in the file, from 0 (`GridFeature.id`). */
  index: number
  code: string
  name: string
  parentCode: string | null
  kind: string
  population: number | null
  boundary: Polygon | MultiPolygon | null
  action: RowAction
  existing: ExistingGrid | null
  problems: Problem[]
}

/** One element of `p_changes` of `commit_grid_boundaries`. */
export interface GridChange {
  id?: number
  version?: number
  parent_id?: number | null
  parent_code?: string | null
  code: string
  name: string
  kind: string
  population?: number
  boundary: Polygon | MultiPolygon
}

const KINDS: Record<string, string> = {
  area: 'area',
  块: 'area',
  区域: 'area',
  网格: 'area',
  行政区: 'area',
  unit: 'unit',
  单位: 'unit',
  企业: 'unit',
  学校: 'unit',
  医院: 'unit',
}
const MAX_NAME = 60

const error = (code: string, field: string, why: string, params?: Problem['params']): Problem => ({
  code,
  field,
  severity: 'error',
  why,
  ...(params ? { params } : {}),
})

/** A cell as text: `120119106` from a number, '' from nothing. */
export function cellText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value).trim()
}

/**
 * Makes one draft per feature of the file, with everything that can be said without asking the database:
 * fields missing, codes twice, parent unknown. Features the reader left out come back as drafts without boundary.
 */
export function draftGrids(
  file: GridFile,
  columns: Columns,
  options: GridOptions,
  existing: ExistingGrid[],
): GridDraft[] {
  const known = new Map(existing.map((grid) => [grid.code, grid]))
  const drafts = file.features.map((feature) => draftOf(feature, columns, options, known))
  const lost = file.warnings.filter((warning) => warning.feature !== undefined)
  const kept = new Map(drafts.map((draft) => [draft.index, draft]))
  for (const issue of lost) {
    const index = issue.feature!
    const draft = kept.get(index)
    const problem: Problem = {
      code: issue.code,
      field: 'boundary',
      severity: draft ? 'warning' : 'error',
      message: issue.message,
      messageEn: issue.messageEn,
    }
    if (draft) draft.problems.push(problem)
    else {
      const empty = { ...emptyDraft(index, options.kind), problems: [problem] }
      kept.set(index, empty)
      drafts.push(empty)
    }
  }
  drafts.sort((a, b) => a.index - b.index)
  markTwice(drafts)
  setParents(drafts, columns, options, known)
  return drafts
}

function emptyDraft(index: number, kind: string): GridDraft {
  return {
    index,
    code: '',
    name: '',
    parentCode: null,
    kind,
    population: null,
    boundary: null,
    action: 'create',
    existing: null,
    problems: [],
  }
}

function draftOf(
  feature: GridFeature,
  columns: Columns,
  options: GridOptions,
  known: Map<string, ExistingGrid>,
): GridDraft {
  const read = (field: string) => (columns[field] ? cellText(feature.properties?.[columns[field]]) : '')
  const draft = emptyDraft(feature.id, options.kind)
  draft.code = plainCode(read('code'))
  draft.name = read('name')
  draft.parentCode = read('parent') || null
  draft.boundary = feature.geometry
  const { problems } = draft
  if (!draft.code) problems.push(error('MISSING_FIELD', 'code', 'missing'))
  else if (draft.code.length > MOST_CODE) problems.push(error('TOO_LONG', 'code', 'tooLong', { most: MOST_CODE }))
  else if (!isGridCode(draft.code)) problems.push(error('BAD_VALUE', 'code', 'badCode', { value: draft.code }))
  if (!draft.name) problems.push(error('MISSING_FIELD', 'name', 'missing'))
  else if (draft.name.length > MAX_NAME) problems.push(error('TOO_LONG', 'name', 'tooLong', { most: MAX_NAME }))

  const kind = read('kind')
  if (kind) {
    const value = KINDS[kind.toLowerCase()]
    if (value) draft.kind = value
    else problems.push(error('BAD_VALUE', 'kind', 'badKind', { value: kind }))
  }
  const population = read('population')
  if (population) {
    const value = Number(population.replace(/[,，\s]/g, ''))
    if (Number.isInteger(value) && value >= 0) draft.population = value
    else problems.push(error('BAD_VALUE', 'population', 'badCount', { value: population }))
  }
  const before = draft.code ? known.get(draft.code) : undefined
  if (before) {
    draft.existing = before
    draft.action = 'update'
    if (options.existing === 'reject') {
      problems.push(error('DUPLICATE_CODE', 'code', 'exists', { value: draft.code, name: before.name }))
    }
  }
  return draft
}

function markTwice(drafts: GridDraft[]): void {
  const first = new Map<string, GridDraft>()
  for (const draft of drafts) {
    if (!draft.code) continue
    const other = first.get(draft.code)
    if (!other) first.set(draft.code, draft)
    else {
      draft.problems.push(error('DUPLICATE_CODE', 'code', 'twice', { value: draft.code, row: other.index + 1 }))
      if (!other.problems.some((problem) => problem.why === 'twice')) {
        other.problems.push(error('DUPLICATE_CODE', 'code', 'twice', { value: draft.code, row: draft.index + 1 }))
      }
    }
  }
}

/**
 * The parent of a code by its prefix: the longest known code that it begins with (120119106001 → 120119106).
 * @returns null when no shorter code is known.
 */
export function parentByPrefix(code: string, known: ReadonlySet<string>): string | null {
  for (let length = code.length - 1; length > 0; length--) {
    const prefix = code.slice(0, length)
    if (known.has(prefix)) return prefix
  }
  return null
}

function setParents(
  drafts: GridDraft[],
  columns: Columns,
  options: GridOptions,
  known: Map<string, ExistingGrid>,
): void {
  const inFile = new Map(drafts.filter((draft) => draft.code).map((draft) => [draft.code, draft]))
  const codes = new Set([...known.keys(), ...inFile.keys()])
  const byId = new Map([...known.values()].map((grid) => [grid.id, grid.code]))
  const roots: GridDraft[] = []
  for (const draft of drafts) {
    if (!draft.code) continue
    draft.parentCode = parentCode(draft, columns, options, codes, byId)
    if (draft.parentCode) {
      if (!codes.has(draft.parentCode)) {
        draft.problems.push(error('NOT_FOUND', 'parent', 'parentUnknown', { value: draft.parentCode }))
      }
      continue
    }
    // A grid that is the root already stays it; a new one without a parent may be the root of an empty county.
    if (draft.existing && draft.existing.parent_id === null) continue
    roots.push(draft)
  }
  const mayRoot = !existingRoot(known)
  roots.forEach((draft, at) => {
    if (mayRoot && at === 0 && roots.length === 1) return
    draft.problems.push(
      error('NOT_FOUND', 'parent', mayRoot ? 'severalRoots' : 'parentMissing', { count: roots.length }),
    )
  })
  markCircles(drafts, inFile)
}

function parentCode(
  draft: GridDraft,
  columns: Columns,
  { parentMode, under }: GridOptions,
  codes: ReadonlySet<string>,
  byId: Map<number, string>,
): string | null {
  const stated = parentMode === 'column' && columns.parent ? draft.parentCode : null
  if (stated) return stated
  // A grid that exists stays where it is unless the file says otherwise: a guess must not move it.
  if (draft.existing) return byId.get(draft.existing.parent_id ?? -1) ?? null
  if (parentMode === 'under') return under === draft.code ? null : under
  return parentMode === 'prefix' ? parentByPrefix(draft.code, codes) : null
}

function existingRoot(known: Map<string, ExistingGrid>): boolean {
  for (const grid of known.values()) if (grid.parent_id === null) return true
  return false
}

function markCircles(drafts: GridDraft[], inFile: Map<string, GridDraft>): void {
  for (const draft of drafts) {
    let at: GridDraft | undefined = draft
    for (let steps = 0; at?.parentCode && steps <= drafts.length; steps++) {
      at = inFile.get(at.parentCode)
      if (at !== draft) continue
      draft.problems.push(error('BAD_VALUE', 'parent', 'circle', { value: draft.code }))
      break
    }
  }
}

/** Whether a draft has an error of its own. */
export function isWrong(draft: { problems: Problem[] }): boolean {
  return draft.problems.some((problem) => problem.severity === 'error')
}

/**
 * The drafts that may be sent: right in themselves, not left out by the person, and with no such one above them
 * (a village whose township is wrong would only be told that its parent is missing).
 */
export function sendable(drafts: GridDraft[], excluded: ReadonlySet<number>): GridDraft[] {
  const inFile = new Map(drafts.filter((draft) => draft.code).map((draft) => [draft.code, draft]))
  const out = (draft: GridDraft): boolean => isWrong(draft) || excluded.has(draft.index) || draft.boundary === null
  return drafts.filter((draft) => {
    for (let at: GridDraft | undefined = draft, steps = 0; at && steps < 20; steps++) {
      // A grid the database has already can be a parent, however wrong its new outline in the file is.
      if (out(at) && (at === draft || !at.existing)) return false
      at = at.parentCode ? inFile.get(at.parentCode) : undefined
    }
    return true
  })
}

/** The drafts in the words of `commit_grid_boundaries`; same order, so an index in the answer is an index here. */
export function toChanges(drafts: GridDraft[], existing: ExistingGrid[]): GridChange[] {
  const ids = new Map(existing.map((grid) => [grid.code, grid.id]))
  return drafts.map((draft) => ({
    ...(draft.existing ? { id: draft.existing.id, version: draft.existing.version } : {}),
    ...parentOf(draft, ids),
    code: draft.code,
    name: draft.name,
    kind: draft.kind,
    ...(draft.population === null ? {} : { population: draft.population }),
    boundary: draft.boundary!,
  }))
}

function parentOf(draft: GridDraft, ids: Map<string, number>): Pick<GridChange, 'parent_id' | 'parent_code'> {
  if (!draft.parentCode) return { parent_id: null }
  const id = ids.get(draft.parentCode)
  return id === undefined ? { parent_code: draft.parentCode } : { parent_id: id }
}
