/** Risk points and major hazard sources: what they are, the scales, and the hint of what the database will say. */
import type { Level } from '../../map/levels'
import { formatNumber } from '../../ui/number'

export const CATEGORIES = ['engineering', 'management', 'training', 'protection', 'emergency'] as const
export type Category = (typeof CATEGORIES)[number]
export const CONTROLS = ['company', 'workshop', 'team', 'post'] as const
export type Control = (typeof CONTROLS)[number]
export type Method = 'LEC' | 'LS'

export interface Measure {
  category: Category
  content: string
  person: string | null
  phone: string | null
  post: string | null
}

export interface RiskPoint {
  id: string
  enterprise_id: string
  name: string
  method: Method
  l: number
  e: number | null
  c: number | null
  s: number | null
  /** D = L×E×C or R = L×S. */
  score: number
  level: Level
  accident_kinds: string | null
  control: Control
  responsible: string | null
  responsible_post: string | null
  responsible_phone: string | null
  version: number
  updated_at: string
  measures: Measure[]
}

export interface Substance {
  name: string
  /** Tonnes. */
  quantity: number
  /** Q of GB 18218, tonnes. */
  threshold: number
  beta: number
}

export interface HazardSource {
  id: string
  enterprise_id: string
  name: string
  version: number
  /** EPSG:4326, degrees; null: where the enterprise is. */
  lon: number | null
  lat: number | null
  people: number
  people_unknown: number
  alpha: number
  /** S = Σ q/Q. */
  ratio: number
  weighted: number
  r: number
  grade: 1 | 2 | 3 | 4 | null
  assessed_at: string
  substances: Substance[]
  history: {
    at: string
    cause: string
    people: number | null
    alpha: number | null
    r: number | null
    grade: number | null
  }[]
}

/** From which score on a point is red, orange, yellow. */
export interface Thresholds {
  lec: readonly number[]
  ls: readonly number[]
}

/** The steps of each scale, the gravest first (DOMAIN, "Risk"). */
export const SCALES = {
  LEC: { l: [10, 6, 3, 1, 0.5, 0.2, 0.1], e: [10, 6, 3, 2, 1, 0.5], c: [100, 40, 15, 7, 3, 1] },
  LS: { l: [5, 4, 3, 2, 1], s: [5, 4, 3, 2, 1] },
} as const
export type Axis = 'l' | 'e' | 'c' | 's'

/** The axes of a method in the order in which they are multiplied. */
export const axesOf = (method: Method): readonly Axis[] => (method === 'LEC' ? ['l', 'e', 'c'] : ['l', 's'])
export const stepsOf = (method: Method, axis: Axis): readonly number[] =>
  (SCALES[method] as Partial<Record<Axis, readonly number[]>>)[axis] ?? []

type Values = Partial<Record<Axis, number | null>>

/** The product of the axes, free of the noise of floating point; null while one is missing. */
export function scoreOf(method: Method, values: Values): number | null {
  const factors = axesOf(method).map((axis) => values[axis])
  if (factors.some((factor) => factor === null || factor === undefined)) return null
  return Number(factors.reduce<number>((product, factor) => product * (factor as number), 1).toFixed(6))
}

/** What the database will make of a score: 1 red … 4 blue; 0 without one. A hint, the database decides. */
export function levelHint(method: Method, score: number | null, thresholds: Thresholds): Level {
  if (score === null) return 0
  const steps = method === 'LEC' ? thresholds.lec : thresholds.ls
  const reached = steps.findIndex((step) => score >= step)
  return (reached === -1 ? 4 : reached + 1) as Level
}

/** "6 × 6 × 40 = 1,440" */
export function formula(point: Pick<RiskPoint, 'method' | 'l' | 'e' | 'c' | 's' | 'score'>, locale: string): string {
  const number = (n: number) => formatNumber(n, locale)
  const factors = axesOf(point.method).map((axis) => number(point[axis] ?? 0))
  return `${factors.join(' × ')} = ${number(point.score)}`
}

/** What the form of a risk point holds; empty words are absent. */
export interface PointDraft {
  id: string
  version: number | null
  name: string
  method: Method
  l: number | null
  e: number | null
  c: number | null
  s: number | null
  accident_kinds: string
  control: Control
  responsible: string
  responsible_post: string
  responsible_phone: string
  measures: { category: Category; content: string; person: string; phone: string; post: string }[]
}

export function draftOf(point: RiskPoint | null): PointDraft {
  return {
    id: point?.id ?? crypto.randomUUID(),
    version: point?.version ?? null,
    name: point?.name ?? '',
    method: point?.method ?? 'LEC',
    l: point?.l ?? null,
    e: point?.e ?? null,
    c: point?.c ?? null,
    s: point?.s ?? null,
    accident_kinds: point?.accident_kinds ?? '',
    control: point?.control ?? 'post',
    responsible: point?.responsible ?? '',
    responsible_post: point?.responsible_post ?? '',
    responsible_phone: point?.responsible_phone ?? '',
    measures: (point?.measures ?? []).map((measure) => ({
      category: measure.category,
      content: measure.content,
      person: measure.person ?? '',
      phone: measure.phone ?? '',
      post: measure.post ?? '',
    })),
  }
}

/** Switches the method: what the other one does not ask for goes, and L, whose steps differ, is asked anew. */
export function withMethod(draft: PointDraft, method: Method): PointDraft {
  return method === draft.method ? draft : { ...draft, method, l: null, e: null, c: null, s: null }
}

/** The draft as save_risk_point() takes it; measures without words are left out. */
export function pointOf(draft: PointDraft, enterprise: string): Record<string, unknown> {
  const axes = axesOf(draft.method)
  const { version, ...rest } = draft
  return {
    ...rest,
    ...(version === null ? {} : { version }),
    enterprise_id: enterprise,
    ...Object.fromEntries(
      (['l', 'e', 'c', 's'] as const).map((axis) => [axis, axes.includes(axis) ? draft[axis] : null]),
    ),
    measures: draft.measures.filter(({ content }) => content.trim()),
  }
}

/** How many points of each level; index is the level. */
export function levelCounts(points: readonly Pick<RiskPoint, 'level'>[]): [number, number, number, number, number] {
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0]
  for (const { level } of points) counts[level] += 1
  return counts
}

/** What the form of a major hazard source holds; numbers as they are typed. */
export interface SourceDraft {
  id: string
  version: number | null
  name: string
  lon: number | null
  lat: number | null
  substances: { name: string; quantity: string; threshold: string; beta: string }[]
}

export function sourceDraftOf(source: HazardSource | null): SourceDraft {
  return {
    id: source?.id ?? crypto.randomUUID(),
    version: source?.version ?? null,
    name: source?.name ?? '',
    lon: source?.lon ?? null,
    lat: source?.lat ?? null,
    substances: (source?.substances ?? []).map(({ name, quantity, threshold, beta }) => ({
      name,
      quantity: String(quantity),
      threshold: String(threshold),
      beta: String(beta),
    })),
  }
}

/** The draft as save_major_hazard_source() takes it; lines without anything are left out. */
export function sourceOf(draft: SourceDraft, enterprise: string): Record<string, unknown> {
  const { version, lon, lat, ...rest } = draft
  return {
    ...rest,
    ...(version === null ? {} : { version }),
    ...(lon === null || lat === null ? {} : { lon, lat }),
    enterprise_id: enterprise,
    substances: draft.substances
      .map((line) => ({
        name: line.name.trim(),
        quantity: line.quantity.trim(),
        threshold: line.threshold.trim(),
        beta: line.beta.trim() || '1',
      }))
      .filter(({ name, quantity, threshold }) => name || quantity || threshold),
  }
}

/** S = Σ q/Q and Σ β·q/Q of what is typed: the hint beside the form, α is the database's. */
export function sumsOf(draft: SourceDraft): { ratio: number; weighted: number } {
  const lines = draft.substances.map((line) => ({
    part: Number(line.quantity) / Number(line.threshold),
    beta: Number(line.beta || 1),
  }))
  const sum = (of: (line: (typeof lines)[number]) => number) =>
    lines.reduce((total, line) => total + (Number.isFinite(of(line)) ? of(line) : 0), 0)
  return { ratio: sum(({ part }) => part), weighted: sum(({ part, beta }) => part * beta) }
}
