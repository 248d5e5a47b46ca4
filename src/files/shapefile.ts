import { openDbf } from './dbf'
import { chosenEncoding, encodingOfCpg, guessEncoding } from './encoding'
import { type FileIssue, FileRefusal } from './fileIssue'
import type { ReadGridOptions } from './gridFile'
import type { GridLayer } from './gridLayer'
import type { RawFeature } from './rawFeature'
import { readShp, shpType } from './shp'
import type { ZipEntry } from './zip'

/** The files of one layer, unpacked. `cpg` and `prj` are text files of a line. */
interface Parts {
  shp: Uint8Array
  dbf?: Uint8Array
  prj?: Uint8Array
  cpg?: Uint8Array
}

/** A .shp by itself: outlines without attributes. */
export function readBareShp(bytes: Uint8Array, options: ReadGridOptions): GridLayer {
  return readParts({ shp: bytes }, options)
}

/**
 * The shapefile in a zip. Of several layers the one named by `options.layer` is read, else the only one with polygons,
 * else the largest of those.
 *
 * @throws FileRefusal NO_LAYER, NO_POLYGONS and those of the parts
 */
export async function readZippedShapefile(entries: ZipEntry[], options: ReadGridOptions): Promise<GridLayer> {
  const shps = entries.filter((e) => /\.shp$/i.test(e.name))
  const layers = shps.map((e) => e.name.slice(0, -4))
  const warnings: FileIssue[] = []
  let chosen = shps.find((e) => e.name.slice(0, -4) === options.layer)
  if (!chosen) {
    const polygons: ZipEntry[] = []
    for (const entry of shps) {
      const type = shpType(await entry.read())
      if (type === 'Polygon' || shps.length === 1) polygons.push(entry)
    }
    chosen = polygons.toSorted((a, b) => b.size - a.size)[0]
    if (!chosen) {
      throw new FileRefusal(
        'NO_POLYGONS',
        '压缩包里的图层都不是面图层',
        'None of the layers in the archive is of polygons',
      )
    }
    if (layers.length > 1) {
      warnings.push({
        code: 'SEVERAL_LAYERS',
        message: `压缩包里有 ${layers.length} 个图层，读取了「${chosen.name.slice(0, -4)}」`,
        messageEn: `${layers.length} layers in the archive; "${chosen.name.slice(0, -4)}" was read`,
      })
    }
  }
  const stem = chosen.name.slice(0, -4).toLowerCase()
  const beside = (ext: string) => entries.find((e) => e.name.toLowerCase() === `${stem}.${ext}`)?.read()
  const [shp, dbf, prj, cpg] = await Promise.all([chosen.read(), beside('dbf'), beside('prj'), beside('cpg')])
  const layer = readParts({ shp, dbf, prj, cpg }, options)
  return { ...layer, layers, layer: chosen.name.slice(0, -4), warnings: [...warnings, ...layer.warnings] }
}

function readParts(parts: Parts, options: ReadGridOptions): GridLayer {
  const shapes = readShp(parts.shp)
  const warnings: FileIssue[] = []
  const plain = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes).trim()
  const base = { format: 'shapefile' as const, layers: [], layer: null, prj: plain(parts.prj) || undefined, warnings }
  if (!parts.dbf) {
    warnings.push({
      code: 'MISSING_DBF',
      message: '缺少 .dbf 属性表，只有图形，没有编码和名称',
      messageEn: 'No .dbf: outlines only, without codes and names',
    })
    const features = shapes.map((geometry): RawFeature => ({ geometry, properties: {} }))
    return { ...base, features, columns: [], encoding: null }
  }
  const table = openDbf(parts.dbf)
  const stated = parts.cpg ? encodingOfCpg(plain(parts.cpg) ?? '') : null
  const encoding = options.encoding ? chosenEncoding(options.encoding) : guessEncoding(table.samples(), stated)
  if (table.count !== shapes.length) {
    warnings.push({
      code: 'COUNT_MISMATCH',
      message: `图形有 ${shapes.length} 个，属性表有 ${table.count} 行，可能没有一一对应，请核对`,
      messageEn: `${shapes.length} shapes but ${table.count} attribute rows: they may not belong together`,
    })
  }
  const rows = table.rows(encoding)
  const features = shapes.map((geometry, i): RawFeature => {
    const row = rows[i]
    return { geometry, properties: row?.values ?? {}, deleted: row?.deleted }
  })
  return { ...base, features, columns: table.columns(encoding), encoding }
}
