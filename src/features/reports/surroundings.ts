// What lies around a place, known without a network: the person's own grids, enterprises and open hazards, kept on the
// phone at the last visit. Pure.
import type { MultiPolygon, Polygon } from 'geojson'
import { contains } from '../../geo/contains'

export interface KnownGrid {
  id: number
  code: string
  name: string
  level: number
  parent_id: number | null
  leader: string | null
  center: [number, number] | null
  geometry: Polygon | MultiPolygon | null
}

/** Columns, as map_points answers them: a county has thousands. */
export interface KnownEnterprises {
  id: string[]
  lon: number[]
  lat: number[]
  sector: (number | null)[]
  name: string[]
}
export interface KnownHazards {
  id: string[]
  lon: number[]
  lat: number[]
  /** 1 major, 3 general */
  level: number[]
  status: string[]
  title: string[]
}

export interface Surroundings {
  grids: KnownGrid[]
  enterprises: KnownEnterprises
  hazards: KnownHazards
  /** Titles by sector id, the most frequent first. */
  titles: Record<number, string[]>
  /** Ids of categories by sector id, the most frequent first; absent in what was kept before there were any. */
  categories?: Record<number, number[]>
}

const METRES_A_DEGREE = 111_195

/** Metres between two places [lon, lat] (degrees, sphere of 6371 km, flat): right to a percent within a county. */
export function metresBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const east = (a[0] - b[0]) * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180)
  return Math.hypot(east, a[1] - b[1]) * METRES_A_DEGREE
}

/** The smallest known grid around a place; null outside all of them. Borders are as exact as they were kept. */
export function gridAround(known: readonly KnownGrid[], at: readonly [number, number]): KnownGrid | null {
  let found: KnownGrid | null = null
  for (const grid of known) {
    if (!grid.geometry || (found && grid.level <= found.level)) continue
    if (contains(grid.geometry, at)) found = grid
  }
  return found
}

/** From the root down to the grid, as far as it is known. */
export function trailOf(known: readonly KnownGrid[], grid: KnownGrid): KnownGrid[] {
  const trail: KnownGrid[] = []
  for (let next: KnownGrid | undefined = grid; next && !trail.includes(next); ) {
    trail.unshift(next)
    const parent: number | null = next.parent_id
    next = known.find(({ id }) => id === parent)
  }
  return trail
}

export interface NearEnterprise {
  id: string
  name: string
  sector: number | null
  distance_m: number
}

/** Enterprises within a distance (metres), the nearest first. */
export function enterprisesNear(
  known: KnownEnterprises,
  at: readonly [number, number],
  within: number,
  most: number,
): NearEnterprise[] {
  return near(known, at, within)
    .slice(0, most)
    .map(({ i, distance_m }) => ({
      id: known.id[i] ?? '',
      name: known.name[i] ?? '',
      sector: known.sector[i] ?? null,
      distance_m,
    }))
}

/** A hazard that may be the same one; as hazards_nearby answers it, as far as it is known here. */
export interface NearHazard {
  id: string
  title: string
  severity: 'general' | 'major'
  state: string
  distance_m: number
  found_at?: string
  code?: string
}

/** Open hazards within a distance (metres), the nearest first. */
export function hazardsNear(known: KnownHazards, at: readonly [number, number], within: number): NearHazard[] {
  return near(known, at, within).map(({ i, distance_m }) => ({
    id: known.id[i] ?? '',
    title: known.title[i] ?? '',
    severity: known.level[i] === 1 ? ('major' as const) : ('general' as const),
    state: known.status[i] ?? 'reported',
    distance_m,
  }))
}

function near(known: { lon: number[]; lat: number[] }, at: readonly [number, number], within: number) {
  const hits: { i: number; distance_m: number }[] = []
  for (let i = 0; i < known.lon.length; i++) {
    const distance_m = Math.round(metresBetween(at, [known.lon[i] ?? 0, known.lat[i] ?? 0]))
    if (distance_m <= within) hits.push({ i, distance_m })
  }
  return hits.sort((a, b) => a.distance_m - b.distance_m)
}

interface LedgerWords {
  title: string
  sector_id: number | null
  category_id: number | null
}

/** How the ledger calls things, by sector: titles counted, the most frequent first. */
export const titlesBySector = (rows: readonly LedgerWords[], most = 30): Record<number, string[]> =>
  bySector(rows, ({ title }) => title, most)

/** Which categories the ledger has, by sector: ids, the most frequent first. */
export const categoriesBySector = (rows: readonly LedgerWords[], most = 30): Record<number, number[]> =>
  bySector(rows, ({ category_id }) => category_id, most)

function bySector<Word extends string | number>(
  rows: readonly LedgerWords[],
  wordOf: (row: LedgerWords) => Word | null,
  most: number,
): Record<number, Word[]> {
  const counts = new Map<number, Map<Word, number>>()
  for (const row of rows) {
    const word = wordOf(row)
    if (row.sector_id === null || word === null) continue
    const words = counts.get(row.sector_id) ?? new Map<Word, number>()
    counts.set(row.sector_id, words.set(word, (words.get(word) ?? 0) + 1))
  }
  return Object.fromEntries(
    [...counts].map(([sector, words]) => [
      sector,
      [...words]
        .sort((a, b) => b[1] - a[1] || String(a[0]).localeCompare(String(b[0])))
        .slice(0, most)
        .map(([word]) => word),
    ]),
  )
}
