/** A grid (网格) as the map knows it. Ids are the database's; level 1 is the root (county), 2 township, 3 village. */
export interface GridProperties {
  id: number
  code: string
  name: string
  level: number
  kind: 'area' | 'unit' | 'department'
  parent_id: number | null
  version: number
  leader: string | null
  /** [lon, lat], WGS84 */
  center: [number, number] | null
}

/** Geometry is MultiPolygon or Polygon in WGS84, a Point for a unit grid, null for a department. */
export type GridFeature = GeoJSON.Feature<GeoJSON.Geometry | null, GridProperties> & { id: number }

export interface GridRef {
  id: number
  code: string
  name: string
  level?: number
}

export interface GridPerson {
  user_id: string
  name: string
  title: string | null
  phone: string | null
  position: 'leader' | 'deputy' | 'member' | 'duty'
}

/** What `grid_card` answers. */
export interface GridCardData {
  id: number
  code: string
  name: string
  level: number
  kind: GridProperties['kind']
  version: number
  area_m2: number | null
  population: number | null
  breadcrumb: GridRef[]
  siblings: GridRef[]
  /** How many direct children. */
  children: number
  people: GridPerson[]
  responsible: { grid_id: number; name: string; level: number; people: GridPerson[] }[]
  counts: {
    enterprises: number
    red: number
    orange: number
    yellow: number
    blue: number
    unassessed: number
    hazards_open: number
    hazards_major: number
    hazards_overdue: number
    unclaimed: number
  }
  /** `index` is null for a grid that the asker does not see whole. */
  risk: { index: number | null; level: number }
  bbox: [number, number, number, number] | null
}

/** The tree of the grids that are loaded: parents, children, by id and by code. */
export interface GridTree {
  byId: ReadonlyMap<number, GridFeature>
  byCode: ReadonlyMap<string, GridFeature>
  children: ReadonlyMap<number | null, readonly GridFeature[]>
  /** Grids without a loaded parent; one, except for a scope of several places. */
  roots: readonly GridFeature[]
}

export function treeOf(features: readonly GridFeature[]): GridTree {
  const byId = new Map(features.map((feature) => [feature.id, feature]))
  const byCode = new Map(features.map((feature) => [feature.properties.code, feature]))
  const children = new Map<number | null, GridFeature[]>()
  const roots: GridFeature[] = []
  for (const feature of features) {
    const parent = feature.properties.parent_id
    if (parent === null || !byId.has(parent)) roots.push(feature)
    const list = children.get(parent)
    if (list) list.push(feature)
    else children.set(parent, [feature])
  }
  for (const list of children.values()) list.sort((a, b) => (a.properties.code < b.properties.code ? -1 : 1))
  return { byId, byCode, children, roots }
}

/** From the root down to the grid itself; empty when it is not loaded. */
export function lineage(tree: GridTree, id: number | null): GridFeature[] {
  const line: GridFeature[] = []
  const seen = new Set<number>()
  for (let at = id; at !== null && !seen.has(at); ) {
    const feature = tree.byId.get(at)
    if (!feature) break
    seen.add(at)
    line.unshift(feature)
    at = feature.properties.parent_id
  }
  return line
}

/** The ids of the grid and of everything below it. */
export function subtreeIds(tree: GridTree, id: number): Set<number> {
  const ids = new Set([id])
  const queue = [id]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const child of tree.children.get(at) ?? []) {
      if (ids.has(child.id)) continue
      ids.add(child.id)
      queue.push(child.id)
    }
  }
  return ids
}

/** The short name for a label: 盘山村村民委员会 → 盘山村; the suffix says nothing on a map of villages. */
export function shortName(name: string): string {
  const short = name.replace(/(村民委员会|居民委员会|村委会|居委会)$/u, '')
  if (short.length < 2) return name
  return short
}

/** Half the square root of the mean area is no use on a screen: the typical width of a grid in metres. */
export function typicalWidth(features: readonly GridFeature[], box: (feature: GridFeature) => number[] | undefined) {
  const widths = features.flatMap((feature) => {
    const [west, south, east, north] = box(feature) ?? []
    if (west === undefined || south === undefined || east === undefined || north === undefined) return []
    const metresPerDegree = 111_320
    const dx = (east - west) * metresPerDegree * Math.cos((((south + north) / 2) * Math.PI) / 180)
    return [Math.sqrt(dx * (north - south) * metresPerDegree)]
  })
  widths.sort((a, b) => a - b)
  return widths[Math.floor(widths.length / 2)]
}
