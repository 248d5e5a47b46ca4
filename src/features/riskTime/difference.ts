/** What a grid is judged to be, on one side of a comparison. */
export interface SideRow {
  grid_id: number
  index: number
  /** 1 red … 4 blue, 0 nothing to judge */
  level: number
}

export interface Difference {
  grid_id: number
  left: SideRow | null
  right: SideRow | null
  /** How much higher the index of the right is, in whole points as they are shown; null: one side does not know it. */
  by: number | null
  /** The right is worse (a graver level, or the same and a higher index), better, or the same as it is shown. */
  way: 'worse' | 'better' | 'same'
}

/** Blue is better than red; what is not judged at all is better than anything. */
const gravity = (level: number): number => (level === 0 ? 0 : 5 - level)

/**
 * The grids of two pictures side by side: changes of level first, the greatest change of the index first among equals.
 * What is shown as the same index is no change.
 */
export function differences(left: readonly SideRow[], right: readonly SideRow[]): Difference[] {
  const [before, after] = [left, right].map((side) => new Map(side.map((each) => [each.grid_id, each])))
  const ids = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  const found = [...ids].map((grid_id): Difference => {
    const [one, other] = [before?.get(grid_id) ?? null, after?.get(grid_id) ?? null]
    if (!one || !other) return { grid_id, left: one, right: other, by: null, way: 'same' }
    const by = Math.floor(other.index) - Math.floor(one.index)
    const steps = gravity(other.level) - gravity(one.level)
    const way = steps > 0 || (steps === 0 && by > 0) ? 'worse' : steps < 0 || by < 0 ? 'better' : 'same'
    return { grid_id, left: one, right: other, by, way }
  })
  const steps = ({ left, right }: Difference) => Math.abs(gravity(right?.level ?? 0) - gravity(left?.level ?? 0))
  return found.sort((a, b) => steps(b) - steps(a) || Math.abs(b.by ?? 0) - Math.abs(a.by ?? 0) || a.grid_id - b.grid_id)
}
