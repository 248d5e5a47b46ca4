import { type Basemap, type GroundData, groundFile } from './basemap'
import type { Box } from './camera'

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
 * Reads the file of a ground, or makes ready what its tiles need. Null when there is nothing to wait for.
 * @throws Error when the file cannot be read; the map then shows a bare sheet and says so.
 */
export async function readGround(basemap: Basemap): Promise<GroundData | null> {
  if (basemap.kind === 'pmtiles') {
    const { preparePmtiles } = await import('./pmtiles')
    preparePmtiles()
    return {}
  }
  const file = groundFile(basemap)
  if (!file) return null
  const response = await fetch(`${import.meta.env.BASE_URL}${file}`)
  if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`)
  const content = (await response.json()) as Topology | { layers: GroundData; bounds: Box }
  return 'layers' in content ? { ...content.layers, frame: frameOf(content.bounds) } : fromTopology(content)
}

const STEPS = 10

/** Rings that cover the edge of a drawn ground step by step, so that it fades out rather than being cut off. */
export function frameOf([west, south, east, north]: Box): GeoJSON.FeatureCollection {
  const ring = (by: number): GeoJSON.Position[] => [
    [west + by, south + by],
    [east - by, south + by],
    [east - by, north - by],
    [west + by, north - by],
    [west + by, south + by],
  ]
  const width = (east - west) * 0.09
  return {
    type: 'FeatureCollection',
    features: Array.from({ length: STEPS }, (_, step) => ({
      type: 'Feature',
      properties: { step },
      geometry: { type: 'Polygon', coordinates: [ring(-width), ring((width * (step + 1)) / STEPS).reverse()] },
    })),
  }
}

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
