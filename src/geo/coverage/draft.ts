import { ArcIndex } from './arcIndex'
import { degrees, units } from './lattice'
import { Ledger } from './ledger'
import type { Arc, Cell, CellId, Coverage } from './types'

const FORM = 1

/** A coverage as plain JSON: coordinates are whole numbers of 1e-7 degrees, each arc's as steps from point to point. */
export interface CoverageDraft {
  form: typeof FORM
  root: Cell
  side: number
  nextArc: number
  arcs: { id: number; fixed: boolean; levels: number[]; left: CellId[]; right: CellId[]; steps: number[] }[]
  cells: Cell[]
}

/** What `fromDraft` makes the same coverage of, to the bit. Arcs and cells in order of their ids. */
export function toDraft(coverage: Coverage): CoverageDraft {
  const arcs = [...coverage.arcs.values()].sort((a, b) => a.id - b.id)
  return {
    form: FORM,
    root: coverage.root,
    side: coverage.index.squareSide,
    nextArc: coverage.nextArc,
    arcs: arcs.map(({ id, fixed, levels, left, right, points }) => {
      let [x, y] = [0, 0]
      const steps = points.flatMap(([lon, lat]) => {
        const step = [units(lon) - x, units(lat) - y]
        x = units(lon)
        y = units(lat)
        return step
      })
      return { id, fixed, levels: [...levels], left: [...left], right: [...right], steps }
    }),
    cells: [...coverage.cells.values()].sort((a, b) => a.id - b.id),
  }
}

/** The coverage of a draft; null when it is none of this program's (an older form, or damaged). */
export function fromDraft(draft: unknown): Coverage | null {
  if (!isDraft(draft)) return null
  const arcs = draft.arcs.map(({ steps, ...arc }): Arc => {
    const points: Arc['points'][number][] = []
    let [x, y] = [0, 0]
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i]!
      y += steps[i + 1]!
      points.push([degrees(x), degrees(y)])
    }
    return { ...arc, points }
  })
  const numbers = new Set(arcs.map((arc) => arc.id))
  const whole = [draft.root, ...draft.cells].every((cell) =>
    cell.polygons.flat(2).every((ref) => numbers.has(ref < 0 ? ~ref : ref)),
  )
  if (!whole) return null
  const children = new Map<CellId, CellId[]>()
  for (const { id, parent } of draft.cells) {
    if (parent === null) return null
    const list = children.get(parent)
    if (list) list.push(id)
    else children.set(parent, [id])
  }
  return {
    level: draft.root.level + 1,
    root: draft.root,
    arcs: Ledger.of(arcs.map((arc) => [arc.id, arc] as const)),
    cells: Ledger.of(draft.cells.map((cell) => [cell.id, cell] as const)),
    children: Ledger.of<readonly CellId[]>([...children]),
    index: ArcIndex.of(arcs, draft.side),
    nextArc: draft.nextArc,
  }
}

function isDraft(value: unknown): value is CoverageDraft {
  const draft = value as Partial<CoverageDraft> | null
  return (
    typeof draft === 'object' &&
    draft !== null &&
    draft.form === FORM &&
    Number.isInteger(draft.nextArc) &&
    Number.isFinite(draft.side) &&
    draft.root !== undefined &&
    Array.isArray(draft.cells) &&
    Array.isArray(draft.arcs) &&
    draft.arcs.every((arc) => arc.steps.length >= 4 && arc.steps.length % 2 === 0 && arc.steps.every(Number.isInteger))
  )
}
