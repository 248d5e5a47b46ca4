import { between, pick, type Random, shuffled, uuid } from '../random.ts'
import type { EnterpriseRow } from './enterprises.ts'
import { SECTORS } from './sectors.ts'
import { demoPhone, personName } from './words.ts'

export interface MeasureRow {
  category: 'engineering' | 'management' | 'training' | 'protection' | 'emergency'
  content: string
  person: string
  phone: string
  post: string
}

export interface RiskPointRow {
  id: string
  enterprise_id: string
  name: string
  method: 'LEC' | 'LS'
  l: number
  e: number | null
  c: number | null
  s: number | null
  accident_kinds: string
  control: 'company' | 'workshop' | 'team' | 'post'
  responsible: string
  responsible_post: string
  responsible_phone: string
  measures: MeasureRow[]
}

/** What may happen in a sector (GB/T 6441). */
const KINDS: Record<string, string> = {
  hazchem: '火灾、爆炸、中毒和窒息',
  mining: '坍塌、物体打击、车辆伤害',
  fireworks: '火药爆炸、火灾',
  industry: '机械伤害、触电、火灾',
  construction: '高处坠落、坍塌、物体打击',
  road: '车辆伤害',
  water: '淹溺',
  gas: '火灾、其他爆炸、中毒和窒息',
  special_equipment: '容器爆炸、起重伤害',
  power: '触电、火灾',
  grain: '坍塌、中毒和窒息',
  forest: '火灾',
  farming: '机械伤害、中毒和窒息',
}
const CONTROL = ['company', 'workshop', 'team', 'post'] as const
const POSTS = ['主要负责人', '车间主任', '班组长', '岗位操作工']
/** Where there are no workshops. */
const SMALL_POSTS = ['经营者', '经营者', '店长', '员工']
/** What a measure is by its words; the first that fits. */
const CATEGORY: readonly (readonly [MeasureRow['category'], RegExp])[] = [
  ['emergency', /应急|灭火|疏散|救援|切断/],
  ['protection', /佩戴|呼吸器|救生衣|安全带/],
  ['training', /持证|教育|培训/],
  ['management', /巡|监护|审批|禁|限|值|登记|锁$|检|清|专人|管理|制度|日志|停|分析|存放|分区|确认/],
]
/** Beside what the point itself has: said of every grave one. */
const ALWAYS: readonly (readonly [MeasureRow['category'], string])[] = [
  ['training', '岗位人员每年再培训不少于 20 学时，考核合格后上岗'],
  ['protection', '按 GB 39800 配备并正确佩戴个体防护装备'],
  ['emergency', '编制现场处置方案，每半年演练一次'],
]
/** Telephones of those who answer for points, counted on from here. */
const FIRST_PHONE = 60_000

const L = [6, 3, 1, 0.5]
const E = [6, 3, 2, 1]
const C = [100, 40, 15, 7, 3]

/** Colour of D = L×E×C: 1 red from 320, 2 orange from 160, 3 yellow from 70, else 4 blue (DOMAIN, "Risk"). */
export function levelOfLec(d: number): number {
  return d >= 320 ? 1 : d >= 160 ? 2 : d >= 70 ? 3 : 4
}

/** Colour of R = L×S: 1 red from 20, 2 orange from 9, 3 yellow from 4, else 4 blue. */
export function levelOfLs(r: number): number {
  return r >= 20 ? 1 : r >= 9 ? 2 : r >= 4 ? 3 : 4
}

const LEC = L.flatMap((l) => E.flatMap((e) => C.map((c) => ({ l, e, c, level: levelOfLec(l * e * c) }))))
const LS = [1, 2, 3, 4, 5].flatMap((l) => [1, 2, 3, 4, 5].map((s) => ({ l, s, level: levelOfLs(l * s) })))

/** The risk points of the enterprises that are red, orange or yellow: the worst one gives the enterprise its level. */
export function makeRiskPoints(next: Random, enterprises: readonly EnterpriseRow[]): RiskPointRow[] {
  const plans = new Map(SECTORS.map((sector) => [sector.code, sector]))
  let rows = 0
  return enterprises
    .filter((e) => e.risk_level !== null && e.risk_level < 4)
    .flatMap((enterprise) => {
      const points = shuffled(next, plans.get(enterprise.sector)!.points)
      const count = Math.min(points.length, between(next, 2, 3) + (enterprise.risk_level === 1 ? 1 : 0))
      const method = next() < 0.75 ? 'LEC' : 'LS'
      const posts = enterprise.scale === 'micro' || enterprise.scale === 'individual' ? SMALL_POSTS : POSTS
      return points.slice(0, count).map(([name, measures], i) => {
        const level = i === 0 ? enterprise.risk_level! : between(next, Math.min(4, enterprise.risk_level! + 1), 4)
        const id = uuid(next)
        const values = scores(next, method, level)
        const responsible = i === 0 ? enterprise.safety_lead : personName(next)
        const post = i === 0 ? '安全负责人' : posts[level - 1]!
        const phone = i === 0 ? enterprise.safety_phone : demoPhone(FIRST_PHONE + rows++)
        return {
          id,
          enterprise_id: enterprise.id,
          name,
          method,
          ...values,
          accident_kinds: KINDS[enterprise.sector] ?? '火灾、触电',
          control: CONTROL[level - 1]!,
          responsible,
          responsible_post: post,
          responsible_phone: phone,
          measures: [
            ...measures.split('、').map((content) => [categoryOf(content), content] as const),
            ...(level <= 2 ? ALWAYS : []),
          ].map(([category, content]) => ({ category, content, person: responsible, phone, post })),
        } satisfies RiskPointRow
      })
    })
}

const categoryOf = (words: string): MeasureRow['category'] =>
  CATEGORY.find(([, pattern]) => pattern.test(words))?.[0] ?? 'engineering'

function scores(next: Random, method: 'LEC' | 'LS', level: number): Pick<RiskPointRow, 'l' | 'e' | 'c' | 's'> {
  if (method === 'LEC') {
    const { l, e, c } = pick(
      next,
      LEC.filter((x) => x.level === level),
    )
    return { l, e, c, s: null }
  }
  const { l, s } = pick(
    next,
    LS.filter((x) => x.level === level),
  )
  return { l, e: null, c: null, s }
}
