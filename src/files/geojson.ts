import { FileRefusal } from './fileIssue'
import { columnsOf, type GridLayer } from './gridLayer'
import type { RawFeature, RawGeometry } from './rawFeature'
import { readTopology } from './topojson'

type Json = Record<string, unknown>

const GEOMETRIES = /^(Multi)?(Point|LineString|Polygon)$/

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * GeoJSON (FeatureCollection, Feature or a bare geometry, with the `crs` member of 2008) and TopoJSON.
 *
 * @throws FileRefusal BROKEN_FILE, WRONG_TYPE, NO_POLYGONS
 */
export function readJson(text: string, layer?: string): Omit<GridLayer, 'encoding' | 'warnings'> {
  const json = parse(text)
  if (!isObject(json)) throw wrong()
  if (json.type === 'Topology') return readTopology(json, layer)
  const features = featuresOf(json)
  const crs = isObject(json.crs) && isObject(json.crs.properties) ? json.crs.properties.name : undefined
  return {
    format: 'geojson',
    layers: [],
    layer: null,
    features,
    columns: columnsOf(features),
    crsName: typeof crs === 'string' ? crs : undefined,
  }
}

const wrong = () =>
  new FileRefusal('WRONG_TYPE', '是 JSON，但不是 GeoJSON 或 TopoJSON', 'JSON, but neither GeoJSON nor TopoJSON')

/** Python and R write NaN and Infinity, which are no JSON; they are named instead of "syntax error". */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const nan = /[[,:\s](NaN|-?Infinity|nan|-?inf)\s*[,\]}]/.exec(text)
    if (nan) {
      throw new FileRefusal(
        'INVALID_COORDINATE',
        `文件里有不是数字的坐标（${nan[1]}），请在原软件里修正后重新导出`,
        `The file holds coordinates that are no numbers (${nan[1]}): correct them and export again`,
      )
    }
    throw new FileRefusal('BROKEN_FILE', 'JSON 格式有误，文件可能不完整', 'Not valid JSON, the file may be cut short')
  }
}

function featuresOf(json: Json): RawFeature[] {
  if (json.type === 'FeatureCollection') {
    if (!Array.isArray(json.features)) throw wrong()
    return json.features.map(featureOf)
  }
  if (json.type === 'Feature') return [featureOf(json)]
  if (json.type === 'GeometryCollection') {
    throw new FileRefusal(
      'NO_POLYGONS',
      '文件是几何集合（GeometryCollection），没有属性可对应网格，请导出为要素集合（FeatureCollection）',
      'A bare GeometryCollection has no attributes to make grids of: export a FeatureCollection',
    )
  }
  if (typeof json.type === 'string' && GEOMETRIES.test(json.type))
    return [{ geometry: geometryOf(json), properties: {} }]
  throw wrong()
}

function featureOf(feature: unknown): RawFeature {
  if (!isObject(feature)) return { geometry: null, properties: {} }
  const properties = isObject(feature.properties) ? { ...feature.properties } : {}
  // The id beside the properties is often the only code there is.
  const id = feature.id
  if ((typeof id === 'string' || typeof id === 'number') && !('id' in properties)) properties.id = id
  return { geometry: geometryOf(feature.geometry), properties }
}

function geometryOf(geometry: unknown): RawGeometry | null {
  if (!isObject(geometry) || typeof geometry.type !== 'string') return null
  return { type: geometry.type, coordinates: geometry.coordinates, geometries: geometry.geometries }
}
