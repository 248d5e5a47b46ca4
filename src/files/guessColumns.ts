import {
  parseAngle,
  parseCount,
  parseDay,
  parseLonLat,
  parseRiskLevel,
  parseScale,
  parseStatus,
  plain,
} from './cellValues'

export type EnterpriseField =
  | 'code'
  | 'name'
  | 'lon'
  | 'lat'
  | 'lonlat'
  | 'sector'
  | 'scale'
  | 'risk_level'
  | 'legal_rep'
  | 'phone'
  | 'safety_lead'
  | 'safety_phone'
  | 'employees'
  | 'address'
  | 'licence_expiry'
  | 'major_hazard_source_grade'
  | 'status'

export type GridField = 'code' | 'name' | 'parent_code' | 'population' | 'kind'

export interface ColumnGuess {
  /** Name of the column in the header, or null when none fits. */
  column: string | null
  /** 0 … 1: above 0.8 the header says so, below 0.6 only the values do. */
  confidence: number
}

interface Rule {
  /** Header words: the whole header counts most, a part of it less. Lower case, without brackets and blanks. */
  whole: RegExp
  part?: RegExp
  /** Headers that look alike and mean something else. */
  not?: RegExp
  /** Does a value look right? */
  fits?: (value: string) => boolean
  /** Values so telling that they do without a header. */
  byValue?: (value: string) => boolean
}

const isCode = (v: string) => /^[0-9A-Z-]{4,24}$/i.test(v)
const isNumberIn = (low: number, high: number) => (v: string) => {
  const angle = parseAngle(v)
  return typeof angle === 'number' && angle >= low && angle <= high
}
const hasDecimals = (v: string) => /\.\d{3}|[°度]/.test(v)
const isPhone = (v: string) => /^(\+?86[- ]?)?(1\d{10}|0\d{2,3}[- ]?\d{7,8}|\d{7,8})([-转 ]\d+)?$/.test(plain(v))
const isPerson = (v: string) => /^[\p{Script=Han}·]{2,12}$/u.test(v)
const isText = (v: string) => /\p{L}/u.test(v)
const understood = (parse: (text: string) => unknown) => (v: string) => parse(v) !== undefined

const ENTERPRISE: Record<EnterpriseField, Rule> = {
  code: {
    whole:
      /^(统一社会信用代码|社会信用代码|信用代码|企业(编码|编号|代码)|单位(编码|编号|代码)|编码|编号|代码|code|uscc|id)$/,
    part: /信用代码|organi[sz]ation ?code/,
    not: /行业|网格|行政|区划|邮政|上级/,
    fits: isCode,
    byValue: (v) => /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(v),
  },
  name: {
    whole:
      /^(名称|企业名称|单位名称|生产经营单位(名称)?|公司名称|商户名称|场所名称|企业|单位|name|company|enterprise)$/,
    part: /(企业|单位|公司|商户|场所|字号).*(名称?|全称)|enterprise ?name/,
    not: /曾用|主管|行业|网格|人/,
    fits: isText,
  },
  lon: {
    whole: /^(经度|东经|lon|lng|long|longitude|x|x坐标|坐标x|经度x|jd)$/,
    part: /经度|longitude|^lng|^lon/,
    not: /纬/,
    fits: isNumberIn(73, 136),
    byValue: (v) => hasDecimals(v) && isNumberIn(73, 136)(v),
  },
  lat: {
    whole: /^(纬度|北纬|lat|latitude|y|y坐标|坐标y|纬度y|wd)$/,
    part: /纬度|latitude|^lat/,
    not: /经/,
    fits: isNumberIn(3, 54),
    byValue: (v) => hasDecimals(v) && isNumberIn(3, 54)(v),
  },
  lonlat: {
    whole: /^(经纬度|坐标|位置坐标|地理坐标|lonlat|lnglat|location|point)$/,
    part: /经纬度|坐标/,
    not: /[xy]$|系$/,
    fits: (v) => Array.isArray(parseLonLat(v)),
    byValue: (v) => hasDecimals(v) && Array.isArray(parseLonLat(v)),
  },
  sector: {
    whole: /^(行业|行业领域|所属行业|行业类别|行业类型|行业分类|行业名称|领域|sector|industry)$/,
    part: /行业|领域|industry|sector/,
    not: /代码|主管|部门/,
    fits: isText,
  },
  scale: {
    whole: /^(规模|企业规模|经营规模|单位规模|规模类型|scale|size)$/,
    part: /规模|规上/,
    fits: understood(parseScale),
  },
  risk_level: {
    whole: /^(风险等级|风险级别|风险分级|安全风险等级|四色等级|风险颜色|风险|risklevel|risk)$/,
    part: /风险.*(级|色)|risk/,
    fits: understood(parseRiskLevel),
  },
  legal_rep: {
    whole:
      /^(法定代表人|法人代表|法人|法人姓名|法定代表人姓名|负责人|主要负责人|企业负责人|经营者|legalrep|legalrepresentative)$/,
    part: /法定代表|法人|主要负责人|经营者/,
    not: /电话|手机|联系|安全|证/,
    fits: isPerson,
  },
  phone: {
    whole: /^(电话|联系电话|手机|手机号|手机号码|联系方式|企业电话|负责人电话|法人电话|phone|tel|telephone|mobile)$/,
    part: /电话|手机|联系方式|phone|tel/,
    not: /安全|传真/,
    fits: isPhone,
    byValue: isPhone,
  },
  safety_lead: {
    whole: /^(安全负责人|安全管理人员|安全员|分管安全负责人|安全管理员|安全生产管理人员|safetylead)$/,
    part: /安全.*(负责|管理|员)/,
    not: /电话|手机|联系|人数/,
    fits: isPerson,
  },
  safety_phone: {
    whole: /^(安全负责人电话|安全员电话|安全管理人员电话|安全联系电话|safetyphone)$/,
    part: /安全.*(电话|手机|联系方式)/,
    fits: isPhone,
  },
  employees: {
    whole: /^(从业人数|从业人员|从业人员数|职工人数|员工人数|员工数|人数|用工人数|employees|staff)$/,
    part: /(从业|职工|员工|用工).*(人|数)/,
    not: /安全/,
    fits: understood(parseCount),
  },
  address: {
    whole: /^(地址|详细地址|经营地址|注册地址|生产经营地址|企业地址|单位地址|住所|address)$/,
    part: /地址|住所|address/,
    not: /邮箱|网址|ip/,
    fits: (v) => /\p{L}{3}/u.test(v),
  },
  licence_expiry: {
    whole: /^(许可证有效期(至)?|证照有效期(至)?|有效期至|有效期止|许可证到期日期?|到期日期?|licenceexpiry)$/,
    part: /有效期|到期/,
    fits: understood(parseDay),
  },
  major_hazard_source_grade: {
    whole: /^(重大危险源(等级|级别)?|危险源(等级|级别))$/,
    part: /重大危险源/,
    not: /数量|个数|名称/,
  },
  status: {
    whole: /^(状态|经营状态|企业状态|生产状态|营业状态|登记状态|status)$/,
    part: /(经营|生产|营业|登记).*(状态|情况)/,
    fits: understood(parseStatus),
  },
}

const GRID: Record<GridField, Rule> = {
  code: {
    whole:
      /^(编码|代码|网格编码|网格代码|网格编号|编号|行政区(划)?代码|区划代码|xzqdm|xzdm|zldwdm|code|gridcode|adcode|gbcode|pac|id)$/,
    part: /代码|编码|编号|dm$|code/,
    not: /上级|父|parent|^p_/,
    fits: isCode,
    byValue: (v) => /^\d{6,15}$/.test(v),
  },
  name: {
    whole:
      /^(名称|网格名称|网格名|行政区(划)?名称|区划名称|xzqmc|xzmc|zldwmc|name|gridname|mc|村名|村|社区|乡镇名称?)$/,
    part: /名称|mc$|name/,
    not: /上级|父|parent|^p_|人|长/,
    fits: isText,
    byValue: (v) => /\p{Script=Han}{2}/u.test(v),
  },
  parent_code: {
    whole:
      /^(上级|上级编码|上级代码|上级网格(编码|代码)?|父级(编码|代码)?|父编码|所属(乡镇|街道|上级)(编码|代码)|parent|parentcode|pcode|sjdm|sjbm)$/,
    part: /上级|父|parent|^p_?(code|id)/,
    not: /名称|mc$|name/,
    fits: isCode,
  },
  population: {
    whole: /^(人口|人口数|常住人口|户籍人口|总人口|rk|rks|population|pop)$/,
    part: /人口|population/,
    fits: understood(parseCount),
  },
  kind: {
    whole: /^(类型|网格类型|网格类别|种类|kind|type|gridtype)$/,
    part: /网格.*(类|种)/,
  },
}

/** Which column of a table of enterprises is which field, from the header and from the values. */
export function guessEnterpriseColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): Record<EnterpriseField, ColumnGuess> {
  const guess = assign(ENTERPRISE, header, (column) => rows.slice(0, 200).map((row) => row[column] ?? ''))
  // One column with both needs no columns of one each, unless those are named.
  if (guess.lon.confidence > 0.8 && guess.lat.confidence > 0.8) guess.lonlat = { column: null, confidence: 0 }
  return guess
}

/** Which attribute of a boundary file is which field of a grid. */
export function guessGridColumns(
  columns: readonly string[],
  properties: readonly Record<string, unknown>[],
): Record<GridField, ColumnGuess> {
  return assign(GRID, columns, (column) => properties.slice(0, 200).map((row) => String(row[columns[column]!] ?? '')))
}

/** Best pairs first; no column serves two fields. */
function assign<F extends string>(
  rules: Record<F, Rule>,
  header: readonly string[],
  valuesOf: (column: number) => string[],
): Record<F, ColumnGuess> {
  const fields = Object.keys(rules) as F[]
  const samples = header.map((_, i) => valuesOf(i).filter((v) => v.trim() !== ''))
  const pairs = fields.flatMap((field) =>
    header.map((title, column) => ({ field, column, score: score(rules[field], title, samples[column] ?? []) })),
  )
  const guesses = Object.fromEntries(fields.map((f) => [f, { column: null, confidence: 0 }])) as Record<F, ColumnGuess>
  const taken = new Set<number>()
  for (const { field, column, score: confidence } of pairs.toSorted((a, b) => b.score - a.score)) {
    if (confidence < 0.4 || taken.has(column) || guesses[field].column !== null) continue
    guesses[field] = { column: header[column]!, confidence }
    taken.add(column)
  }
  return guesses
}

function score(rule: Rule, title: string, values: readonly string[]): number {
  const word = plain(title)
    .toLowerCase()
    .replace(/[((【[].*?[))】\]]|[\s_*::]/g, '')
  const named = rule.not?.test(word) ? 0 : rule.whole.test(word) ? 1 : rule.part?.test(word) ? 0.7 : 0
  if (!rule.fits || values.length === 0) return named
  const shareOf = (fits: (value: string) => boolean) => values.filter((v) => fits(v.trim())).length / values.length
  // A header is believed unless most values speak against it; values alone are a hint, and only where they are telling.
  if (named > 0) {
    const share = shareOf(rule.fits)
    return share >= 0.5 ? named - (1 - share) * 0.1 : named * 0.5
  }
  const telling = rule.byValue && !rule.not?.test(word) ? shareOf(rule.byValue) : 0
  return telling >= 0.9 ? 0.45 * telling : 0
}
