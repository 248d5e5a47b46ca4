import { type Zippable, zipSync } from 'fflate'
import { encodeGbk, encodeUtf8 } from './gbk'

type Ring = [number, number][]

export interface Shape {
  /** Rings as they go into the file: the caller winds them. null writes a null shape. */
  rings: Ring[] | null
  values: (string | number | null)[]
}

export interface Column {
  name: string
  type: 'C' | 'N' | 'D' | 'L'
  length: number
}

export interface ShapefileOptions {
  encode?: (text: string) => Uint8Array
  /** Adds a Z to every vertex (shape type 15). */
  z?: boolean
}

/** The .shp alone (ESRI Shapefile Technical Description, 1998). */
export function makeShp(shapes: readonly (Ring[] | null)[], { z = false }: ShapefileOptions = {}): Uint8Array {
  const type = z ? 15 : 5
  const records = shapes.map((rings) => (rings ? polygonRecord(rings, type) : nullRecord()))
  const size = 100 + records.reduce((sum, r) => sum + 8 + r.length, 0)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  const box = extent(shapes.flatMap((rings) => rings ?? []))
  header(view, size, type, box)
  let at = 100
  records.forEach((record, i) => {
    view.setInt32(at, i + 1)
    view.setInt32(at + 4, record.length / 2)
    bytes.set(record, at + 8)
    at += 8 + record.length
  })
  return bytes
}

/** A .shp of points, for what must be refused. */
export function makePointShp(points: [number, number][]): Uint8Array {
  const bytes = new Uint8Array(100 + points.length * 28)
  const view = new DataView(bytes.buffer)
  header(view, bytes.length, 1, extent([points]))
  points.forEach(([x, y], i) => {
    const at = 100 + i * 28
    view.setInt32(at, i + 1)
    view.setInt32(at + 4, 10)
    view.setInt32(at + 8, 1, true)
    view.setFloat64(at + 12, x, true)
    view.setFloat64(at + 20, y, true)
  })
  return bytes
}

function header(view: DataView, size: number, type: number, box: number[]): void {
  view.setInt32(0, 9994)
  view.setInt32(24, size / 2)
  view.setInt32(28, 1000, true)
  view.setInt32(32, type, true)
  for (const [i, value] of box.entries()) view.setFloat64(36 + i * 8, value, true)
}

function extent(rings: Ring[]): number[] {
  const xs = rings.flat().map((p) => p[0])
  const ys = rings.flat().map((p) => p[1])
  const low = (v: number[]) => v.reduce((a, b) => Math.min(a, b), Infinity)
  const high = (v: number[]) => v.reduce((a, b) => Math.max(a, b), -Infinity)
  return xs.length > 0 ? [low(xs), low(ys), high(xs), high(ys)] : [0, 0, 0, 0]
}

function nullRecord(): Uint8Array {
  return new Uint8Array(4)
}

function polygonRecord(rings: Ring[], type: number): Uint8Array {
  const points = rings.flat()
  const plain = 44 + rings.length * 4 + points.length * 16
  const bytes = new Uint8Array(plain + (type === 15 ? 16 + points.length * 8 : 0))
  const view = new DataView(bytes.buffer)
  view.setInt32(0, type, true)
  for (const [i, value] of extent(rings).entries()) view.setFloat64(4 + i * 8, value, true)
  view.setInt32(36, rings.length, true)
  view.setInt32(40, points.length, true)
  let first = 0
  rings.forEach((ring, i) => {
    view.setInt32(44 + i * 4, first, true)
    first += ring.length
  })
  points.forEach(([x, y], i) => {
    view.setFloat64(44 + rings.length * 4 + i * 16, x, true)
    view.setFloat64(52 + rings.length * 4 + i * 16, y, true)
  })
  if (type === 15) for (const i of points.keys()) view.setFloat64(plain + 16 + i * 8, 12.5, true)
  return bytes
}

/** The .dbf (dBASE III+). Text longer than its field is cut in the middle of a character, as real writers do. */
export function makeDbf(columns: readonly Column[], rows: Shape['values'][], encode = encodeGbk): Uint8Array {
  const headerLength = 33 + columns.length * 32
  const recordLength = 1 + columns.reduce((sum, c) => sum + c.length, 0)
  const bytes = new Uint8Array(headerLength + rows.length * recordLength + 1).fill(0x20, headerLength)
  const view = new DataView(bytes.buffer)
  bytes[0] = 3
  view.setUint32(4, rows.length, true)
  view.setUint16(8, headerLength, true)
  view.setUint16(10, recordLength, true)
  columns.forEach((column, i) => {
    const at = 32 + i * 32
    bytes.set(encode(column.name).subarray(0, 10), at)
    bytes[at + 11] = column.type.charCodeAt(0)
    bytes[at + 16] = column.length
  })
  bytes[headerLength - 1] = 0x0d
  rows.forEach((row, r) => {
    let at = headerLength + r * recordLength + 1
    columns.forEach((column, c) => {
      const value = row[c]
      if (value !== null && value !== undefined) {
        const raw = encode(String(value)).subarray(0, column.length)
        bytes.set(raw, column.type === 'N' ? at + column.length - raw.length : at)
      }
      at += column.length
    })
  })
  bytes[bytes.length - 1] = 0x1a
  return bytes
}

export interface LayerFiles {
  name: string
  columns: readonly Column[]
  shapes: readonly Shape[]
  prj?: string
  cpg?: string
  options?: ShapefileOptions
}

/** The files of a layer by name, ready for `zip`. */
export function layerFiles(layer: LayerFiles): Record<string, Uint8Array> {
  const encode = layer.options?.encode ?? encodeGbk
  const files: Record<string, Uint8Array> = {
    [`${layer.name}.shp`]: makeShp(
      layer.shapes.map((s) => s.rings),
      layer.options,
    ),
    [`${layer.name}.dbf`]: makeDbf(
      layer.columns,
      layer.shapes.map((s) => s.values),
      encode,
    ),
  }
  if (layer.prj !== undefined) files[`${layer.name}.prj`] = encodeUtf8(layer.prj)
  if (layer.cpg !== undefined) files[`${layer.name}.cpg`] = encodeUtf8(layer.cpg)
  return files
}

/**
 * A zip of the files. With `gbkNames` the names are written as Chinese Windows writes them: GBK bytes and no UTF-8 mark.
 */
export function zip(files: Zippable, { gbkNames = false } = {}): Uint8Array {
  if (!gbkNames) return zipSync(files)
  // fflate writes UTF-8 names: give it ASCII names of the same byte length, then put the GBK bytes in their place.
  const renamed: Zippable = {}
  const places: [Uint8Array, Uint8Array][] = []
  Object.entries(files).forEach(([name, data], i) => {
    const gbk = encodeGbk(name)
    const stand = `~${i}`.padEnd(gbk.length, '~')
    renamed[stand] = data
    places.push([encodeUtf8(stand), gbk])
  })
  const bytes = zipSync(renamed)
  for (const [stand, gbk] of places) replaceAll(bytes, stand, gbk)
  return bytes
}

function replaceAll(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): void {
  for (let at = 0; at + from.length <= bytes.length; at++) {
    if (from.every((byte, i) => bytes[at + i] === byte)) bytes.set(to, at)
  }
}
