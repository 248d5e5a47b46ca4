import { writeGeoJson } from '../../files/writeGridFile'
import { CSV_TYPE, type TableColumn, writeCsv, writeXlsx, XLSX_TYPE } from '../../files/writeTable'
import { download } from './download'
import { ENTERPRISE_FIELDS } from './enterpriseDraft'
import { HAZARD_FIELDS } from './hazardDraft'
import type { ImportKind } from './importSession'
import { RISK_POINT_FIELDS } from './riskPointDraft'
import { fieldWords } from './words'

type Translate = (key: string, params?: Record<string, unknown>) => string
export type Template = 'xlsx' | 'csv' | 'geojson'

export const TEMPLATES: Record<ImportKind, Template[]> = {
  grids: ['geojson'],
  enterprises: ['xlsx', 'csv'],
  hazards: ['xlsx', 'csv'],
  riskPoints: ['xlsx', 'csv'],
}

/** One invented enterprise, so that every column shows what it takes. */
const EXAMPLE: Record<(typeof ENTERPRISE_FIELDS)[number], string | number> = {
  code: '91120119MA00000000',
  name: '示例化工有限公司',
  sector: '危险化学品',
  lon: 117.408,
  lat: 40.046,
  address: '天津市蓟州区示例路 1 号',
  scale: '规模以上',
  risk_level: '较大',
  status: '在业',
  legal_rep: '张三',
  phone: '022-00000000',
  safety_lead: '李四',
  safety_phone: '13800000000',
  employees: 120,
  licence_expiry: '2027-12-31',
  major_hazard_source_grade: '四级',
}

/** The table to fill in. The wizard knows its own column names again, in both languages. */
export function enterpriseTemplate(t: Translate) {
  const columns: TableColumn[] = ENTERPRISE_FIELDS.map((field) => ({
    title: fieldWords(field, 'enterprises', t),
    width: 18,
  }))
  return { columns, rows: [ENTERPRISE_FIELDS.map((field) => EXAMPLE[field])] }
}

/** One invented hazard of an old ledger. */
const OLD_HAZARD: Partial<Record<(typeof HAZARD_FIELDS)[number], string | number>> = {
  title: '二楼消防通道堆放杂物',
  found_at: '2025-03-04',
  enterprise: '示例化工有限公司',
  grid: '别山村',
  sector: '危险化学品',
  category: '消防安全',
  severity: '一般',
  state: '已整改',
  due_at: '2025-03-19',
  measures: '清理通道，设置禁止堆放标识',
  rectifier: '李四',
  rectified_at: '2025-03-09',
  closed_at: '2025-03-10',
  funds: 200,
  found_by: '王五',
  reviewer: '赵六',
  source: '检查',
  number: '2025-018',
}

/** The old ledger to fill in; the headings are those that the wizard knows again. */
function hazardTemplate(t: Translate) {
  const columns: TableColumn[] = HAZARD_FIELDS.map((field) => ({ title: fieldWords(field, 'hazards', t), width: 18 }))
  return { columns, rows: [HAZARD_FIELDS.map((field) => OLD_HAZARD[field] ?? null)] }
}

/** Two invented risk points, one by each method. */
const RISK_POINTS: Partial<Record<(typeof RISK_POINT_FIELDS)[number], string | number>>[] = [
  {
    enterprise: '91120119MA00000000',
    name: '液氯储罐区',
    activity: '卸车作业',
    accident_kinds: '中毒和窒息',
    method: 'LEC',
    l: 3,
    e: 6,
    c: 15,
    score: 270,
    level: '较大',
    engineering: '有毒气体检测报警、喷淋碱液吸收',
    management: '卸车作业票，双人监护',
    training: '每季度专项培训',
    protection: '正压式空气呼吸器',
    emergency: '每半年演练一次',
    control: '公司级',
    responsible_post: '储运车间',
    responsible: '李四',
    responsible_phone: '13800000000',
  },
  {
    enterprise: '示例化工有限公司',
    name: '配电室',
    accident_kinds: '触电',
    method: 'LS',
    l: 2,
    s: 3,
    score: 6,
    level: '一般',
    management: '停送电工作票',
    protection: '绝缘手套、绝缘靴',
    control: '班组级',
    responsible_post: '电工班',
    responsible: '王五',
    responsible_phone: '13900000000',
  },
]

/** The 安全风险分级管控清单 to fill in; the headings are those that the wizard knows again. */
export function riskPointTemplate(t: Translate) {
  const columns: TableColumn[] = RISK_POINT_FIELDS.map((field) => ({
    title: fieldWords(field, 'riskPoints', t),
    width: 16,
  }))
  return { columns, rows: RISK_POINTS.map((point) => RISK_POINT_FIELDS.map((field) => point[field] ?? null)) }
}

/** A county with two townships of invented shape: what a file of grids must hold. */
export function gridSample(): Uint8Array {
  const square = (west: number, east: number) => ({
    type: 'Polygon' as const,
    coordinates: [
      [
        [west, 40],
        [east, 40],
        [east, 40.1],
        [west, 40.1],
        [west, 40],
      ],
    ],
  })
  const grid = (code: string, name: string, parent: string | null, geometry: ReturnType<typeof square>) => ({
    type: 'Feature' as const,
    geometry,
    properties: { code, name, parent_code: parent, kind: 'area', population: 10000 },
  })
  return writeGeoJson([
    grid('999999', '示例区', null, square(117.3, 117.5)),
    grid('999999101', '示例一镇', '999999', square(117.3, 117.4)),
    grid('999999102', '示例二镇', '999999', square(117.4, 117.5)),
  ])
}

/** Downloads a template. */
export async function downloadTemplate(template: Template, kind: ImportKind, t: Translate): Promise<void> {
  if (template === 'geojson') return download('grids-sample.geojson', gridSample(), 'application/geo+json')
  const { columns, rows } =
    kind === 'hazards' ? hazardTemplate(t) : kind === 'riskPoints' ? riskPointTemplate(t) : enterpriseTemplate(t)
  const name = t(`imports.kind.${kind}`)
  if (template === 'csv') download(`${name}.csv`, writeCsv(columns, rows), CSV_TYPE)
  else download(`${name}.xlsx`, await writeXlsx(columns, rows, name), XLSX_TYPE)
}
