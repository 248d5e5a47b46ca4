import { type Basemap, type GroundData, groundFile } from './basemap'

interface Topology {
  type: 'Topology'
  arcs: number[][][]
  transform?: { scale: [number, number]; translate: [number, number] }
  objects: Record<string, TopoGeometry>
}

type TopoGeometry =
  | { type: 'GeometryCollection'; geometries: TopoGeometry[] }
  | { type: 'Polygon'; arcs: number[][]; properties?: GeoJSON.GeoJsonProperties }
  | { type: 'MultiPolygon'; arcs: number[][][]; properties?: GeoJSON.GeoJsonProperties }

/**
 * Reads the file of a ground. Null when it has none.
 * @throws Error when the file cannot be read; the map then shows a bare sheet and says so.
 */
export async function readGround(basemap: Basemap): Promise<GroundData | null> {
  const file = groundFile(basemap)
  if (!file) return null
  const response = await fetch(`${import.meta.env.BASE_URL}${file}`)
  if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`)
  const content = (await response.json()) as Topology | GroundData
  return isTopology(content) ? fromTopology(content) : content
}

const isTopology = (content: Topology | GroundData): content is Topology =>
  (content as { type?: unknown }).type === 'Topology'

/**
 * The areas of a TopoJSON file. Only what a ground needs; the editor's topology lives in src/geo, which the ground
 * rooms do not import.
 */
export function fromTopology(topology: Topology): GroundData {
  const arcs = topology.arcs.map((arc) => unpack(arc, topology.transform))
  const ring = (indices: number[]): GeoJSON.Position[] => {
    const positions: GeoJSON.Position[] = []
    for (const index of indices) {
      const arc = index < 0 ? [...(arcs[~index] ?? [])].reverse() : (arcs[index] ?? [])
      positions.push(...(positions.length ? arc.slice(1) : arc))
    }
    return positions
  }
  const features = (geometry: TopoGeometry): GeoJSON.Feature[] => {
    if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(features)
    const properties = geometry.properties ?? {}
    if (geometry.type === 'Polygon') {
      return [{ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: geometry.arcs.map(ring) } }]
    }
    if (geometry.type !== 'MultiPolygon') return []
    const coordinates = geometry.arcs.map((polygon) => polygon.map(ring))
    return [{ type: 'Feature', properties, geometry: { type: 'MultiPolygon', coordinates } }]
  }
  return Object.fromEntries(
    Object.entries(topology.objects).map(([name, object]) => [
      name,
      { type: 'FeatureCollection' as const, features: features(object) },
    ]),
  )
}

// With a transform the positions are steps on a whole-number lattice.
function unpack(arc: number[][], transform: Topology['transform']): GeoJSON.Position[] {
  if (!transform) return arc
  const { scale, translate } = transform
  let x = 0
  let y = 0
  return arc.map(([dx = 0, dy = 0]) => {
    x += dx
    y += dy
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]]
  })
}
