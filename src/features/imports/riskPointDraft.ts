import type { TableFile } from '../../files/tableFile'
import type { Columns, EnterpriseOptions, Problem } from './importSession'

/** Columns of a 安全风险分级管控清单 (DB11/T 1478 and the like). */
export const RISK_POINT_FIELDS = [
  'enterprise',
  'name',
  'activity',
  'accident_kinds',
  'method',
  'l',
  'e',
  'c',
  's',
  'score',
  'level',
  'engineering',
  'management',
  'training',
  'protection',
  'emergency',
  'measures',
  'control',
  'responsible_post',
  'responsible',
  'responsible_phone',
] as const
type Field = (typeof RISK_POINT_FIELDS)[number]

/** One row of `p_rows` of `import_risk_points`; null: an empty cell of a column that the file has. */
export type ImportedRiskPoint = Partial<Record<Field, string | null>>

/** One row of the file on its way to be a risk point. */
export interface RiskPointDraft {
  /** Position of the row in the file, from 0. */
  index: number
  /** Row number as a spreadsheet shows it. */
  line: number
  row: ImportedRiskPoint
  problems: Problem[]
}

/** Column names that lists use, the most telling fields first: a column is given away once. */
const HEADERS: [Field, RegExp[]][] = [
  [
    'enterprise',
    [/统一社会信用代码|信用代码/, /^(enterprise|company)/, /(企业|单位|公司)(全)?(名称|名)/, /^(企业|单位)(_?\(|$)/],
  ],
  ['engineering', [/^engineering/, /工程(技术|控制)?/, /技术措施/]],
  ['training', [/^training/, /培训|教育/]],
  ['protection', [/^protection|^ppe/, /个体防护|个人防护|防护措施/]],
  ['emergency', [/^emergency/, /应急/]],
  ['management', [/^management/, /管理措施|制度措施|^管理$/]],
  ['control', [/^control_?level|^control$/, /管控层级|管控级别|控制层级/]],
  ['measures', [/^measures|^controls$/, /(管控|控制|防范|现有)措施|^措施$/]],
  ['accident_kinds', [/^accident/, /事故(类型|类别|后果)|可能(导致|造成|发生)|^后果$/]],
  ['responsible_phone', [/phone|^tel/, /电话|手机|联系方式/]],
  ['responsible_post', [/^(responsible_)?post$|department/, /责任(部门|岗位|单位|车间|班组)/]],
  ['responsible', [/^responsible/, /责任人|负责人|管控人/]],
  ['method', [/^method/, /(评价|评估|辨识|分析)方法|^方法$/]],
  ['level', [/^(risk_)?level/, /(风险)?(等级|级别|分级|颜色)/]],
  ['score', [/^(score|d|r)(_|$)/, /^[dr]_*[=值(]|风险(值|度)|分值|评估值/]],
  ['l', [/^l$/, /^l[_(值=]|可能性/]],
  ['e', [/^e$/, /^e[_(值=]|暴露|频繁程度|频率/]],
  ['c', [/^c$/, /^c[_(值=]/]],
  ['s', [/^s$/, /^s[_(值=]|严重(性|程度)/]],
  ['activity', [/^activity|^hazard/, /危险源|作业(活动|步骤|内容)|危险有害因素|危害因素|风险描述/]],
  ['name', [/^(name|risk_point)$/, /风险点|风险单元|评估单元|部位|场所|设备设施|名称/]],
]

const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_')

/** Which column holds which field, by its name. 序号 says nothing. */
export function guessRiskPointColumns(header: readonly string[]): Columns {
  const columns: Columns = {}
  const free = new Set(header.filter((name) => !/^(序号|编号|#|no\.?)$/i.test(name.trim())))
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

/** Below the lines of a form one signs, sums up, explains. */
const NO_LINE = /签字|签名|填表|审核|合计|盖章|编制|注[：:]/
const FIGURES = new Set<Field>(['l', 'e', 'c', 's', 'score'])
/** A merged cell says its word once, for the rows below it too. */
const MERGED = ['enterprise', 'name'] as const

const wrong = (field: Field, why: string): Problem => ({ code: 'MISSING_FIELD', field, severity: 'error', why })

/**
 * Makes one draft per line with what can be said without asking the database; lines where one signs are none. An empty
 * cell below the name of an enterprise or a point is the rest of a merged one.
 */
export function draftRiskPoints(table: TableFile, columns: Columns, options: EnterpriseOptions): RiskPointDraft[] {
  const at = new Map(Object.entries(columns).map(([field, name]) => [field, table.header.indexOf(name)]))
  const above: Partial<Record<Field, string>> = {}
  return table.rows.flatMap((cells, index) => {
    const read = (field: Field): string => {
      const word = (cells[at.get(field) ?? -1] ?? '').trim()
      return FIGURES.has(field) ? word.normalize('NFKC') : word
    }
    if (!read('l') && !read('name') && cells.some((cell) => NO_LINE.test(cell))) return []
    const row: ImportedRiskPoint = {}
    for (const field of RISK_POINT_FIELDS) if (columns[field]) row[field] = read(field) || null
    for (const field of MERGED) {
      // a point of another enterprise is another point
      if (field === 'enterprise' && row.enterprise) delete above.name
      if (row[field]) above[field] = row[field]
      else if (above[field]) row[field] = above[field]
    }
    row.enterprise ??= options.enterprise ?? null
    const problems: Problem[] = []
    if (!row.enterprise) problems.push(wrong('enterprise', 'missing'))
    if (!row.name && !row.activity) problems.push(wrong('name', 'missing'))
    if (!row.l) problems.push(wrong('l', 'missing'))
    return [{ index, line: table.lines[index] ?? index + 2, row, problems }]
  })
}
