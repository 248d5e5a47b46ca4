import { FileRefusal } from './fileIssue'
import { MAX_FEATURES, MAX_VERTICES, type RawGeometry } from './rawFeature'
import { groupRings } from './rings'

// Layout: ESRI Shapefile Technical Description, 1998. Lengths are in 16-bit words; big and little endian are mixed.
const HEADER = 100
const FILE_CODE = 9994
const TYPES: Record<number, string> = { 1: 'Point', 3: 'LineString', 5: 'Polygon', 8: 'MultiPoint', 31: 'MultiPatch' }

const broken = (why: string, whyEn: string) =>
  new FileRefusal('BROKEN_FILE', `.shp 文件不完整或已损坏：${why}`, `The .shp is truncated or damaged: ${whyEn}`)

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Kind of geometry by the header (`Polygon`, `LineString` …), or null when these bytes are no .shp. */
export function shpType(bytes: Uint8Array): string | null {
  if (bytes.length < HEADER || viewOf(bytes).getInt32(0) !== FILE_CODE) return null
  return TYPES[plainType(viewOf(bytes).getInt32(32, true))] ?? 'Null'
}

/** Polygon, PolygonZ (15) and PolygonM (25) are one kind; MultiPatch stays itself. */
function plainType(type: number): number {
  return type > 10 && type < 30 ? type % 10 : type
}

/**
 * Geometries of a .shp in its own units, x (east) first, Z and M dropped; null for null shapes.
 *
 * @throws FileRefusal BROKEN_FILE, TOO_MANY_FEATURES
 */
export function readShp(bytes: Uint8Array): (RawGeometry | null)[] {
  const view = viewOf(bytes)
  if (shpType(bytes) === null) throw broken('文件头不对', 'bad header')
  const shapes: (RawGeometry | null)[] = []
  // The header's length is what the writer meant; a file cut short shows in the records.
  const end = Math.min(bytes.length, view.getInt32(24) * 2)
  for (let at = HEADER; at + 8 <= end; ) {
    const length = view.getInt32(at + 4) * 2
    const from = at + 8
    if (length < 4 || from + length > bytes.length) {
      throw broken(`第 ${shapes.length + 1} 条记录读不全`, `record ${shapes.length + 1} is cut short`)
    }
    if (shapes.length >= MAX_FEATURES) {
      throw new FileRefusal(
        'TOO_MANY_FEATURES',
        `要素超过 ${MAX_FEATURES} 个，请分批导入`,
        `More than ${MAX_FEATURES} features: import them in parts`,
      )
    }
    shapes.push(readShape(new DataView(view.buffer, view.byteOffset + from, length), shapes.length + 1))
    at = from + length
  }
  if (view.getInt32(24) * 2 > bytes.length) throw broken('比文件头写的短', 'shorter than its header says')
  return shapes
}

function readShape(record: DataView, number: number): RawGeometry | null {
  const code = record.getInt32(0, true)
  if (code === 0) return null
  const type = TYPES[plainType(code)] ?? `${code}`
  if (type !== 'Polygon') return { type }
  if (record.byteLength < 44) throw broken(`第 ${number} 条记录读不全`, `record ${number} is cut short`)
  const parts = record.getInt32(36, true)
  const points = record.getInt32(40, true)
  const first = 44 + parts * 4
  if (parts < 0 || points < 0 || first + points * 16 > record.byteLength) {
    throw broken(`第 ${number} 条记录读不全`, `record ${number} is cut short`)
  }
  if (points > MAX_VERTICES) return { type, tooMany: points }
  if (parts === 0 || points === 0) return null
  const rings: [number, number][][] = []
  for (let part = 0; part < parts; part++) {
    const from = record.getInt32(44 + part * 4, true)
    const to = part + 1 < parts ? record.getInt32(48 + part * 4, true) : points
    if (from < 0 || to > points || from > to)
      throw broken(`第 ${number} 条记录的环越界`, `record ${number}: bad ring index`)
    const ring: [number, number][] = []
    for (let p = from; p < to; p++) {
      const offset = first + p * 16
      ring.push([record.getFloat64(offset, true), record.getFloat64(offset + 8, true)])
    }
    if (ring.length > 0) rings.push(ring)
  }
  const { polygons, orphanHoles } = groupRings(rings)
  const flattened = code !== 5
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0], flattened, orphanHoles }
    : { type: 'MultiPolygon', coordinates: polygons, flattened, orphanHoles }
}
