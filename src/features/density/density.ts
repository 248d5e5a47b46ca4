// How close things stand, weighted as the risk index weighs them. Kernel, weight and what full ink means are named in
// the legend, so that two people who look at the same picture read the same thing.
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'

export type DensityOf = 'hazards' | 'enterprises' | 'accidents'

/** Points in columns, WGS84; `factor` is the key of the rules that says what one weighs. */
export interface DensityPoints {
  lon: number[]
  lat: number[]
  factor: string[]
}

/** Radius of the kernel on the ground, in metres. Beyond it nothing counts; its σ is a third of it. */
export const RADIUS_M: Record<DensityOf, number> = { hazards: 2_000, enterprises: 2_000, accidents: 3_000 }

/** Edge of a hexagon, in metres: about 2.6 km². */
export const HEXAGON_EDGE_M = 1_000

/** What gives full ink at one place: one record of this factor. */
const FULL: Record<DensityOf, string> = {
  hazards: 'hazard_major',
  enterprises: 'enterprise_red',
  accidents: 'accident_larger',
}

const HAZARD = { 1: 'hazard_major', 3: 'hazard_general' } as const
const ENTERPRISE = [null, 'enterprise_red', 'enterprise_orange', 'enterprise_yellow', 'enterprise_blue'] as const
const ACCIDENT = [null, 'accident_extraordinary', 'accident_major', 'accident_larger', 'accident_general'] as const

/** The factor of a point by its level; null for what weighs nothing (an enterprise that nobody has judged). */
export function factorOf(of: DensityOf, level: number): string | null {
  if (of === 'hazards') return HAZARD[level === 1 ? 1 : 3]
  return (of === 'enterprises' ? ENTERPRISE : ACCIDENT)[level] ?? null
}

/** The factors that count, the heaviest first, with what one weighs: for the legend. */
export function weightsOf(
  of: DensityOf,
  weights: Readonly<Record<string, number>>,
): { factor: string; weight: number }[] {
  const factors = of === 'hazards' ? Object.values(HAZARD) : of === 'enterprises' ? ENTERPRISE : ACCIDENT
  return factors
    .flatMap((factor) => (factor && weights[factor] ? [{ factor, weight: weights[factor] }] : []))
    .sort((a, b) => b.weight - a.weight)
}

/** What gives full ink; never nothing. */
export const fullOf = (of: DensityOf, weights: Readonly<Record<string, number>>): number => weights[FULL[of]] || 1

/** The weights that hold today. */
export async function askWeights(): Promise<{ weights: Record<string, number> } | { failure: Failure }> {
  const answer = await rpc<
    { status: 'ok'; current: number; versions: { id: number; weights: Record<string, number> }[] } | Refusal
  >('risk_rule_versions', {}, { retry: true })
  if (!answer.ok) return { failure: answer.error }
  if (!('versions' in answer.data)) return { failure: refused(answer.data) }
  const { current, versions } = answer.data
  return { weights: versions.find(({ id }) => id === current)?.weights ?? {} }
}

interface Page {
  rows: { lon: number; lat: number; grade: number }[]
  next: string | null
}

/** The accidents that the risk index counts today: those of twelve months, of one sector (its code) or all. */
export async function askAccidents(sector: string | null): Promise<{ points: DensityPoints } | { failure: Failure }> {
  const points: DensityPoints = { lon: [], lat: [], factor: [] }
  const from = new Date(Date.now() + 8 * 3_600_000)
  from.setUTCFullYear(from.getUTCFullYear() - 1)
  const filter = { from: from.toISOString().slice(0, 10), ...(sector ? { sector } : {}) }
  let after: string | null = null
  do {
    const answer: Result<Page | Refusal> = await rpc<Page | Refusal>(
      'list_accidents',
      { p_filter: filter, p_after: after, p_limit: 200 },
      { retry: true },
    )
    if (!answer.ok) return { failure: answer.error }
    if (!('rows' in answer.data)) return { failure: refused(answer.data) }
    for (const { lon, lat, grade } of answer.data.rows) {
      points.lon.push(lon)
      points.lat.push(lat)
      points.factor.push(factorOf('accidents', grade) ?? '')
    }
    after = answer.data.next
  } while (after)
  return { points }
}
