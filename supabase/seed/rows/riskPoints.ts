import { between, pick, type Random, shuffled, uuid } from '../random.ts'
import type { EnterpriseRow } from './enterprises.ts'
import { SECTORS } from './sectors.ts'
import { personName } from './words.ts'

export interface RiskPointRow {
  id: string
  enterprise_id: string
  name: string
  method: 'LEC' | 'LS'
  l: number
  e: number | null
  c: number | null
  s: number | null
  measures: string
  responsible: string
}

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
  return enterprises
    .filter((e) => e.risk_level !== null && e.risk_level < 4)
    .flatMap((enterprise) => {
      const points = shuffled(next, plans.get(enterprise.sector)!.points)
      const count = Math.min(points.length, between(next, 2, 3) + (enterprise.risk_level === 1 ? 1 : 0))
      const method = next() < 0.75 ? 'LEC' : 'LS'
      return points.slice(0, count).map(([name, measures], i) => {
        const level = i === 0 ? enterprise.risk_level! : between(next, Math.min(4, enterprise.risk_level! + 1), 4)
        return {
          id: uuid(next),
          enterprise_id: enterprise.id,
          name,
          method,
          ...scores(next, method, level),
          measures,
          responsible: i === 0 ? enterprise.safety_lead : personName(next),
        } satisfies RiskPointRow
      })
    })
}

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
