import type { TableFile } from '../../files/tableFile'
import { parseCoordinate, parseDay, type SectorChoice } from './enterpriseDraft'
import type { Columns, EnterpriseOptions, Problem } from './importSession'

export const HAZARD_FIELDS = [
  'title',
  'found_at',
  'enterprise',
  'grid',
  'sector',
  'category',
  'severity',
  'state',
  'description',
  'lon',
  'lat',
  'due_at',
  'measures',
  'rectifier',
  'rectified_at',
  'closed_at',
  'funds',
  'found_by',
  'reviewer',
  'source',
  'code',
  'number',
  'remark',
] as const
type Field = (typeof HAZARD_FIELDS)[number]

/** One row of `p_rows` of `import_hazards`: words of the file; the database knows what they mean. */
export type ImportedHazard = Partial<Record<Exclude<Field, 'lon' | 'lat'>, string>> & { lon?: number; lat?: number }

/** One row of an old ledger on its way to be a hazard. */
export interface HazardDraft {
  /** Position of the row in the file, from 0. */
  index: number
  /** Row number as a spreadsheet shows it. */
  line: number
  row: ImportedHazard
  /** Longitude and latitude in EPSG:4326 when the file gives them; else the database finds a place. */
  place: [number, number] | null
  problems: Problem[]
}

/** Column names that ledgers use, the most telling fields first: a column is given away once. */
const HEADERS: [Field, RegExp[]][] = [
  ['lon', [/^(lon|lng|longitude)$/, /经度/]],
  ['lat', [/^(lat|latitude)$/, /纬度/]],
  [
    'title',
    [
      /^(title|hazard)$/,
      /^隐患$|隐患(内容|名称|问题|情况)|存在(的)?(问题|隐患)|主要问题|问题隐患|检查发现/,
      /问题|隐患.*描述|^内容$/,
    ],
  ],
  ['description', [/^description$/, /描述|详情|具体情况/]],
  ['found_at', [/^found/, /(排查|检查|发现|上报|登记)(日期|时间)/, /^(日期|时间)$/]],
  ['rectified_at', [/^rectified_at/, /(整改)?完成(日期|时间)/]],
  ['closed_at', [/^closed/, /(销号|闭环|验收|复查)(日期|时间)/]],
  ['due_at', [/^due/, /期限|时限|限期/]],
  ['found_by', [/^reported_by|^found_by/, /(排查|检查|发现|上报|巡查)(人|人员)$/]],
  ['reviewer', [/^review/, /(复查|验收|核查|销号)(人|人员)/]],
  ['rectifier', [/^rectif|^assigned_to/, /(整改)?(责任人|整改人)/]],
  ['severity', [/^severity/, /(隐患)?(级别|等级|分级)/]],
  ['category', [/^category/, /隐患(类别|类型|分类|种类)|问题(类别|类型|分类)/, /^(类别|类型|分类)$/]],
  ['state', [/^(state|status)$/, /整改情况|整改状态|是否整改|是否完成|完成情况|销号情况|^状态$/]],
  ['measures', [/^measures|^rectification$/, /措施/]],
  ['funds', [/^funds|^spent/, /资金|投入|经费/]],
  ['sector', [/^sector|^industry/, /行业领域|所属行业|^行业$|领域/]],
  ['grid', [/^grid/, /网格|所在村|村居|村（社区）|村\(社区\)|社区/]],
  ['enterprise', [/^(enterprise|company)/, /单位|企业|场所|公司/]],
  ['source', [/^source/, /来源|(检查|排查)(类型|方式)/]],
  ['code', [/^code$/, /隐患(编号|编码)/, /^编号$|^编码$/]],
  ['number', [/^(number|no\.?)$/, /编号|台账号/]],
  ['remark', [/^remark|^note/, /备注|说明/]],
]

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_')

/** Which column holds which field, by its name. 序号 says nothing: it is another one in every export. */
export function guessHazardColumns(header: readonly string[]): Columns {
  const columns: Columns = {}
  const free = new Set(header.filter((name) => !/^(序号|#)$/.test(name.trim())))
  for (const [field, patterns] of HEADERS) {
    for (const pattern of patterns) {
      const hit = [...free].find((name) => pattern.test(plain(name)))
      if (!hit) continue
      columns[field] = hit
      free.delete(hit)
      break
    }
  }
  return columns
}

/** How the codes of this system look; any other number is the one of the old ledger. */
const OWN_CODE = /^YH-\d{8}-\d{4,9}$/
/** Below the lines of a form one signs, sums up, explains. */
const NO_LINE = /签字|签名|填表|审核|合计|盖章/

const wrong = (code: string, field: string, why: string, params?: Problem['params']): Problem => ({
  code,
  field,
  severity: 'error',
  why,
  ...(params ? { params } : {}),
})

/**
 * Makes one draft per line with what can be said without asking the database; the lines of a form where one signs are
 * none.
 * @param locate turns the numbers of the two columns (longitude or easting first) into EPSG:4326; null where it cannot
 */
export function draftHazards(
  table: TableFile,
  columns: Columns,
  options: EnterpriseOptions,
  sectors: readonly SectorChoice[],
  locate: (x: number, y: number) => [number, number] | null,
): HazardDraft[] {
  const at = new Map(Object.entries(columns).map(([field, name]) => [field, table.header.indexOf(name)]))
  const known = new Set(sectors.flatMap(({ code, name }) => [code, name]))
  return table.rows.flatMap((cells, index) => {
    const read = (field: Field): string => (cells[at.get(field) ?? -1] ?? '').trim()
    const says = read('title') || read('description')
    if (!says && !read('found_at') && cells.some((cell) => NO_LINE.test(cell))) return []
    const problems: Problem[] = []
    const row: ImportedHazard = {}
    for (const field of HAZARD_FIELDS) if (field !== 'lon' && field !== 'lat' && read(field)) row[field] = read(field)
    if (row.code && !OWN_CODE.test(row.code)) {
      row.number ??= row.code
      delete row.code
    }
    // 整改中（逾期）: what stands in brackets is a remark
    if (row.state) row.state = row.state.replace(/[（(].*[)）]$/, '').trim()
    // in some forms 隐患类别 says how grave it is
    if (row.category && /^(一般|重大)(事故)?(隐患)?$/.test(row.category)) {
      row.severity ??= row.category
      delete row.category
    }
    if (!says) problems.push(wrong('MISSING_FIELD', 'title', 'missing'))
    if (!row.found_at) problems.push(wrong('MISSING_FIELD', 'found_at', 'missing'))
    readDays(row, problems)
    if (row.sector && !known.has(row.sector)) {
      const code = options.sectorWords[row.sector]
      if (code) row.sector = code
      else problems.push(wrong('UNKNOWN_SECTOR', 'sector', 'unknownSector', { value: row.sector }))
    }
    const place = readPlace(read('lon'), read('lat'), options, locate, problems)
    if (place) [row.lon, row.lat] = place
    return [{ index, line: table.lines[index] ?? index + 2, row, place, problems }]
  })
}

/** Days as the database reads them, with the time where there is one. */
function readDays(row: ImportedHazard, problems: Problem[]): void {
  for (const field of ['found_at', 'due_at', 'rectified_at', 'closed_at'] as const) {
    const word = row[field]
    if (!word) continue
    const day = parseDay(word)
    const time = /[ T](\d{1,2}:\d{2})/.exec(word)?.[1]
    if (day) row[field] = time ? `${day} ${time}` : day
    else problems.push(wrong('BAD_VALUE', field, 'badDay', { value: word }))
  }
}

function readPlace(
  lon: string,
  lat: string,
  options: EnterpriseOptions,
  locate: (x: number, y: number) => [number, number] | null,
  problems: Problem[],
): [number, number] | null {
  if (!lon && !lat) return null
  const [x, y] = [parseCoordinate(lon), parseCoordinate(lat)]
  if (x === null || y === null) {
    problems.push(wrong('BAD_VALUE', 'lon', 'badNumber', { value: `${lon}, ${lat}` }))
    return null
  }
  const place = options.swap ? locate(y, x) : locate(x, y)
  if (place && Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 90) return place
  problems.push(
    wrong('OUT_OF_RANGE', 'lon', Math.abs(x) > 1000 || Math.abs(y) > 1000 ? 'metres' : 'outOfRange', {
      value: `${x}, ${y}`,
    }),
  )
  return null
}
