// A small world as tiles, made here because none can be fetched: one sea, one town. PNG, MVT and PMTiles.
import { deflateSync } from 'node:zlib'
import { GeoJSONVT } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'

/** A square of one colour. */
export function pngTile([red, green, blue]: [number, number, number], size = 256): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, Buffer.from([red, green, blue]))])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(Array<Buffer>(size).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

const sea = new GeoJSONVT(
  {
    type: 'Feature',
    properties: {},
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [-179, -80],
          [179, -80],
          [179, 80],
          [-179, 80],
          [-179, -80],
        ],
      ],
    },
  },
  { maxZoom: 14, tolerance: 0 },
)

/** A tile of the OpenMapTiles scheme: everything is water. */
export function vectorTile(z: number, x: number, y: number): Uint8Array | null {
  const water = sea.getTile(z, x, y)
  return water ? fromGeojsonVt({ water }, { version: 2, extent: 4096 }) : null
}

/** PMTiles version 3 (uncompressed) with zooms 0 to `maxZoom`; see the PMTiles specification. */
export function pmtilesArchive(maxZoom: number): Buffer {
  const entries: { id: number; offset: number; length: number }[] = []
  const tiles: Uint8Array[] = []
  let offset = 0
  let first = 0
  for (let z = 0; z <= maxZoom; z++) {
    for (let i = 0; i < 4 ** z; i++) {
      const [x, y] = onHilbert(z, i)
      const tile = vectorTile(z, x, y)
      if (!tile) continue
      entries.push({ id: first + i, offset, length: tile.length })
      tiles.push(tile)
      offset += tile.length
    }
    first += 4 ** z
  }
  const directory = Buffer.from([
    ...varint(entries.length),
    ...entries.flatMap(({ id }, i) => varint(id - (entries[i - 1]?.id ?? 0))),
    ...entries.flatMap(() => varint(1)),
    ...entries.flatMap(({ length }) => varint(length)),
    ...entries.flatMap((entry) => varint(entry.offset + 1)),
  ])
  const metadata = Buffer.from('{"vector_layers":[{"id":"water","fields":{}}]}')
  const header = Buffer.alloc(127)
  header.write('PMTiles', 0, 'latin1')
  header[7] = 3
  const longs = [127, directory.length, 127 + directory.length, metadata.length]
  const start = 127 + directory.length + metadata.length
  for (const [i, value] of [...longs, start, 0, start, offset, ...Array<number>(3).fill(entries.length)].entries())
    header.writeBigUInt64LE(BigInt(value), 8 + i * 8)
  // clustered, directories and tiles not compressed, vector tiles
  header.set([1, 1, 1, 1, 0, maxZoom], 96)
  for (const [i, degrees] of [-180, -85, 180, 85].entries()) header.writeInt32LE(degrees * 1e7, 102 + i * 4)
  return Buffer.concat([header, directory, metadata, ...tiles])
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}

/** Column and row of the i-th tile of a zoom on the Hilbert curve. */
function onHilbert(z: number, i: number): [number, number] {
  let [x, y, t] = [0, 0, i]
  for (let s = 1; s < 2 ** z; s *= 2) {
    const rx = 1 & (t / 2)
    const ry = 1 & (t ^ rx)
    if (ry === 0) {
      if (rx === 1) [x, y] = [s - 1 - x, s - 1 - y]
      ;[x, y] = [y, x]
    }
    x += s * rx
    y += s * ry
    t = Math.floor(t / 4)
  }
  return [x, y]
}
