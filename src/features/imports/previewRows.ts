import type { Geometry, Position } from 'geojson'
import type { EnterpriseDraft } from './enterpriseDraft'
import type { GridDraft } from './gridDraft'
import type { HazardDraft } from './hazardDraft'
import type { Checked, PreviewRow, Problem, RowState } from './importSession'
import type { RiskPointDraft } from './riskPointDraft'

export type Bbox = [number, number, number, number]

/** West, south, east, north of a geometry in its own units; null when it has no coordinate. */
export function bboxOf(geometry: Geometry | null): Bbox | null {
  if (!geometry) return null
  const box: Bbox = [Infinity, Infinity, -Infinity, -Infinity]
  const walk = (node: Position | Position[] | Position[][] | Position[][][]): void => {
    if (typeof node[0] === 'number') {
      const [x, y] = node as Position
      box[0] = Math.min(box[0], x!)
      box[1] = Math.min(box[1], y!)
      box[2] = Math.max(box[2], x!)
      box[3] = Math.max(box[3], y!)
    } else for (const child of node as Position[]) walk(child)
  }
  if (geometry.type === 'GeometryCollection') {
    return union(geometry.geometries.map((each) => bboxOf(each)))
  }
  walk(geometry.coordinates)
  return Number.isFinite(box[0]) ? box : null
}

/** The box around all boxes; null around none. */
export function union(boxes: Iterable<Bbox | null>): Bbox | null {
  let all: Bbox | null = null
  for (const box of boxes) {
    if (!box) continue
    all = all
      ? [Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3])]
      : [...box]
  }
  return all
}

function stateOf(problems: Problem[], excluded: boolean): RowState {
  if (excluded) return 'excluded'
  if (problems.some((problem) => problem.severity === 'error')) return 'wrong'
  return problems.length ? 'warned' : 'good'
}

/** The lines of the preview of grids: what the drafts say themselves, and what the database said about them. */
export function gridRows(drafts: GridDraft[], excluded: ReadonlySet<number>, checked: Checked | null): PreviewRow[] {
  return drafts.map((draft) => {
    const problems = [...draft.problems, ...(checked?.problems.get(draft.index) ?? [])]
    return {
      index: draft.index,
      row: draft.index + 1,
      code: draft.code,
      name: draft.name,
      state: stateOf(problems, excluded.has(draft.index)),
      action: draft.action,
      belongs: draft.parentCode,
      problems,
      bbox: bboxOf(draft.boundary),
    }
  })
}

/** The lines of the preview of enterprises. */
export function enterpriseRows(
  drafts: EnterpriseDraft[],
  excluded: ReadonlySet<number>,
  checked: Checked | null,
): PreviewRow[] {
  return drafts.map((draft) => {
    const problems = [...draft.problems, ...(checked?.problems.get(draft.index) ?? [])]
    return {
      index: draft.index,
      row: draft.line,
      code: draft.row.code,
      name: draft.row.name,
      state: stateOf(problems, excluded.has(draft.index)),
      action: checked?.actions.get(draft.index) ?? 'create',
      belongs: checked?.belongs.get(draft.index) ?? null,
      problems,
      bbox: draft.place ? [draft.place[0], draft.place[1], draft.place[0], draft.place[1]] : null,
    }
  })
}

/** The lines of the preview of hazards. */
export function hazardRows(
  drafts: HazardDraft[],
  excluded: ReadonlySet<number>,
  checked: Checked | null,
): PreviewRow[] {
  return drafts.map((draft) => {
    const problems = [...draft.problems, ...(checked?.problems.get(draft.index) ?? [])]
    const place = draft.place ?? checked?.places?.get(draft.index)
    return {
      index: draft.index,
      row: draft.line,
      code: draft.row.found_at ?? '',
      name: draft.row.title ?? draft.row.description ?? '',
      state: stateOf(problems, excluded.has(draft.index)),
      action: checked?.actions.get(draft.index) ?? 'create',
      belongs: checked?.belongs.get(draft.index) ?? null,
      problems,
      bbox: place ? [place[0], place[1], place[0], place[1]] : null,
    }
  })
}

/** The lines of the preview of risk points: they lie where the database knows their enterprise. */
export function riskPointRows(
  drafts: RiskPointDraft[],
  excluded: ReadonlySet<number>,
  checked: Checked | null,
): PreviewRow[] {
  return drafts.map((draft) => {
    const problems = [...draft.problems, ...(checked?.problems.get(draft.index) ?? [])]
    const place = checked?.places?.get(draft.index)
    return {
      index: draft.index,
      row: draft.line,
      code: draft.row.enterprise ?? '',
      name: [draft.row.name, draft.row.activity].filter(Boolean).join('·'),
      state: stateOf(problems, excluded.has(draft.index)),
      action: checked?.actions.get(draft.index) ?? 'create',
      belongs: checked?.belongs.get(draft.index) ?? null,
      problems,
      bbox: place ? [place[0], place[1], place[0], place[1]] : null,
    }
  })
}

/** Whether a row lies outside every grid. */
export const isOutside = (row: PreviewRow): boolean => row.problems.some(({ code }) => code === 'OUTSIDE_ALL_GRIDS')

/** How many rows are in which state. */
export function countRows(rows: PreviewRow[]): Record<RowState | 'total', number> {
  const counts = { good: 0, warned: 0, wrong: 0, excluded: 0, total: rows.length }
  for (const row of rows) counts[row.state]++
  return counts
}
