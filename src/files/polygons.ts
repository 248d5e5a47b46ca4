import type { MultiPolygon, Polygon } from 'geojson'
import type { FileIssue, FileIssueCode } from './fileIssue'
import { MAX_VERTICES, type RawFeature, type RawGeometry } from './rawFeature'

type Ring = [number, number][]

/** A polygon whose numbers are known to be numbers, still in the units of the file. */
export interface CheckedPolygon {
  id: number
  polygons: Ring[][]
  multi: boolean
  properties: Record<string, unknown>
}

/** What is wrong with one geometry, in both languages; the caller adds which one it is. */
type Fault = [code: FileIssueCode, message: string, messageEn: string]

const KINDS: Record<string, string> = {
  Point: '点',
  MultiPoint: '多点',
  LineString: '线',
  MultiLineString: '多线',
  GeometryCollection: '几何集合',
  MultiPatch: '三维面片',
}

/**
 * Keeps the polygons and says of everything else, one by one, why it is left out. Heights are dropped and unclosed
 * rings closed, and both are said; nothing else is changed.
 */
export function checkPolygons(features: readonly RawFeature[]): { kept: CheckedPolygon[]; warnings: FileIssue[] } {
  const kept: CheckedPolygon[] = []
  const warnings: FileIssue[] = []
  let flattened = 0
  features.forEach((feature, id) => {
    const remark = ([code, message, messageEn]: Fault, leftOut: boolean) =>
      warnings.push({
        code,
        message: `第 ${id + 1} 个要素${message}`,
        messageEn: `Feature ${id + 1} ${messageEn}`,
        feature: id,
        ...(leftOut ? { leftOut } : {}),
      })
    const checked = check(feature)
    if (Array.isArray(checked)) {
      remark(checked, true)
      return
    }
    for (const fault of checked.remarks) remark(fault, false)
    if (checked.flattened) flattened++
    kept.push({ id, polygons: checked.polygons, multi: checked.multi, properties: feature.properties })
  })
  if (flattened > 0) {
    warnings.push({
      code: 'EXTRA_DIMENSIONS',
      message: `${flattened} 个要素带高程或测量值（Z/M），已舍去，只用平面坐标`,
      messageEn: `${flattened} features carry heights or measures (Z/M): dropped, only the plane is used`,
    })
  }
  return { kept, warnings }
}

interface Checked {
  polygons: Ring[][]
  multi: boolean
  flattened: boolean
  remarks: Fault[]
}

function check(feature: RawFeature): Checked | Fault {
  if (feature.deleted) return ['DELETED_RECORD', '在属性表里已标记删除，未读入', 'is marked as deleted: left out']
  const geometry = feature.geometry
  if (!geometry) return ['NULL_GEOMETRY', '没有图形，未读入', 'has no geometry: left out']
  if (geometry.tooMany) return tooMany(geometry.tooMany)
  const parts = polygonParts(geometry)
  if (!parts) {
    const kind = KINDS[geometry.type] ?? geometry.type
    return ['NOT_A_POLYGON', `是${kind}，不是面，未读入`, `is a ${geometry.type}, not a polygon: left out`]
  }
  const done: Checked = {
    polygons: [],
    multi: geometry.type !== 'Polygon',
    flattened: Boolean(geometry.flattened),
    remarks: [],
  }
  const vertices = parts.flat().reduce((sum: number, ring) => sum + (Array.isArray(ring) ? ring.length : 0), 0)
  if (vertices > MAX_VERTICES) return tooMany(vertices)
  let opened = false
  for (const part of parts) {
    const rings: Ring[] = []
    for (const raw of part) {
      const ring = checkRing(raw, done)
      if (!Array.isArray(ring) || typeof ring[0] === 'string') return ring as Fault
      if (close(ring as Ring)) opened = true
      rings.push(ring as Ring)
    }
    if (rings.length > 0) done.polygons.push(rings)
  }
  if (done.polygons.length === 0) return ['NULL_GEOMETRY', '的图形是空的，未读入', 'has an empty geometry: left out']
  if (opened) done.remarks.push(['UNCLOSED_RING', '的边界首尾不相接，已补上终点', 'has an unclosed ring: closed'])
  if (geometry.orphanHoles) {
    const n = geometry.orphanHoles
    const words = `有 ${n} 个洞不在任何外环之内，已当作外环，请核对`
    done.remarks.push(['ORPHAN_HOLE', words, `has ${n} holes outside any outline: taken as outlines`])
  }
  return done
}

function tooMany(vertices: number): Fault {
  const limit = MAX_VERTICES
  return [
    'TOO_MANY_VERTICES',
    `有 ${vertices} 个节点，上限 ${limit}，未读入，请先简化`,
    `has ${vertices} vertices, limit ${limit}: left out, simplify it first`,
  ]
}

/** Polygons as lists of rings; null when this is something else. A collection counts when all its members are polygons. */
function polygonParts(geometry: RawGeometry): unknown[][] | null {
  const lists = (value: unknown) => Array.isArray(value) && value.every(Array.isArray)
  if (geometry.type === 'Polygon') return lists(geometry.coordinates) ? [geometry.coordinates as unknown[]] : null
  if (geometry.type === 'MultiPolygon')
    return lists(geometry.coordinates) ? (geometry.coordinates as unknown[][]) : null
  if (geometry.type !== 'GeometryCollection' || !Array.isArray(geometry.geometries)) return null
  const all: unknown[][] = []
  for (const member of geometry.geometries as RawGeometry[]) {
    if (member?.type !== 'Polygon' && member?.type !== 'MultiPolygon') return null
    const parts = polygonParts(member)
    if (!parts) return null
    all.push(...parts)
  }
  return all.length > 0 ? all : null
}

function checkRing(raw: unknown, done: Checked): Ring | Fault {
  if (!Array.isArray(raw)) return ['INVALID_RING', '的边界不是坐标串，未读入', 'has a ring that is no list: left out']
  const ring: Ring = []
  for (const point of raw) {
    if (!Array.isArray(point) || !Number.isFinite(point[0]) || !Number.isFinite(point[1])) {
      const at = ring.length + 1
      const words = `的第 ${at} 个节点坐标不是数字（${show(point)}），未读入`
      return ['INVALID_COORDINATE', words, `has no number at vertex ${at} (${show(point)}): left out`]
    }
    if (point.length > 2 && point[2] !== 0) done.flattened = true
    ring.push([point[0] as number, point[1] as number])
  }
  const different = new Set(ring.map((p) => `${p[0]},${p[1]}`)).size
  if (different < 3) {
    const words = `的边界只有 ${different} 个不同的节点，围不成面，未读入`
    return ['INVALID_RING', words, `has a ring of ${different} different vertices, no area: left out`]
  }
  return ring
}

function show(point: unknown): string {
  return Array.isArray(point) ? point.slice(0, 2).map(String).join(', ') : String(point).slice(0, 20)
}

/** Adds the first point at the end when it is missing; says whether it was. */
function close(ring: Ring): boolean {
  const first = ring[0]!
  const last = ring[ring.length - 1]!
  if (first[0] === last[0] && first[1] === last[1]) return false
  ring.push([first[0], first[1]])
  return true
}

/** [minX, minY, maxX, maxY] over all polygons, in their own units; all NaN when any number is none. */
export function extentOf(polygons: readonly CheckedPolygon[]): [number, number, number, number] {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const ring of polygons.flatMap((p) => p.polygons.flat())) {
    for (const [x, y] of ring) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN, Number.NaN, Number.NaN]
      if (x < w) w = x
      if (x > e) e = x
      if (y < s) s = y
      if (y > n) n = y
    }
  }
  return [w, s, e, n]
}

/** The same polygon with every position sent through `move`, rounded to 9 decimals (0.1 mm). */
export function movePolygon(polygon: CheckedPolygon, move: (x: number, y: number) => [number, number]): CheckedPolygon {
  const round = (v: number) => Math.round(v * 1e9) / 1e9
  const rings = (list: Ring[]) =>
    list.map((ring) =>
      ring.map(([x, y]): [number, number] => {
        const [lon, lat] = move(x, y)
        return [round(lon), round(lat)]
      }),
    )
  return { ...polygon, polygons: polygon.polygons.map(rings) }
}

export function geometryOf({ polygons, multi }: CheckedPolygon): Polygon | MultiPolygon {
  return multi || polygons.length > 1
    ? { type: 'MultiPolygon', coordinates: polygons }
    : { type: 'Polygon', coordinates: polygons[0]! }
}
