/** One thing under the pointer. `id` is the feature's number (grids) or its `id` property (points: a uuid). */
export interface Hit {
  layer: string
  source: string
  id: string | number | undefined
  properties: Record<string, unknown>
  /** [lon, lat] as drawn, for points. */
  position?: [number, number] | undefined
}

interface Found {
  layer: { id: string }
  source: string
  id?: string | number | undefined
  properties: Record<string, unknown> | null
  geometry: GeoJSON.Geometry
}

/** A feature lies in every tile it touches; here it counts once, the topmost first. */
export function unique(found: readonly Found[]): Hit[] {
  const seen = new Map<string, Hit>()
  for (const feature of found) {
    const properties = feature.properties ?? {}
    const id = (properties.cluster ? undefined : (properties.id as string | number | undefined)) ?? feature.id
    const key = `${feature.source}/${properties.cluster ? 'cluster' : ''}${id}`
    if (seen.has(key)) continue
    const position = feature.geometry.type === 'Point' ? (feature.geometry.coordinates as [number, number]) : undefined
    seen.set(key, { layer: feature.layer.id, source: feature.source, id, properties, position })
  }
  return [...seen.values()]
}

/**
 * Orders hits by their distance to the pointer and leaves out those that are clearly apart from the nearest one
 * (more than 6 pixels farther), so that only what really lies on top of each other asks for a choice.
 */
export function nearest(
  hits: readonly Hit[],
  project: (position: [number, number]) => { x: number; y: number },
  pointer: { x: number; y: number },
): Hit[] {
  const far = (hit: Hit): number => {
    if (!hit.position) return Number.POSITIVE_INFINITY
    const { x, y } = project(hit.position)
    return Math.hypot(x - pointer.x, y - pointer.y)
  }
  const measured = hits.map((hit) => ({ hit, distance: far(hit) })).sort((a, b) => a.distance - b.distance)
  const first = measured[0]
  return first ? measured.filter((m) => m.distance - first.distance <= 6).map((m) => m.hit) : []
}
