// The one line by which this room looks into another: coordinate systems are geo's.
import { type CrsChoice, decideCrs, findCrs, readPrj, toWgs84 } from '../geo/crs'
import { problemWords, reasonWords } from './crsWords'
import { type FileIssue, type FileIssueCode, FileRefusal, type Guess, issueOf } from './fileIssue'
import type { GridFeature, GridFile, ReadGridOptions } from './gridFile'
import type { GridLayer } from './gridLayer'
import { openGridFile } from './openGridFile'
import { type CheckedPolygon, checkPolygons, extentOf, geometryOf, movePolygon } from './polygons'
import { MAX_FEATURES } from './rawFeature'

export { MAX_FILE_BYTES } from './fileIssue'
export type { GridFile, ReadGridOptions } from './gridFile'

/**
 * Reads the polygons of a GeoJSON, TopoJSON, KML, KMZ or shapefile (zip or bare .shp) into EPSG:4326, longitude first.
 * Encoding and coordinate system are guessed, with the reason beside them, and can be overruled by `options`.
 *
 * Never rejects: when the file cannot be read, `features` is empty, `error` says why (in words for the screen), and
 * `warnings` ends with the same. Features that cannot be used are left out one by one, each with its warning. Validity
 * in the sense of OGC (self-intersection, overlaps) is judged by the database, not here.
 *
 * @param name file name, used only where the bytes do not tell the format
 * @param bytes the whole file; compare `File.size` with MAX_FILE_BYTES before reading it
 */
export async function readGridFile(name: string, bytes: Uint8Array, options: ReadGridOptions = {}): Promise<GridFile> {
  const file = emptyFile()
  try {
    options.signal?.throwIfAborted()
    await readInto(file, name, bytes, options)
  } catch (reason) {
    file.features = []
    file.bounds = null
    file.error = issueOf(reason, options.signal)
    file.warnings.push(file.error)
  }
  return file
}

function emptyFile(): GridFile {
  return {
    features: [],
    crs: 'EPSG:4326',
    crsGuess: { name: 'EPSG:4326', guessed: true, why: '', whyEn: '' },
    encoding: null,
    encodingGuess: null,
    format: null,
    layers: [],
    layer: null,
    columns: [],
    total: 0,
    bounds: null,
    warnings: [],
  }
}

async function readInto(file: GridFile, name: string, bytes: Uint8Array, options: ReadGridOptions): Promise<void> {
  const layer = await openGridFile(name, bytes, options)
  options.signal?.throwIfAborted()
  const { encoding } = layer
  file.format = layer.format
  file.layers = layer.layers
  file.layer = layer.layer
  file.columns = layer.columns
  file.total = layer.features.length
  file.encoding = encoding?.name ?? null
  file.encodingGuess = encoding && pick(encoding)
  file.warnings.push(...layer.warnings)
  if (encoding?.doubtful) {
    file.warnings.push({
      code: 'ENCODING_DOUBTFUL',
      message: `文字编码不能确定（${encoding.why}），请核对名称是否有乱码`,
      messageEn: `The encoding is doubtful (${encoding.whyEn}): check the names`,
    })
  }
  const { kept, warnings } = checkPolygons(within(layer.features))
  file.warnings.push(...warnings)
  if (kept.length === 0) throw noPolygons(warnings)
  const polygons = options.swap ? kept.map(swapped) : kept
  const { choice, convert } = await settleCrs(file, layer, polygons, options)
  options.signal?.throwIfAborted()
  file.crs = choice.name
  const moved = polygons.map((polygon) => movePolygon(polygon, convert))
  file.bounds = boundsOf(moved, choice)
  file.features = moved.map(
    (polygon): GridFeature => ({
      type: 'Feature',
      id: polygon.id,
      geometry: geometryOf(polygon),
      properties: polygon.properties,
    }),
  )
  remarkOnPlace(file, choice, options)
}

const pick = ({ name, guessed, why, whyEn }: Guess): Guess => ({ name, guessed, why, whyEn })

function within<T>(features: T[]): T[] {
  if (features.length === 0) {
    throw new FileRefusal('NO_FEATURES', '文件里没有任何要素', 'The file holds no features')
  }
  if (features.length > MAX_FEATURES) {
    const n = features.length
    throw new FileRefusal(
      'TOO_MANY_FEATURES',
      `要素有 ${n} 个，上限 ${MAX_FEATURES}，请分批导入`,
      `${n} features, limit ${MAX_FEATURES}: import them in parts`,
    )
  }
  return features
}

/** When every feature fell away for one reason, that reason is the answer. */
function noPolygons(warnings: FileIssue[]): FileRefusal {
  const out = warnings.filter((w) => w.leftOut)
  const first = out[0]
  if (first && first.code !== 'NOT_A_POLYGON' && out.every((w) => w.code === first.code)) {
    return new FileRefusal(first.code, `没有可用的面：${first.message}`, `No polygon can be used: ${first.messageEn}`)
  }
  return new FileRefusal(
    'NO_POLYGONS',
    '文件里没有面（多边形），网格边界必须是面',
    'The file holds no polygons; grid boundaries must be polygons',
  )
}

function swapped(polygon: CheckedPolygon): CheckedPolygon {
  const polygons = polygon.polygons.map((rings) => rings.map((ring) => ring.map(([x, y]): [number, number] => [y, x])))
  return { ...polygon, polygons }
}

/** Settles the coordinate system, writes the guess and its remarks into `file`, and gives the way to degrees. */
async function settleCrs(file: GridFile, layer: GridLayer, polygons: CheckedPolygon[], options: ReadGridOptions) {
  const box = extentOf(polygons)
  const { stated, source } = statedCrs(layer, file)
  const choice = decideCrs({ box, chosen: options.crs, stated, near: options.near })
  if ('problem' in choice) {
    const [message, messageEn] = problemWords(choice.problem, box, options.crs)
    const code: FileIssueCode = choice.problem === 'METRES_UNKNOWN_ZONE' ? 'METRES_NOT_DEGREES' : choice.problem
    throw new FileRefusal(code, message, messageEn)
  }
  const convert = await toWgs84(choice.name, layer.prj)
  if (!convert) {
    throw new FileRefusal(
      'UNKNOWN_CRS',
      `看不懂文件的坐标系（${source ?? choice.name}），请选择坐标系`,
      `The coordinate system of the file (${source ?? choice.name}) is not understood: choose one`,
    )
  }
  const [why, whyEn] = reasonWords(choice.reason, source)
  const guessed = choice.reason !== 'chosen' && choice.reason !== 'stated'
  file.crsGuess = { name: choice.name, guessed, why, whyEn }
  const label = choice.crs?.label ?? source ?? choice.name
  const labelEn = choice.crs?.labelEn ?? source ?? choice.name
  if (choice.reason === 'magnitude' || choice.reason === 'contradiction') {
    const metres = choice.crs?.unit === 'metre'
    file.warnings.push({
      code: choice.reason === 'contradiction' && source ? 'CRS_CONTRADICTION' : 'METRES_NOT_DEGREES',
      message: `${metres ? '坐标像是米' : '坐标像是经纬度'}，按「${label}」读取（${why}），请在地图上核对位置`,
      messageEn: `Read as ${labelEn} (${whyEn}): check the place on the map`,
    })
  }
  if (choice.crs?.datumUnknown) {
    file.warnings.push({
      code: 'NO_DATUM_SHIFT',
      message: `「${label}」到国家2000 没有公开的转换参数，位置可能偏差数十米，请用转换后的数据或核对`,
      messageEn: `No public parameters lead from ${labelEn} to CGCS2000: positions may be off by tens of metres`,
    })
  }
  if (layer.format === 'shapefile' && !layer.prj && choice.reason !== 'chosen') {
    file.warnings.push({
      code: 'MISSING_PRJ',
      message: `缺少 .prj，坐标系按「${label}」，请核对`,
      messageEn: `No .prj: read as ${labelEn}, please check`,
    })
  }
  return { choice, convert }
}

/** What the file itself says: a .prj, a `crs` member, or a format that knows only WGS84. */
function statedCrs(layer: GridLayer, file: GridFile) {
  if (layer.prj) {
    const prj = readPrj(layer.prj)
    if (prj) return { stated: prj, source: prj.title }
    const message = '.prj 的内容看不懂，已忽略'
    file.warnings.push({ code: 'UNKNOWN_CRS', message, messageEn: 'The .prj is not understood and was ignored' })
  }
  if (layer.crsName) {
    const crs = findCrs(layer.crsName)
    if (crs) return { stated: crs, source: layer.crsName }
    const message = `不认识文件注明的坐标系 ${layer.crsName}，已忽略`
    file.warnings.push({ code: 'UNKNOWN_CRS', message, messageEn: `Unknown system ${layer.crsName} was ignored` })
  }
  if (layer.fixedDegrees) return { stated: findCrs('EPSG:4326'), source: 'KML' }
  return { stated: null, source: null }
}

function boundsOf(polygons: CheckedPolygon[], choice: CrsChoice): [number, number, number, number] {
  const [w, s, e, n] = extentOf(polygons)
  const label = choice.crs?.label ?? choice.name
  if (!(w >= -180 && e <= 180 && s >= -90 && n <= 90)) {
    throw new FileRefusal(
      'OUT_OF_RANGE',
      `按「${label}」换算后超出经纬度范围，请另选坐标系`,
      `Out of range when read as ${choice.crs?.labelEn ?? choice.name}: choose another system`,
    )
  }
  return [w, s, e, n]
}

/** Far from the county: the zone, the order of the numbers or the file is wrong. Half a zone is 1.5°. */
function remarkOnPlace(file: GridFile, choice: CrsChoice, { near }: ReadGridOptions): void {
  if (!near || !file.bounds) return
  const [w, s, e, n] = file.bounds
  const lon = (w + e) / 2
  const lat = (s + n) / 2
  if (Math.hypot(lon - near[0], lat - near[1]) < 2) return
  const at = `${lon.toFixed(3)}, ${lat.toFixed(3)}`
  file.warnings.push({
    code: 'FAR_AWAY',
    message: `按「${choice.crs?.label ?? choice.name}」读取后位于 ${at}，离本地很远，请核对坐标系`,
    messageEn: `Read as ${choice.crs?.labelEn ?? choice.name} it lies at ${at}, far from here: check the system`,
  })
}
