import type { Feature } from 'geojson'
import type { EnterpriseDraft } from './enterpriseDraft'
import type { GridDraft } from './gridDraft'
import type { EnterpriseAnswer, GridAnswer } from './importRpc'
import type { Checked, Outcome, Problem, RowAction } from './importSession'

/** What is outside every grid is kept and listed as unclaimed, what is there already stays, the level of a list is not that of the thresholds: worth knowing, not wrong. */
const REMARKS = new Set(['OUTSIDE_ALL_GRIDS', 'ALREADY_THERE', 'ASSUMED', 'LEVEL_DIFFERS', 'KEPT', 'REPLACED'])
const NONE = { enterprises: 0, hazards: 0 }

/** Puts the violations that the database found to the features they belong to. */
export function interpretGrids(answer: GridAnswer, sent: GridDraft[]): Checked {
  const problems = new Map<number, Problem[]>()
  const general: Problem[] = []
  const byCode = new Map(sent.map((draft) => [draft.code, draft]))
  if (answer.message) general.push({ code: 'BAD_VALUE', field: null, severity: 'error', message: answer.message })
  for (const violation of answer.violations?.features ?? []) {
    const hit = draftsOf(violation, sent, byCode)
    const problem = problemOf(violation)
    if (hit.length === 0) general.push(problem)
    for (const draft of hit) add(problems, draft.index, problem)
  }
  return {
    problems,
    belongs: new Map(),
    actions: new Map(),
    general,
    gaps: answer.gaps?.features.length ? answer.gaps : null,
    moved: answer.moved ?? null,
    accepted: answer.status === 'valid' || answer.status === 'committed',
  }
}

/** Both sides of an overlap are marked; the parent that something lies outside of has done nothing wrong. */
function draftsOf(violation: Feature, sent: GridDraft[], byCode: Map<string, GridDraft>): GridDraft[] {
  const { change, code, other_code: other } = violation.properties ?? {}
  const hits = new Set<GridDraft>()
  if (typeof change === 'number' && sent[change]) hits.add(sent[change])
  const twin = code === 'OVERLAP' || code === 'DUPLICATE_CODE' ? byCode.get(String(other)) : undefined
  if (twin) hits.add(twin)
  return [...hits]
}

function problemOf(violation: Feature): Problem {
  const { code, message, other_code: other, area_m2: area } = violation.properties ?? {}
  return {
    code: String(code ?? 'BAD_VALUE'),
    field: code === 'DUPLICATE_CODE' ? 'code' : 'boundary',
    severity: 'error',
    message: String(message ?? ''),
    params: { other: String(other ?? ''), area: Math.round(Number(area ?? 0)).toLocaleString('en') },
    ...(violation.geometry ? { area: violation.geometry } : {}),
  }
}

/**
 * The database looks at single grids first, and at how they lie to each other only when each is right in itself.
 * @returns whether it stopped at the first
 */
export function stoppedEarly(answer: GridAnswer): boolean {
  const later = new Set(['OVERLAP', 'OUTSIDE_PARENT', 'ORPHANED_CHILDREN'])
  const { features } = answer.violations
  return (
    answer.status === 'rejected' &&
    features.some((violation) => typeof violation.properties?.change === 'number') &&
    !features.some((violation) => later.has(violation.properties?.code))
  )
}

/** Two verdicts about the same rows, found one after the other. */
export function merged(first: Checked, second: Checked): Checked {
  const problems = new Map(first.problems)
  for (const [index, list] of second.problems) problems.set(index, [...(problems.get(index) ?? []), ...list])
  return { ...second, problems, general: [...first.general, ...second.general], accepted: false }
}

/** What the database said about each row; `from` = position of the first sent row among all that are sent. */
export function interpretEnterprises(answers: EnterpriseAnswer[], sent: Pick<EnterpriseDraft, 'index'>[][]): Checked {
  const checked: Checked = {
    problems: new Map(),
    belongs: new Map(),
    places: new Map(),
    actions: new Map(),
    general: [],
    gaps: null,
    moved: null,
    accepted: answers.every((answer) => answer.status !== 'rejected'),
  }
  answers.forEach((answer, part) => {
    if (answer.message)
      checked.general.push({ code: 'NOT_ALLOWED', field: null, severity: 'error', message: answer.message })
    // `unclaimed` does not say whether the row is new; the totals say how many of them are.
    let fresh = answer.inserted - (answer.rows ?? []).filter((line) => line.status === 'inserted').length
    for (const line of answer.rows ?? []) {
      const draft = sent[part]?.[line.row - 1]
      if (!draft) continue
      if (typeof line.lon === 'number' && typeof line.lat === 'number')
        checked.places?.set(draft.index, [line.lon, line.lat])
      if (line.grid_code) checked.belongs.set(draft.index, line.grid_code)
      if (line.status === 'unclaimed') checked.actions.set(draft.index, fresh-- > 0 ? 'create' : 'update')
      else checked.actions.set(draft.index, actionOf(line.status))
      for (const { field, code, message } of line.errors ?? []) {
        const severity = REMARKS.has(code) ? 'warning' : 'error'
        add(checked.problems, draft.index, { code, field: field ?? null, severity, message })
      }
    }
  })
  return checked
}

function actionOf(status: string): RowAction {
  if (status === 'updated') return 'update'
  return status === 'skipped' ? 'skip' : 'create'
}

function add(problems: Map<number, Problem[]>, index: number, problem: Problem): void {
  const list = problems.get(index)
  if (list) list.push(problem)
  else problems.set(index, [problem])
}

/** What a committed call did to the grids. */
export function gridOutcome(answer: GridAnswer | null, sent: GridDraft[]): Outcome {
  const updated = sent.filter((draft) => draft.existing).length
  return {
    created: sent.length - updated,
    updated,
    skipped: 0,
    unclaimed: 0,
    moved: answer?.moved ?? NONE,
    gaps: answer?.gaps?.features.length ? answer.gaps : null,
    foundDone: answer === null,
  }
}

/** What a committed call did to the enterprises; without an answer (found done afterwards), what the dry run foretold. */
export function enterpriseOutcome(
  answer: EnterpriseAnswer | null,
  checked: Checked,
  sent: { index: number; place?: [number, number] | null }[],
): Outcome {
  const count = (action: RowAction) => sent.filter((draft) => checked.actions.get(draft.index) === action).length
  const updated = answer?.updated ?? count('update')
  const inserted = answer?.inserted ?? sent.length - updated - count('skip')
  return {
    created: inserted,
    updated,
    skipped: Math.max(0, sent.length - inserted - updated),
    unclaimed: sent.filter((draft) => draft.place && !checked.belongs.has(draft.index)).length,
    moved: NONE,
    gaps: null,
    foundDone: answer === null,
  }
}
