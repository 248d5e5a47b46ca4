import { chosenEncoding, type Encoding, guessEncoding } from './encoding'
import { FileRefusal } from './fileIssue'
import { readJson } from './geojson'
import type { ReadGridOptions } from './gridFile'
import type { GridLayer } from './gridLayer'
import { readKml, xmlEncoding } from './kml'
import { readBareShp, readZippedShapefile } from './shapefile'
import { checkSize, sniff, strangerName } from './sniff'
import { listZip, type ZipEntry } from './zip'

/**
 * Finds the format by the bytes, not by the name, and hands the file to its reader.
 *
 * @throws FileRefusal whenever nothing can be read
 */
export async function openGridFile(name: string, bytes: Uint8Array, options: ReadGridOptions): Promise<GridLayer> {
  checkSize(bytes)
  const kind = sniff(bytes)
  switch (kind) {
    case 'zip':
      return openZip(listZip(bytes), options)
    case 'shp':
      return readBareShp(bytes, options)
    case 'xml': {
      const encoding = textEncoding(bytes, options, xmlEncoding(bytes))
      return readKml(encoding.decode(bytes), encoding)
    }
    case 'json':
      return openJson(bytes, options)
    case 'text':
      // UTF-16 JSON begins with its byte order mark.
      if (/\.(geo|topo)?json$/i.test(name)) return openJson(bytes, options)
  }
  if (/\.(dbf|prj|shx|cpg)$/i.test(name)) {
    const words = '只有 shapefile 的一部分，请把 .shp、.dbf、.prj 等一起压缩成 zip 再导入'
    throw new FileRefusal('WRONG_TYPE', words, 'Only a part of a shapefile: zip .shp, .dbf and .prj together')
  }
  throw wrongType(strangerName(kind))
}

function wrongType(what: string | null): FileRefusal {
  return new FileRefusal(
    'WRONG_TYPE',
    `${what ? `这是${what}，` : '不认识这种文件，'}请选择 GeoJSON、TopoJSON、KML、KMZ 或 shapefile 压缩包（zip）`,
    `${what ? 'This is another kind of file' : 'Unknown kind of file'}: choose GeoJSON, TopoJSON, KML, KMZ or a zipped shapefile`,
  )
}

function openJson(bytes: Uint8Array, options: ReadGridOptions): GridLayer {
  const encoding = textEncoding(bytes, options)
  return { ...readJson(encoding.decode(bytes), options.layer), encoding, warnings: [] }
}

function textEncoding(bytes: Uint8Array, options: ReadGridOptions, stated?: string | null): Encoding {
  return options.encoding ? chosenEncoding(options.encoding) : guessEncoding([bytes], stated)
}

async function openZip(entries: ZipEntry[], options: ReadGridOptions): Promise<GridLayer> {
  const has = (ext: RegExp) => entries.filter((e) => ext.test(e.name))
  if (has(/\.shp$/i).length > 0) return readZippedShapefile(entries, options)
  const kmls = has(/\.kml$/i)
  const texts = kmls.length > 0 ? kmls : has(/\.(geo|topo)?json$/i)
  if (texts.length > 0) {
    const layers = texts.map((e) => e.name)
    const main = texts.find((e) => e.name === options.layer) ?? texts.find((e) => /(^|\/)doc\.kml$/i.test(e.name))
    const chosen = main ?? texts.toSorted((a, b) => b.size - a.size)[0]!
    const layer = await openGridFile(chosen.name, await chosen.read(), { ...options, layer: undefined })
    if (layer.layers.length > 0) return layer
    return { ...layer, format: kmls.length > 0 ? 'kmz' : layer.format, layers, layer: chosen.name }
  }
  if (entries.some((e) => e.name === '[Content_Types].xml')) throw wrongType(' Office 文件（如 Excel 表格）')
  if (has(/\.gdbtable$/i).length > 0) throw wrongType(' File Geodatabase（GDB）')
  if (has(/\.(zip|kmz|rar|7z)$/i).length > 0) {
    const words = '压缩包里还是压缩包，请先解压，再导入里面的那个'
    throw new FileRefusal('ZIP_NESTED', words, 'An archive within an archive: unpack the outer one first')
  }
  throw new FileRefusal(
    'NO_LAYER',
    entries.length === 0 ? '压缩包是空的' : '压缩包里没有 .shp、.kml 或 .geojson 文件',
    entries.length === 0 ? 'The archive is empty' : 'The archive holds no .shp, .kml or .geojson',
  )
}
