/** What nobody looks after (盲区): ground no grid covers, enterprises no grid claims, grids with too few people or no patrol. Pure. */
import { contains } from '../../geo/contains'
import { labelPoint } from '../../geo/labelPoint'

/** A gap lies in `grid`, whose children leave it open; geometry in EPSG:4326. */
export interface GapProperties {
  grid_id: number
  grid_code: string
  grid_name: string
  area_m2: number
}

export type GapFeature = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, GapProperties>

export interface UnclaimedEnterprise {
  id: string
  name: string
  lon: number
  lat: number
  sector: string | null
  /** The grid whose gap it lies in; null outside of everything. */
  grid_code: string | null
}

export interface UnderstaffedGrid {
  grid_id: number
  code: string
  name: string
  level: number
  leaders: number
  /** Everyone in it, the leader included. */
  members: number
  needed: number
  missing: 'leader' | 'members'
  lon: number | null
  lat: number | null
}

/** Nobody patrolled in the last two finished periods of a duty, nor since. */
export interface UnpatrolledGrid {
  grid_id: number
  code: string
  name: string
  level: number
  /** How many finished periods there is no patrol by now. */
  periods: number
  per: 'week' | 'half_month' | 'month' | 'quarter' | 'half_year' | 'year'
  /** Day of the last patrol (YYYY-MM-DD); null: none ever. */
  last: string | null
  lon: number | null
  lat: number | null
}

/** What `blind_spots` answers. */
export interface BlindSpots {
  status: 'ok'
  gaps: GeoJSON.FeatureCollection<GapFeature['geometry'], GapProperties>
  unclaimed_enterprises: UnclaimedEnterprise[]
  understaffed: UnderstaffedGrid[]
  unpatrolled: UnpatrolledGrid[]
}

export const KINDS = ['gap', 'unclaimed', 'staff', 'patrol'] as const
export type BlindSpotKind = (typeof KINDS)[number]

interface Spot {
  /** `<kind>:<what it is>`; the same spot keeps its key when it is asked for again. */
  key: string
  kind: BlindSpotKind
  /** [lon, lat], where its mark stands; null when nobody knows. */
  at: [number, number] | null
}
export interface GapSpot extends Spot, GapProperties {
  kind: 'gap'
  at: [number, number]
  geometry: GapFeature['geometry']
}
export interface UnclaimedSpot extends Spot, UnclaimedEnterprise {
  kind: 'unclaimed'
  at: [number, number]
  /** The gap it lies in; null when it lies outside of everything, or in one too small to be listed. */
  gap: GapSpot | null
}
export interface StaffSpot extends Spot, UnderstaffedGrid {
  kind: 'staff'
}
export interface PatrolSpot extends Spot, UnpatrolledGrid {
  kind: 'patrol'
}
export type BlindSpot = GapSpot | UnclaimedSpot | StaffSpot | PatrolSpot
export type SpotLists = { gap: GapSpot[]; unclaimed: UnclaimedSpot[]; staff: StaffSpot[]; patrol: PatrolSpot[] }

export const NO_SPOTS: SpotLists = { gap: [], unclaimed: [], staff: [], patrol: [] }

const place = ([lon, lat]: readonly [number, number]): [number, number] => [
  Math.round(lon * 1e6) / 1e6,
  Math.round(lat * 1e6) / 1e6,
]

const placeOf = ({ lon, lat }: { lon: number | null; lat: number | null }): [number, number] | null =>
  lon === null || lat === null ? null : [lon, lat]

/** The answer as lists: the largest gap first, who lacks a leader before who lacks members, the longest unpatrolled first. */
export function spotsOf(answer: BlindSpots): SpotLists {
  const gap = answer.gaps.features
    .map(({ geometry, properties }): GapSpot => {
      const at = place(labelPoint(geometry))
      return { ...properties, kind: 'gap', key: `gap:${properties.grid_code}@${at.join()}`, at, geometry }
    })
    .sort((a, b) => b.area_m2 - a.area_m2)
  const unclaimed = answer.unclaimed_enterprises.map((enterprise): UnclaimedSpot => {
    const at: [number, number] = [enterprise.lon, enterprise.lat]
    const around = gap.filter((spot) => contains(spot.geometry, at))
    // the innermost: a township's gap lies inside none of its county's, but an imported county may hold both
    const inside = around.sort((a, b) => a.area_m2 - b.area_m2)[0] ?? null
    return { ...enterprise, kind: 'unclaimed', key: `unclaimed:${enterprise.id}`, at, gap: inside }
  })
  const rank = (grid: UnderstaffedGrid) => (grid.missing === 'leader' ? 0 : 1)
  const staff = answer.understaffed
    .map(
      (grid): StaffSpot => ({
        ...grid,
        kind: 'staff',
        key: `staff:${grid.grid_id}`,
        at: placeOf(grid),
      }),
    )
    .sort((a, b) => rank(a) - rank(b) || a.level - b.level || (a.code < b.code ? -1 : 1))
  const patrol = answer.unpatrolled
    .map((grid): PatrolSpot => ({ ...grid, kind: 'patrol', key: `patrol:${grid.grid_id}`, at: placeOf(grid) }))
    .sort((a, b) => b.periods - a.periods || (a.code < b.code ? -1 : 1))
  return { gap, unclaimed, staff, patrol }
}

/**
 * The spots of a part of the county. Enterprises belong to no grid, so outside the whole they count only where they
 * lie in a gap of the part.
 * @param grids ids of the part's grids; null for the whole scope
 */
export function spotsWithin(lists: SpotLists, grids: ReadonlySet<number> | null): SpotLists {
  if (grids === null) return lists
  return {
    gap: lists.gap.filter((spot) => grids.has(spot.grid_id)),
    unclaimed: lists.unclaimed.filter((spot) => spot.gap !== null && grids.has(spot.gap.grid_id)),
    staff: lists.staff.filter((spot) => grids.has(spot.grid_id)),
    patrol: lists.patrol.filter((spot) => grids.has(spot.grid_id)),
  }
}

/**
 * Where a spot is mended: the editor with the gap at hand, the editor of the grid around an enterprise, or the people
 * of a grid, who also answer for its patrols.
 * @param rootCode code of the topmost grid, for enterprises outside of everything; null when there is none
 */
export function mendOf(
  spot: BlindSpot,
  rootCode: string | null,
): { path: string; query?: Record<string, string> } | null {
  if (spot.kind === 'gap') return { path: `/boundaries/${spot.grid_code}`, query: { gap: spot.at.join() } }
  if (spot.kind === 'staff' || spot.kind === 'patrol') return { path: `/people/${spot.code}` }
  if (spot.gap) return mendOf(spot.gap, rootCode)
  const around = spot.grid_code ?? rootCode
  return around === null ? null : { path: `/boundaries/${around}`, query: { at: spot.at.join() } }
}
