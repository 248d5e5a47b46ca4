import type { MultiPolygon, Polygon } from 'geojson'
import { repair } from '../../geo/repair'
import type { Finding, RepairKind, RepairPart } from './repairPlan'

type Found = ReturnType<typeof repair<RepairPart>>

/** Looks at each set of polygons that tile, and keeps what it found, so that taking it up needs no second look. */
export function createRepair(sets: RepairPart[][], toleranceM: number) {
  const found: Found[] = sets.map((parts) => repair(parts, toleranceM))
  const findings: Finding[] = found.flatMap(({ proposal }) =>
    proposal.map(({ kind, keys, at, moved_m, area_m2 }) => ({
      kind,
      rows: keys.map(Number),
      at,
      moved_m,
      area_m2,
    })),
  )
  /** The outlines that change when these kinds are mended, by index of the feature. */
  function shapes(kinds: RepairKind[]): Map<number, Polygon | MultiPolygon> {
    const changed = new Map<number, Polygon | MultiPolygon>()
    found.forEach((result, set) => {
      // what does not change comes back as the same object
      const before = new Set(sets[set]!)
      for (const part of result.apply(kinds)) if (!before.has(part)) changed.set(Number(part.key), part.geometry)
    })
    return changed
  }
  return { findings, shapes }
}
