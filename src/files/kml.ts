import { type Encoding, encodingName } from './encoding'
import { FileRefusal } from './fileIssue'
import { columnsOf, type GridLayer } from './gridLayer'
import type { RawFeature } from './rawFeature'

/** Drawing style, which togeojson puts among the attributes. */
const STYLE = /^(stroke|fill|styleUrl|styleHash|styleMapHash|icon|label|marker)([-_].*)?$|^visibility$|^@geometry-type$/

/** The encoding in `<?xml … encoding="GBK"?>` under its standard name, or null. */
export function xmlEncoding(bytes: Uint8Array): string | null {
  const prolog = new TextDecoder('latin1').decode(bytes.subarray(0, 200))
  const label = /<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/i.exec(prolog)?.[1]
  return label ? encodingName(label) : null
}

/**
 * Placemarks of a KML. Longitude and latitude are WGS84 by definition of the format.
 *
 * @throws FileRefusal BROKEN_FILE, WRONG_TYPE
 */
export async function readKml(text: string, encoding: Encoding): Promise<GridLayer> {
  // KML needs no document type; entities that unfold to gigabytes do.
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) {
    throw new FileRefusal('WRONG_TYPE', 'KML 含 DOCTYPE 声明，为安全起见不读取', 'A KML with a DOCTYPE is not read')
  }
  const { kml } = await import('@tmcw/togeojson')
  const document = await parseXml(text)
  if (!/^(\w+:)?kml$/i.test(document.documentElement?.nodeName ?? '')) {
    throw new FileRefusal('WRONG_TYPE', '是 XML，但不是 KML', 'XML, but not KML')
  }
  const features: RawFeature[] = kml(document)
    .features.filter((f) => f.properties?.['@geometry-type'] !== 'groundoverlay')
    .map((f) => ({ geometry: f.geometry, properties: plain(f.properties ?? {}) }))
  return {
    format: 'kml',
    layers: [],
    layer: null,
    features,
    columns: columnsOf(features),
    encoding,
    fixedDegrees: true,
    warnings: [],
  }
}

async function parseXml(text: string): Promise<Document> {
  const broken = () => new FileRefusal('BROKEN_FILE', 'KML 格式有误，文件可能不完整', 'Not well-formed XML')
  if (typeof DOMParser !== 'undefined') {
    const document = new DOMParser().parseFromString(text, 'text/xml')
    if (document.getElementsByTagName('parsererror').length > 0) throw broken()
    return document
  }
  // Neither Node nor a worker has a DOMParser. Bundlers differ in where they put what a CommonJS module exports.
  const module = await import('@xmldom/xmldom')
  const { DOMParser: Parser } = 'DOMParser' in module ? module : (module as { default: typeof module }).default
  const parser = new Parser({
    onError: (level) => {
      if (level !== 'warning') throw broken()
    },
  })
  try {
    return parser.parseFromString(text, 'text/xml') as unknown as Document
  } catch {
    throw broken()
  }
}

/** Attributes without style; a rich description is reduced to its value. */
function plain(properties: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(properties)) {
    if (STYLE.test(name)) continue
    const rich = typeof value === 'object' && value !== null && 'value' in value
    kept[name] = rich ? value.value : value
  }
  return kept
}
