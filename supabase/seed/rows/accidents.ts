import { between, pick, type Random, uuid, weighted } from '../random.ts'
import type { EnterpriseRow } from './enterprises.ts'
import { DAY } from './hazards.ts'

export interface AccidentRow {
  id: string
  code: string
  title: string
  kind: string
  enterprise_id: string
  sector: string
  lon: number
  lat: number
  /** Milliseconds since 1970. */
  occurred_at: number
  deaths: number
  serious_injuries: number
  minor_injuries: number
  /** Yuan. */
  loss: number
  summary: string
}

/** GB/T 6441, by how often they happen. */
const KINDS = [
  ['高处坠落', 22],
  ['机械伤害', 20],
  ['物体打击', 14],
  ['车辆伤害', 14],
  ['触电', 9],
  ['火灾', 8],
  ['坍塌', 5],
  ['中毒和窒息', 4],
  ['灼烫', 4],
] as const
const COUNT = 41
const YEARS = 3
/** The one that was worse than ordinary, so many days ago: longer than the year for which it would make the county red. */
const LARGER_DAYS_AGO = 560

/** Accidents of the three years before `midnight`, oldest first: ordinary ones, and one of the larger grade. */
export function makeAccidents(next: Random, enterprises: readonly EnterpriseRow[], midnight: number): AccidentRow[] {
  const weight: Record<number, number> = { 1: 12, 2: 7, 3: 3, 4: 0.6 }
  const firms = enterprises.filter((e) => e.status !== 'closed' && e.grid_code !== null)
  const chances = firms.map((e, i) => [i, weight[e.risk_level ?? 4]!] as const)
  const rows = Array.from({ length: COUNT }, (_, i) => {
    const firm = firms[weighted(next, chances)]!
    const kind = weighted(next, KINDS)
    const larger = i === 0
    const daysAgo = larger ? LARGER_DAYS_AGO : between(next, 3, YEARS * 365)
    const deaths = larger ? 3 : pick(next, [0, 0, 0, 1, 1])
    const serious_injuries = larger ? 2 : between(next, deaths ? 0 : 1, 2)
    return {
      id: uuid(next),
      code: '',
      title: `${firm.name}${kind}事故`,
      kind,
      enterprise_id: firm.id,
      sector: firm.sector,
      lon: firm.lon,
      lat: firm.lat,
      occurred_at: midnight - daysAgo * DAY + between(next, 7 * 60, 19 * 60) * 60_000,
      deaths,
      serious_injuries,
      minor_injuries: larger ? 4 : (i * 5 + deaths) % 3,
      loss: (larger ? 4_600_000 : between(next, 3, 180) * 10_000) + deaths * 1_200_000,
      summary: `作业中发生${kind}，造成${deaths}人死亡、${serious_injuries}人重伤。已停产整顿，事故调查按程序进行。`,
    }
  })
  rows.sort((a, b) => a.occurred_at - b.occurred_at)
  rows.forEach((row, i) => {
    const year = new Date(row.occurred_at + DAY / 3).getUTCFullYear()
    row.code = `SG-${year}-${String(i + 1).padStart(3, '0')}`
  })
  return rows
}
