import type { TableFile } from '../../files/tableFile'
import type { Columns, EnterpriseOptions, Problem } from './importSession'

/** A sector as `me()` gives it. */
export interface SectorChoice {
  code: string
  name: string
}

/** One row of `p_rows` of `import_enterprises`. */
export interface EnterpriseRow {
  code: string
  name: string
  lon: number
  lat: number
  sector: string
  /** Absent: the file has no such column, and the value in the database stays. null: the cell is empty. */
  address?: string | null
  scale?: string | null
  risk_level?: number | null
  legal_rep?: string | null
  phone?: string | null
  safety_lead?: string | null
  safety_phone?: string | null
  employees?: number | null
  licence_expiry?: string | null
  major_hazard_source_grade?: number | null
  status?: string | null
}

/** One row of the file on its way to be an enterprise. */
export interface EnterpriseDraft {
  /** Position of the row in the file, from 0. */
  index: number
  /** Row number as a spreadsheet shows it. */
  line: number
  row: EnterpriseRow
  /** Longitude and latitude in EPSG:4326; null when the row has no usable place. */
  place: [number, number] | null
  problems: Problem[]
}

export const ENTERPRISE_FIELDS = [
  'code',
  'name',
  'sector',
  'lon',
  'lat',
  'address',
  'scale',
  'risk_level',
  'status',
  'legal_rep',
  'phone',
  'safety_lead',
  'safety_phone',
  'employees',
  'licence_expiry',
  'major_hazard_source_grade',
] as const

const WORDS: Record<string, Record<string, string | number>> = {
  scale: {
    above: 'above',
    规模以上: 'above',
    规上: 'above',
    大型: 'above',
    中型: 'above',
    small: 'small',
    小型: 'small',
    规模以下: 'small',
    规下: 'small',
    micro: 'micro',
    微型: 'micro',
    小微: 'micro',
    individual: 'individual',
    个体: 'individual',
    个体户: 'individual',
    个体工商户: 'individual',
  },
  risk_level: {
    ...levels(['重大', '重大风险', '红', '红色', 'a', 'i', 'ⅰ', '一级', '1级'], 1),
    ...levels(['较大', '较大风险', '橙', '橙色', 'b', 'ii', 'ⅱ', '二级', '2级'], 2),
    ...levels(['一般', '一般风险', '黄', '黄色', 'c', 'iii', 'ⅲ', '三级', '3级'], 3),
    ...levels(['低', '低风险', '蓝', '蓝色', 'd', 'iv', 'ⅳ', '四级', '4级'], 4),
    ...levels(['1'], 1),
    ...levels(['2'], 2),
    ...levels(['3'], 3),
    ...levels(['4'], 4),
  },
  major_hazard_source_grade: {
    ...levels(['1', '一级', 'i', 'ⅰ', '1级'], 1),
    ...levels(['2', '二级', 'ii', 'ⅱ', '2级'], 2),
    ...levels(['3', '三级', 'iii', 'ⅲ', '3级'], 3),
    ...levels(['4', '四级', 'iv', 'ⅳ', '4级'], 4),
  },
  status: {
    active: 'active',
    在业: 'active',
    在营: 'active',
    存续: 'active',
    开业: 'active',
    正常: 'active',
    生产: 'active',
    营业: 'active',
    suspended: 'suspended',
    停产: 'suspended',
    停业: 'suspended',
    停产停业: 'suspended',
    歇业: 'suspended',
    closed: 'closed',
    关闭: 'closed',
    注销: 'closed',
    吊销: 'closed',
  },
}

function levels(words: string[], level: number): Record<string, number> {
  return Object.fromEntries(words.map((word) => [word, level]))
}

const NOTHING = new Set(['', '无', '未评估', '未评', '-', '--', '—', '/'])
const TEXTS = ['address', 'legal_rep', 'phone', 'safety_lead', 'safety_phone'] as const
/** The longest words the table takes, in characters. */
const MAX_LENGTH: Record<string, number> = {
  code: 40,
  name: 120,
  address: 200,
  legal_rep: 60,
  phone: 30,
  safety_lead: 60,
  safety_phone: 30,
}

/**
 * A coordinate from what people type: `117.4031`, `117,4031`, `117°24′11″`, `E117.4`. Full-width digits too.
 * @returns degrees (or metres), or null when it is not a number.
 */
export function parseCoordinate(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/^[EWNS]|[EWNS]$/gi, '')
    .trim()
  if (/^[+-]?\d+(\.\d+)?$/.test(plain)) return Number(plain)
  if (/^[+-]?\d+,\d{3,}$/.test(plain)) return Number(plain.replace(',', '.'))
  const parts =
    /^(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″”秒]|''|′′)\s*)?$/.exec(
      plain,
    )
  if (!parts) return null
  return Number(parts[1]) + Number(parts[2] ?? 0) / 60 + Number(parts[3] ?? 0) / 3600
}

/** `2026-3-1`, `2026/03/01`, `2026.3.1`, `2026年3月1日`, `20260301` → `2026-03-01`; null when no such day exists. */
export function parseDay(text: string): string | null {
  const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?$/.exec(text.normalize('NFKC').trim())
  if (!parts) return null
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return date.toISOString().slice(0, 10)
}

/** Words of the sector column that are neither code nor name of a sector, with how many rows use each; commonest first. */
export function unknownSectors(
  table: TableFile,
  columns: Columns,
  sectors: SectorChoice[],
): { word: string; count: number }[] {
  const at = table.header.indexOf(columns.sector ?? '')
  if (at < 0) return []
  const known = new Set(sectors.flatMap((sector) => [sector.code, sector.name]))
  const counts = new Map<string, number>()
  for (const cells of table.rows) {
    const word = (cells[at] ?? '').trim()
    if (word && !known.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts].map(([word, count]) => ({ word, count })).sort((a, b) => b.count - a.count)
}

/**
 * Where the numbers of the two coordinate columns lie, in their own units: [minX, minY, maxX, maxY] of all but the
 * outermost twentieth, so that one slip of the finger does not decide about the whole file. null without numbers.
 */
export function coordinateBox(table: TableFile, columns: Columns): [number, number, number, number] | null {
  const edges = ['lon', 'lat'].map((field) => {
    const at = table.header.indexOf(columns[field] ?? '')
    if (at < 0) return null
    const values = table.rows.flatMap((cells) => parseCoordinate(cells[at] ?? '') ?? []).sort((a, b) => a - b)
    const trim = Math.floor(values.length / 20)
    return values.length ? [values[trim]!, values[values.length - 1 - trim]!] : null
  })
  const [x, y] = edges
  return x && y ? [x[0]!, y[0]!, x[1]!, y[1]!] : null
}

const error = (code: string, field: string, why: string, params?: Problem['params']): Problem => ({
  code,
  field,
  severity: 'error',
  why,
  ...(params ? { params } : {}),
})

/**
 * Makes one draft per row with everything that can be said without asking the database.
 * @param locate turns the numbers of the two columns (as numbered in the file, longitude or easting first) into
 *   EPSG:4326 degrees; null where it cannot.
 */
export function draftEnterprises(
  table: TableFile,
  columns: Columns,
  options: EnterpriseOptions,
  sectors: SectorChoice[],
  locate: (x: number, y: number) => [number, number] | null,
): EnterpriseDraft[] {
  const at = new Map(Object.entries(columns).map(([field, name]) => [field, table.header.indexOf(name)]))
  const known = new Map(
    sectors.flatMap((sector) => [[sector.code, sector.code] as const, [sector.name, sector.code] as const]),
  )
  const first = new Map<string, EnterpriseDraft>()
  return table.rows.map((cells, index) => {
    const read = (field: string): string => (cells[at.get(field) ?? -1] ?? '').trim()
    const problems: Problem[] = []
    const row: EnterpriseRow = { code: read('code'), name: read('name'), lon: 0, lat: 0, sector: '' }
    for (const field of ['code', 'name'] as const)
      if (!row[field]) problems.push(error('MISSING_FIELD', field, 'missing'))
    row.sector = sectorOf(read('sector'), known, options, problems)
    const place = placeOf(read, options, locate, problems)
    if (place) [row.lon, row.lat] = place
    for (const field of ENTERPRISE_FIELDS) if (!(field in row) && columns[field]) Object.assign(row, { [field]: null })
    for (const field of TEXTS) if (read(field)) row[field] = read(field)
    for (const [field, most] of Object.entries(MAX_LENGTH)) {
      if (read(field).length > most) problems.push(error('TOO_LONG', field, 'tooLong', { most }))
    }
    readWords(read, row, problems)
    readEmployees(read('employees'), row, problems)
    const expiry = read('licence_expiry')
    if (!NOTHING.has(expiry)) {
      const day = parseDay(expiry)
      if (day) row.licence_expiry = day
      else problems.push(error('BAD_VALUE', 'licence_expiry', 'badDay', { value: expiry }))
    }
    const draft: EnterpriseDraft = { index, line: table.lines[index] ?? index + 2, row, place, problems }
    markTwice(draft, first)
    return draft
  })
}

function sectorOf(word: string, known: Map<string, string>, options: EnterpriseOptions, problems: Problem[]): string {
  if (!word) {
    problems.push(error('MISSING_FIELD', 'sector', 'missing'))
    return ''
  }
  const code = known.get(word) ?? options.sectorWords[word]
  if (code) return code
  problems.push(error('UNKNOWN_SECTOR', 'sector', 'unknownSector', { value: word }))
  return word
}

function placeOf(
  read: (field: string) => string,
  options: EnterpriseOptions,
  locate: (x: number, y: number) => [number, number] | null,
  problems: Problem[],
): [number, number] | null {
  const numbers: number[] = []
  for (const field of ['lon', 'lat']) {
    const text = read(field)
    const value = text ? parseCoordinate(text) : null
    if (!text) problems.push(error('MISSING_FIELD', field, 'missing'))
    else if (value === null) problems.push(error('BAD_VALUE', field, 'badNumber', { value: text }))
    else numbers.push(value)
  }
  if (numbers.length < 2) return null
  const [x, y] = options.swap ? [numbers[1]!, numbers[0]!] : [numbers[0]!, numbers[1]!]
  const place = locate(x, y)
  if (place && Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 90) return place
  const metres = Math.abs(x) > 1000 || Math.abs(y) > 1000
  const turned = Math.abs(x) <= 90 && Math.abs(y) <= 180
  problems.push(
    error('OUT_OF_RANGE', 'lon', metres ? 'metres' : turned ? 'swapped' : 'outOfRange', { value: `${x}, ${y}` }),
  )
  return null
}

function readWords(read: (field: string) => string, row: EnterpriseRow, problems: Problem[]): void {
  for (const field of ['scale', 'risk_level', 'major_hazard_source_grade', 'status'] as const) {
    const text = read(field)
    if (NOTHING.has(text)) continue
    const value = WORDS[field]![text.normalize('NFKC').toLowerCase()]
    if (value === undefined) problems.push(error('BAD_VALUE', field, 'badWord', { value: text }))
    else Object.assign(row, { [field]: value })
  }
}

function readEmployees(text: string, row: EnterpriseRow, problems: Problem[]): void {
  if (NOTHING.has(text)) return
  const value = Number(text.normalize('NFKC').replace(/[,人名\s]/g, ''))
  if (Number.isInteger(value) && value >= 0 && value <= 1_000_000) row.employees = value
  else problems.push(error('BAD_VALUE', 'employees', 'badCount', { value: text }))
}

function markTwice(draft: EnterpriseDraft, first: Map<string, EnterpriseDraft>): void {
  const { code } = draft.row
  if (!code) return
  const other = first.get(code)
  if (!other) {
    first.set(code, draft)
    return
  }
  draft.problems.push(error('DUPLICATE_CODE', 'code', 'twice', { value: code, row: other.line }))
  if (!other.problems.some((problem) => problem.why === 'twice')) {
    other.problems.push(error('DUPLICATE_CODE', 'code', 'twice', { value: code, row: draft.line }))
  }
}
