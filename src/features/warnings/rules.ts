// 预警规则: what an administrator may change, and what would follow. Pure.
import type { WarningKind } from './warning'

export interface Bound {
  word: string
  least: number
  most: number
  whole: boolean
}

export interface WarningRule {
  kind: WarningKind
  enabled: boolean
  parameters: Record<string, number>
  bounds: Bound[]
  changed_at: string | null
  changed_by: string | null
  note: string | null
  versions: number
  raised: number
  open: number
  handled: number
  false_alarms: number
  /** Of all that were settled, 0..1; null: none was. */
  false_alarm_rate: number | null
}

/** What a change would do to one kind. */
export interface RulePreview {
  kind: WarningKind
  /** Causes there are now. */
  holds: number
  /** Warnings that would be raised at once. */
  raises: number
  open: number
  examples: { level: number; reason: string }[]
}

/** What somebody typed, before it is a rule. */
export type RuleDraft = Record<string, { enabled: boolean; parameters: Record<string, string> }>

export const draftOf = (rules: readonly WarningRule[]): RuleDraft =>
  Object.fromEntries(
    rules.map(({ kind, enabled, parameters }) => [
      kind,
      { enabled, parameters: Object.fromEntries(Object.entries(parameters).map(([word, n]) => [word, String(n)])) },
    ]),
  )

const isWithin = (typed: string, { least, most, whole }: Bound): boolean => {
  const n = Number(typed)
  return typed.trim() !== '' && n >= least && n <= most && (!whole || Number.isInteger(n))
}

/** `<kind>.<parameter>` of everything that is no figure within its bounds. */
export function faultsOf(draft: RuleDraft, rules: readonly WarningRule[]): string[] {
  return rules.flatMap(({ kind, bounds }) =>
    bounds
      .filter((bound) => !isWithin(draft[kind]?.parameters[bound.word] ?? '', bound))
      .map(({ word }) => `${kind}.${word}`),
  )
}

/** What differs from the rules that hold, as `set_warning_rules` takes it; empty: nothing. */
export function changesOf(
  draft: RuleDraft,
  rules: readonly WarningRule[],
): Record<string, { enabled?: boolean; parameters?: Record<string, number> }> {
  const changed = rules.flatMap(({ kind, enabled, parameters }) => {
    const typed = draft[kind]
    if (!typed) return []
    const other = Object.entries(typed.parameters).filter(([word, value]) => Number(value) !== parameters[word])
    const change = {
      ...(typed.enabled === enabled ? {} : { enabled: typed.enabled }),
      ...(other.length ? { parameters: Object.fromEntries(other.map(([word, value]) => [word, Number(value)])) } : {}),
    }
    return Object.keys(change).length ? [[kind, change] as const] : []
  })
  return Object.fromEntries(changed)
}
