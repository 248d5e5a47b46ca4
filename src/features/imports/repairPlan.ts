import type { MultiPolygon, Polygon } from 'geojson'
import type { GridDraft } from './gridDraft'

/** Mending of borders that nearly fit (边界修补): what is proposed, and which polygons are asked about together. Pure. */
export const REPAIR_KINDS = ['t_junction', 'near_border', 'sliver_overlap', 'sliver_gap'] as const
export type RepairKind = (typeof REPAIR_KINDS)[number]

/** One place where borders nearly fit. `moved_m`: how far a vertex would move at most; `area_m2`: the ground at stake. */
export interface Finding {
  kind: RepairKind
  /** Indexes of the features that meet there. */
  rows: number[]
  /** [lon, lat], EPSG:4326 */
  at: [number, number]
  moved_m: number
  area_m2: number
}

export interface RepairPart {
  key: string
  geometry: Polygon | MultiPolygon
}

/** The state of the proposal within an import. */
export interface Repair {
  findings: Finding[]
  /** Kinds that the person has taken; empty: left as it was; null: not decided yet. */
  accepted: RepairKind[] | null
  /** The outlines after the mending, by index of the feature; only those that changed. */
  shapes: ReadonlyMap<number, Polygon | MultiPolygon>
}

/**
 * Polygons that tile: those of one level, as a township overlaps each of its villages and has every right to. The level
 * is the number of parents within the file. Units do not tile.
 */
export function tilingParts(drafts: readonly GridDraft[], excluded: ReadonlySet<number>): RepairPart[][] {
  const byCode = new Map(drafts.map((draft) => [draft.code, draft]))
  const depth = (draft: GridDraft): number => {
    let steps = 0
    for (let at = byCode.get(draft.parentCode ?? ''); at && steps < 20; at = byCode.get(at.parentCode ?? '')) steps++
    return steps
  }
  const levels = new Map<number, RepairPart[]>()
  for (const draft of drafts) {
    if (!draft.boundary || draft.kind !== 'area' || excluded.has(draft.index)) continue
    const level = depth(draft)
    const parts = levels.get(level) ?? []
    parts.push({ key: String(draft.index), geometry: draft.boundary })
    levels.set(level, parts)
  }
  return [...levels.values()].filter((parts) => parts.length > 1)
}

export interface KindCount {
  kind: RepairKind
  count: number
  /** The farthest that anything moves, and the ground at stake altogether. */
  most_m: number
  area_m2: number
}

/** What is proposed, by kind, without the kinds that nothing was found of. */
export function countKinds(findings: readonly Finding[]): KindCount[] {
  return REPAIR_KINDS.map((kind) => {
    const own = findings.filter((finding) => finding.kind === kind)
    return {
      kind,
      count: own.length,
      most_m: own.reduce((most, { moved_m }) => Math.max(most, moved_m), 0),
      area_m2: own.reduce((sum, { area_m2 }) => sum + area_m2, 0),
    }
  }).filter(({ count }) => count > 0)
}

/** The drafts with the outlines that were mended; the others are the same objects. */
export function withRepair(drafts: GridDraft[], repair: Repair | null): GridDraft[] {
  if (!repair?.shapes.size) return drafts
  return drafts.map((draft) => {
    const boundary = repair.shapes.get(draft.index)
    return boundary ? { ...draft, boundary } : draft
  })
}
