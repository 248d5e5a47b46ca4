import type { Form, FormColumn } from '../../files/writeForm'
import type { CellValue } from '../../files/writeTable'
import { cellText, moment, type Translate } from './cells'
import type { HazardRow } from './ledger'

// 日常隐患排查表 and 重点隐患排查表, in the layout that offices print and sign: always in Chinese, whatever the language
// of the page. The words of the head are those that the import knows again.

export type OfficialForm = 'daily' | 'key'

interface Field extends FormColumn {
  value: (row: HazardRow, nth: number, t: Translate) => CellValue
}

const day = (iso: string | null | undefined) => moment(iso ?? null).slice(0, 10)
const words = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join('；')
const money = (value: number | string | null | undefined) =>
  value === null || value === undefined ? null : Number(value)
/** Title and description say the same thing once. */
const what = ({ title, description }: HazardRow) =>
  description && !description.includes(title) ? `${title}：${description}` : description || title
const place = (row: HazardRow) => row.enterprise ?? row.address ?? ''
const grid = (row: HazardRow, t: Translate) => (row.grid ? `${row.town ?? ''}${row.grid}` : t('ledgers.unclaimed'))
const stands = (row: HazardRow, t: Translate) =>
  cellText('hazards', row, 'state', t) + (row.overdue ? `（${t('ledgers.overdueMark')}）` : '')

const COMMON: Field[] = [
  { title: '序号', width: 5, align: 'center', value: (_, nth) => nth },
  { title: '隐患编号', width: 17, align: 'center', value: ({ code }) => code },
  { title: '排查日期', width: 11, align: 'center', value: ({ found_at }) => day(found_at) },
]

const DAILY: Field[] = [
  ...COMMON,
  { title: '单位名称（场所）', width: 22, value: place },
  { title: '所属网格', width: 14, value: (row, _, t) => grid(row, t) },
  { title: '行业领域', width: 11, align: 'center', value: ({ sector }) => sector },
  { title: '隐患内容', width: 32, value: what },
  { title: '隐患级别', width: 7, align: 'center', value: (row, _, t) => cellText('hazards', row, 'severity', t) },
  { title: '隐患来源', width: 9, align: 'center', value: (row, _, t) => cellText('hazards', row, 'source', t) },
  { title: '排查人', width: 9, align: 'center', value: ({ reported_by }) => reported_by },
  {
    title: '整改责任人',
    group: '整改落实',
    width: 10,
    align: 'center',
    value: (row) => row.rectifier ?? row.assigned_to ?? row.assurance_person,
  },
  { title: '整改措施', group: '整改落实', width: 26, value: (row) => row.rectified ?? row.assurance_measures },
  { title: '整改期限', group: '整改落实', width: 11, align: 'center', value: ({ due_at }) => day(due_at) },
  {
    title: '整改完成日期',
    group: '整改落实',
    width: 11,
    align: 'center',
    value: ({ submitted_at }) => day(submitted_at),
  },
  { title: '整改情况', group: '复查销号', width: 9, align: 'center', value: (row, _, t) => stands(row, t) },
  { title: '复查人', group: '复查销号', width: 9, align: 'center', value: ({ reviewer }) => reviewer },
  { title: '销号日期', group: '复查销号', width: 11, align: 'center', value: ({ closed_at }) => day(closed_at) },
  { title: '备注', width: 14, value: ({ reviewed }) => reviewed },
]

const KEY: Field[] = [
  ...COMMON,
  { title: '生产经营单位', width: 22, value: place },
  { title: '主要负责人及电话', width: 14, value: ({ legal_rep, phone }) => words(legal_rep, phone) },
  { title: '所属网格', width: 14, value: (row, _, t) => grid(row, t) },
  { title: '行业主管部门', width: 14, value: (row) => row.department ?? row.sector },
  { title: '隐患内容', width: 30, value: what },
  { title: '隐患级别', width: 7, align: 'center', value: (row, _, t) => cellText('hazards', row, 'severity', t) },
  {
    title: '责任人',
    group: '五落实',
    width: 9,
    align: 'center',
    value: (row) => row.assurance_person ?? row.rectifier ?? row.assigned_to,
  },
  {
    title: '资金（元）',
    group: '五落实',
    width: 11,
    align: 'right',
    value: ({ assurance_funds }) => money(assurance_funds),
  },
  { title: '措施', group: '五落实', width: 24, value: ({ assurance_measures }) => assurance_measures },
  {
    title: '时限',
    group: '五落实',
    width: 11,
    align: 'center',
    value: (row) => row.assurance_deadline ?? day(row.due_at),
  },
  { title: '预案', group: '五落实', width: 20, value: ({ assurance_plan }) => assurance_plan },
  { title: '挂牌督办', width: 9, align: 'center', value: (row, _, t) => cellText('hazards', row, 'listed_level', t) },
  { title: '整改情况', group: '整改销号', width: 9, align: 'center', value: (row, _, t) => stands(row, t) },
  {
    title: '已投入资金（元）',
    group: '整改销号',
    width: 11,
    align: 'right',
    value: ({ funds_spent }) => money(funds_spent),
  },
  { title: '复查人', group: '整改销号', width: 9, align: 'center', value: ({ reviewer }) => reviewer },
  { title: '销号日期', group: '整改销号', width: 11, align: 'center', value: ({ closed_at }) => day(closed_at) },
]

const FIELDS: Record<OfficialForm, Field[]> = { daily: DAILY, key: KEY }
export const FORM_TITLES: Record<OfficialForm, string> = { daily: '日常隐患排查表', key: '重点隐患排查表' }

export interface FormAbout {
  /** Of which grid; empty: of the whole county. */
  unit: string
  /** What the filter says, so that nobody takes a part for the whole. */
  conditions: string
  /** First and last day asked for; else those of the rows. */
  from?: string | undefined
  to?: string | undefined
  today: string
}

/** The official form of these rows, in their order; whole lines (`p_full`) and Chinese words. */
export function officialForm(form: OfficialForm, rows: readonly HazardRow[], about: FormAbout, t: Translate): Form {
  const days = rows.map(({ found_at }) => day(found_at)).sort()
  const from = about.from ?? days[0] ?? ''
  const to = about.to ?? days.at(-1) ?? ''
  return {
    sheet: FORM_TITLES[form],
    title: `${about.unit}${FORM_TITLES[form]}`,
    about: [
      `填报单位：${about.unit}（盖章）`,
      `排查期间：${from} 至 ${to}`,
      `填表日期：${about.today}　共 ${rows.length} 条${about.conditions ? `（${about.conditions}）` : ''}`,
    ],
    columns: FIELDS[form],
    rows: rows.map((row, i) => FIELDS[form].map(({ value }) => value(row, i + 1, t))),
    signatures: ['填表人（签字）：', '网格长（签字）：', '分管负责人（签字）：', '日期：　　　　年　　月　　日'],
  }
}
