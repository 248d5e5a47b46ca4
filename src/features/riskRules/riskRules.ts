// The rules of the risk index, as they are told and as they are changed.
import { type Failure, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'

export interface RuleVersion {
  id: number
  /** The first day it judges, YYYY-MM-DD. */
  effective_from: string
  /** Points of one record of each factor. */
  weights: Record<string, number>
  /** By grid level: index = 100 × (1 − exp(−points ÷ scale)). */
  scales: Record<string, number>
  /** From which index a grid is red, orange, yellow. */
  thresholds: [number, number, number]
  note: string | null
  created_at: string
  created_by: string | null
}

export interface Rules {
  /** Today in China. */
  today: string
  /** Id of the version that holds. */
  current: number
  /** Newest first. */
  versions: RuleVersion[]
  may_set: boolean
}

/** What new rules would change today. */
export interface Changes {
  up: number
  down: number
  grids: {
    grid_id: number
    code: string
    name: string
    grid_level: number
    index_before: number
    level_before: number
    index: number
    level: number
  }[]
}

type Said<T> = { ok: true; data: T } | { ok: false; failure: Failure }

export async function askRules(): Promise<Said<Rules>> {
  const answer = await rpc<Rules | Refusal>('risk_rule_versions', {}, { retry: true })
  if (!answer.ok) return { ok: false, failure: answer.error }
  return 'versions' in answer.data ? { ok: true, data: answer.data } : { ok: false, failure: refused(answer.data) }
}

/** What is typed: a number of each, still as it stands in its field. */
export interface Draft {
  weights: Record<string, string>
  scales: Record<string, string>
  thresholds: [string, string, string]
  effectiveFrom: string
  rewrite: boolean
  note: string
}

const words = (numbers: Record<string, number>) =>
  Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, String(value)]))

/** The order in which factors are read; one that is not known comes last. */
const ORDER = ['enterprise', 'hazard', 'overdue', 'duty', 'accident', 'assurance']
const place = (factor: string) => {
  const at = ORDER.indexOf(factor.split('_')[0] ?? '')
  return at < 0 ? ORDER.length : at
}
const ordered = (weights: Record<string, number>) =>
  Object.fromEntries(Object.entries(weights).sort(([a, x], [b, y]) => place(a) - place(b) || y - x))

export const draftOf = ({ weights, scales, thresholds }: RuleVersion, today: string): Draft => ({
  weights: words(ordered(weights)),
  scales: words(scales),
  thresholds: thresholds.map(String) as Draft['thresholds'],
  effectiveFrom: today,
  rewrite: false,
  note: '',
})

const read = (word: string): number => (/^\s*\d+(\.\d+)?\s*$/.test(word) ? Number(word) : Number.NaN)

/** The fields that hold no number that the rule can have: `weights.hazard_major`, `scales.1`, `thresholds`. */
export function faultsOf({ weights, scales, thresholds }: Draft): string[] {
  const [red, orange, yellow] = thresholds.map(read) as [number, number, number]
  return [
    ...Object.entries(weights).flatMap(([key, word]) => (read(word) <= 1_000 ? [] : [`weights.${key}`])),
    ...Object.entries(scales).flatMap(([key, word]) =>
      read(word) >= 0.01 && read(word) <= 1e9 ? [] : [`scales.${key}`],
    ),
    ...(red < 100 && red > orange && orange > yellow && yellow > 0 ? [] : ['thresholds']),
  ]
}

/** Only what differs from the version that holds; null when nothing does. */
export function changedIn(draft: Draft, now: RuleVersion): Record<string, unknown> | null {
  const differing = (typed: Record<string, string>, known: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(typed).flatMap(([key, word]) => (read(word) === known[key] ? [] : [[key, read(word)]])),
    )
  const [weights, scales] = [differing(draft.weights, now.weights), differing(draft.scales, now.scales)]
  const thresholds = draft.thresholds.map(read)
  const changed = {
    ...(Object.keys(weights).length ? { weights } : {}),
    ...(Object.keys(scales).length ? { scales } : {}),
    ...(thresholds.some((value, i) => value !== now.thresholds[i]) ? { thresholds } : {}),
  }
  return Object.keys(changed).length ? changed : null
}

/** Looks at what the change would do (`dryRun`), or makes it so. */
export async function sendRules(rules: object, draft: Draft, dryRun: boolean): Promise<Said<Changes>> {
  const answer = await rpc<{ status: 'valid' | 'committed'; changes: Changes } | Refusal>('set_risk_rules', {
    p_rules: rules,
    p_options: {
      dry_run: dryRun,
      effective_from: draft.effectiveFrom,
      rewrite: draft.rewrite,
      note: draft.note,
    },
  })
  if (!answer.ok) return { ok: false, failure: answer.error }
  return 'changes' in answer.data
    ? { ok: true, data: answer.data.changes }
    : { ok: false, failure: refused(answer.data) }
}
