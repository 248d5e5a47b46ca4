import { FileRefusal } from './fileIssue'
import { columnsOf, type GridLayer } from './gridLayer'
import type { RawFeature, RawGeometry } from './rawFeature'

type Json = Record<string, unknown>
type Point = [number, number]

/**
 * TopoJSON: borders are stored once as arcs, and polygons name the arcs they are made of (`~i` runs backwards).
 * Specification: github.com/topojson/topojson-specification. Each of `objects` is a layer; the one with the most
 * geometries is read unless `layer` names another.
 *
 * @throws FileRefusal BROKEN_FILE, NO_LAYER
 */
export function readTopology(topology: Json, layer?: string): Omit<GridLayer, 'encoding' | 'warnings'> {
  const objects = (topology.objects ?? {}) as Record<string, Json>
  const layers = Object.keys(objects)
  const size = (name: string) => (Array.isArray(objects[name]?.geometries) ? objects[name].geometries.length : 1)
  const chosen = layer && layers.includes(layer) ? layer : layers.toSorted((a, b) => size(b) - size(a))[0]
  if (chosen === undefined) {
    throw new FileRefusal('NO_LAYER', 'TopoJSON 里没有图层（objects 为空）', 'The TopoJSON has no objects')
  }
  try {
    const arcs = decodeArcs(topology)
    const object = objects[chosen]!
    const members = object.type === 'GeometryCollection' ? (object.geometries as Json[]) : [object]
    const features = members.map((member) => featureOf(member, arcs))
    return { format: 'topojson', layers, layer: chosen, features, columns: columnsOf(features) }
  } catch {
    throw new FileRefusal('BROKEN_FILE', 'TopoJSON 的弧段编号有误', 'The TopoJSON refers to arcs it does not have')
  }
}

/** Quantised arcs are differences on an integer grid; plain ones are positions. */
function decodeArcs(topology: Json): Point[][] {
  const transform = topology.transform as { scale: Point; translate: Point } | undefined
  return (topology.arcs as Point[][]).map((arc) => {
    if (!transform) return arc.map(([x, y]) => [x, y] as Point)
    let x = 0
    let y = 0
    return arc.map(([dx, dy]): Point => {
      x += dx
      y += dy
      return [x * transform.scale[0] + transform.translate[0], y * transform.scale[1] + transform.translate[1]]
    })
  })
}

function featureOf(object: Json, arcs: Point[][]): RawFeature {
  const properties = { ...(object.properties as Json | null) }
  const id = object.id
  if ((typeof id === 'string' || typeof id === 'number') && !('id' in properties)) properties.id = id
  return { geometry: geometryOf(object, arcs), properties }
}

function geometryOf(object: Json, arcs: Point[][]): RawGeometry | null {
  const polygon = (rings: number[][]) => rings.map((ring) => stitch(ring, arcs))
  switch (object.type) {
    case 'Polygon':
      return { type: 'Polygon', coordinates: polygon(object.arcs as number[][]) }
    case 'MultiPolygon':
      return { type: 'MultiPolygon', coordinates: (object.arcs as number[][][]).map(polygon) }
    default:
      return typeof object.type === 'string' ? { type: object.type } : null
  }
}

/** Neighbouring arcs share their end point, which is kept once. */
function stitch(ring: number[], arcs: Point[][]): Point[] {
  const points: Point[] = []
  for (const index of ring) {
    const arc = arcs[index < 0 ? ~index : index]
    if (!arc) throw new RangeError('no such arc')
    const ordered = index < 0 ? arc.toReversed() : arc
    points.push(...(points.length > 0 ? ordered.slice(1) : ordered))
  }
  return points
}
