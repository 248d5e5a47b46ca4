// Thresholds of dual prevention, as they are told and as they are changed.
import { type Failure, rpc } from '../../db/rpc'
import { type Refusal, refused, told } from '../../map/refusal'

export type Three = [number, number, number]

export interface PreventionVersion {
  id: number
  /** D = L×E×C from which a point is red, orange, yellow. */
  lec: Three
  /** R = L×S from which a point is red, orange, yellow. */
  ls: Three
  /** R of GB 18218 from which a source is of grade I, II, III. */
  source_grades: Three
  /** [people within radius_m, α], falling. */
  alpha: [number, number][]
  radius_m: number
  /** The level an enterprise has at least for a source of grade I … IV; null: its points alone decide. */
  source_floor: (number | null)[]
  note: string | null
  created_at: string
  created_by: string | null
}

export interface PreventionRules {
  /** Id of the version that holds. */
  current: number
  may_set: boolean
  /** Newest first. */
  versions: PreventionVersion[]
}

/** How many would be judged graver (up) and milder (down). */
export interface Moved {
  up: number
  down: number
}

export interface Changes extends Moved {
  sources: Moved
  enterprises: Moved & {
    /** The first 200, those that become graver first. */
    rows: { id: string; name: string; grid: string | null; level_before: number | null; level: number | null }[]
  }
}

type Said<T> = { ok: true; data: T } | { ok: false; error: Failure }

export async function askRules(): Promise<Said<PreventionRules>> {
  return told<PreventionRules, Failure>(
    await rpc<PreventionRules | Refusal>('prevention_rule_versions', {}, { retry: true }),
    (data) => 'versions' in data,
  ) as Said<PreventionRules>
}

/** What is typed: numbers as they stand in their fields. */
export interface Draft {
  lec: [string, string, string]
  ls: [string, string, string]
  source_grades: [string, string, string]
  /** '' for null. */
  source_floor: string[]
  note: string
}

export const STEPS = ['lec', 'ls', 'source_grades'] as const
export type Steps = (typeof STEPS)[number]

const words = (numbers: readonly number[]) => numbers.map(String) as [string, string, string]

export const draftOf = (version: PreventionVersion): Draft => ({
  lec: words(version.lec),
  ls: words(version.ls),
  source_grades: words(version.source_grades),
  source_floor: version.source_floor.map((level) => (level === null ? '' : String(level))),
  note: '',
})

/** A number as typed, or NaN. */
export const read = (word: string): number => (/^\s*\d{1,6}(\.\d{1,4})?\s*$/.test(word) ? Number(word) : Number.NaN)

/** The lists that are not three falling numbers above 0. */
export const faultsOf = (draft: Draft): Steps[] =>
  STEPS.filter((key) => {
    const [red, orange, yellow] = draft[key].map(read) as Three
    return !(red > orange && orange > yellow && yellow > 0)
  })

/** Only what differs from the version that holds; null when nothing does. */
export function changedIn(draft: Draft, now: PreventionVersion): Record<string, unknown> | null {
  const changed: Record<string, unknown> = {}
  for (const key of STEPS) {
    const typed = draft[key].map(read)
    if (typed.some((value, i) => value !== now[key][i])) changed[key] = typed
  }
  const floor = draft.source_floor.map((word) => (word === '' ? null : Number(word)))
  if (floor.some((value, i) => value !== now.source_floor[i])) changed.source_floor = floor
  return Object.keys(changed).length ? changed : null
}

/** 1 red … 4 blue of a score by three falling thresholds; 0 when they are no numbers. */
export function levelOf(score: number, steps: readonly number[]): number {
  if (steps.some(Number.isNaN)) return 0
  const at = steps.findIndex((step) => score >= step)
  return at < 0 ? 4 : at + 1
}

export type Sent =
  | { kind: 'told'; changes: Changes }
  | { kind: 'conflict'; message: string }
  | { kind: 'failed'; failure: Failure }

/** Looks at what the change would do (`dryRun`), or makes it so; `seen`: the id of the version it was made from. */
export async function sendRules(rules: object, note: string, seen: number, dryRun: boolean): Promise<Sent> {
  const answer = await rpc<{ changes: Changes } | { status: 'conflict'; message: string } | Refusal>(
    'set_prevention_rules',
    { p_rules: rules, p_options: { dry_run: dryRun, note, seen } },
  )
  if (!answer.ok) return { kind: 'failed', failure: answer.error }
  if ('changes' in answer.data) return { kind: 'told', changes: answer.data.changes }
  if ('message' in answer.data) return { kind: 'conflict', message: answer.data.message }
  return { kind: 'failed', failure: refused(answer.data) }
}
