import type { TableFile } from '../../files/tableFile'
import { guessProjected, looksLike } from '../../geo/guessCrs'
import { coordinateBox } from './enterpriseDraft'
import type { Columns, EnterpriseOptions } from './importSession'

/** Column names people use, the most telling fields first: a column is given away once. */
const HEADERS: [string, RegExp[]][] = [
  ['lon', [/^(lon|lng|long|longitude|x)$/i, /经度/, /东坐标|横坐标|x坐标/i]],
  ['lat', [/^(lat|latitude|y)$/i, /纬度/, /北坐标|纵坐标|y坐标/i]],
  ['major_hazard_source_grade', [/^major_hazard_source/i, /重大危险源/]],
  [
    'code',
    [
      /统一社会信用代码|社会信用|信用代码/,
      /^(code|uscc|usci|credit_?code)$/i,
      /(企业|单位).*(编码|代码|编号)/,
      /^(编码|代码|编号)$/,
    ],
  ],
  [
    'name',
    [/^(name|enterprise|company)$/i, /^(企业|单位|公司|商户|生产经营单位|机构|店铺)(全)?(名称|名)$/, /名称|字号/],
  ],
  ['safety_phone', [/^safety_?phone$|phone_of_the_safety/i, /安全.*(电话|手机|联系方式)/]],
  ['safety_lead', [/^safety_?lead/i, /安全.*(负责人|管理员|管理人员|总监|员)/]],
  ['legal_rep', [/^legal_?rep/i, /法人|法定代表人|(主要)?负责人|经营者/]],
  ['phone', [/^(phone|tel|mobile)/i, /电话|手机|联系方式/]],
  ['sector', [/^(sector|industry)/i, /行业|领域/]],
  ['risk_level', [/^(risk_?level|risk)$/i, /风险/]],
  ['scale', [/^(scale|size)$/i, /规模/]],
  ['status', [/^(status|state)$/i, /(经营|生产|登记|企业)?状态/]],
  ['employees', [/^(employees|staff|headcount)$/i, /从业人员|职工|员工|人数/]],
  ['licence_expiry', [/^licen[cs]e_?expir/i, /(许可证?|证照|有效期).*(到期|截止|届满|至|期)?/]],
  ['address', [/^(address|addr)$/i, /地址|住所|经营场所|位置/]],
]

/** `Risk level`, `risk-level` and `risk_level` are one name. */
const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_')

/** Which column holds which field, by its name. */
export function guessEnterpriseColumns(header: string[]): Columns {
  const columns: Columns = {}
  const free = new Set(header)
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

/** Columns and, from the numbers in them, the order and the coordinate system of the places. */
export function guessEnterpriseOptions(table: TableFile): { columns: Columns; options: Partial<EnterpriseOptions> } {
  const columns = guessEnterpriseColumns(table.header)
  return { columns, options: guessPlaces(table, columns) }
}

/**
 * Degrees or metres, which order, which projection. GCJ-02 and BD-09 cannot be told from WGS84 by looking: a person
 * has to say so.
 */
export function guessPlaces(table: TableFile, columns: Columns): Partial<EnterpriseOptions> {
  const box = coordinateBox(table, columns)
  if (!box) return {}
  const looks = looksLike(box)
  // Surveyors call the northing x, so metres in that order are no slip; degrees in the wrong order are one, and the
  // person is asked (`swappedDegrees`).
  const swap = looks === 'metresSwapped'
  if (looks !== 'metres' && !swap) return {}
  const crs = guessProjected(swap ? [box[1], box[0], box[3], box[2]] : box)
  return crs ? { crs, swap } : {}
}

/** Longitude and latitude stand in each other's column. */
export function swappedDegrees(table: TableFile, columns: Columns): boolean {
  const box = coordinateBox(table, columns)
  return box !== null && looksLike(box) === 'degreesSwapped'
}
