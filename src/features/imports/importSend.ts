import type { EnterpriseDraft } from './enterpriseDraft'
import { type ExistingGrid, type GridDraft, sendable } from './gridDraft'
import type { HazardDraft } from './hazardDraft'
import { type EnterpriseAnswer, loadGrids, sendEnterprises, sendGrids, sendHazards, sendRiskPoints } from './importRpc'
import type { Checked, EnterpriseOptions, Failure, GridOptions, ImportEvent } from './importSession'
import { enterpriseOutcome, gridOutcome, interpretEnterprises, interpretGrids, merged, stoppedEarly } from './interpret'
import type { RiskPointDraft } from './riskPointDraft'

/** What is sent to the database, of one kind or the other. */
export type Sent =
  | { kind: 'grids'; drafts: GridDraft[]; existing: ExistingGrid[]; options: GridOptions }
  | { kind: 'enterprises'; drafts: EnterpriseDraft[]; options: EnterpriseOptions }
  | { kind: 'hazards'; drafts: HazardDraft[]; options: EnterpriseOptions }
  | { kind: 'riskPoints'; drafts: RiskPointDraft[]; options: EnterpriseOptions }

type Send = (event: ImportEvent) => void
/** Rows of one dry run: enough that the way costs little, few enough that the figures move. */
const PART = 1000
/** Rows of one commit of hazards: a second or two of work, far from what a server cuts off. */
const COMMIT_PART = 500

/** Asks the database what it would do, and writes nothing. */
async function check(sent: Sent, send: Send, signal: AbortSignal): Promise<void> {
  const since = Date.now()
  const total = sent.drafts.length
  const failed = (failure: Failure) => signal.aborted || send({ type: 'checkFailed', failure })
  if (total === 0) return void failed({ code: 'nothingToSend' })
  if (sent.kind === 'grids') {
    return checkGrids(sent, send, signal, since)
  }
  const answers: EnterpriseAnswer[] = []
  const parts: { index: number }[][] = []
  // Two rows of one list may be the same point, and a point may be one too many: they are judged together.
  const size = sent.kind === 'riskPoints' ? total : PART
  for (let at = 0; at < total; at += size) {
    send({ type: 'busy', progress: { what: 'checking', done: at, total, since } })
    const part = sent.drafts.slice(at, at + size)
    const answer = await trial(sent, at, signal)
    if (signal.aborted) return send({ type: 'checkFailed', failure: { code: 'stopped' } })
    if (!answer.ok) return void failed({ code: 'rpc', message: answer.error.message })
    answers.push(answer.data)
    parts.push(part)
  }
  send({ type: 'checkDone', checked: interpretEnterprises(answers, parts) })
}

/** A dry run of a part of a table. */
function trial(sent: Exclude<Sent, { kind: 'grids' }>, at: number, signal: AbortSignal) {
  if (sent.kind === 'riskPoints') {
    const rows = sent.drafts.map(({ row }) => row)
    return sendRiskPoints(rows, sent.options.onDuplicate, true, signal)
  }
  return sent.kind === 'hazards'
    ? sendHazards(
        sent.drafts.slice(at, at + PART).map(({ row }) => row),
        true,
        signal,
      )
    : sendEnterprises(
        sent.drafts.slice(at, at + PART).map(({ row }) => row),
        sent.options.onDuplicate,
        true,
        signal,
      )
}

/** Rounds of asking: what is wrong in itself is left out of the next, so that one check shows all that is wrong. */
const ROUNDS = 3

async function checkGrids(
  sent: Sent & { kind: 'grids' },
  send: Send,
  signal: AbortSignal,
  since: number,
): Promise<void> {
  let { drafts } = sent
  let verdict: Checked | null = null
  for (let round = 0; round < ROUNDS && drafts.length > 0; round++) {
    send({ type: 'busy', progress: { what: 'checking', done: 0, total: drafts.length, since } })
    const answer = await sendGrids(drafts, sent.existing, sent.options, true, signal)
    if (signal.aborted) return send({ type: 'checkFailed', failure: { code: 'stopped' } })
    if (!answer.ok) return send({ type: 'checkFailed', failure: { code: 'rpc', message: answer.error.message } })
    const found = interpretGrids(answer.data, drafts)
    verdict = verdict ? merged(verdict, found) : found
    if (!stoppedEarly(answer.data)) break
    const wrong = new Set(found.problems.keys())
    if (wrong.size === 0) break
    drafts = sendable(drafts, wrong)
  }
  if (verdict) send({ type: 'checkDone', checked: verdict })
}

/**
 * Sends everything in one call. When no answer comes, nobody knows whether it was done: `commitLost` says so, and
 * `look` finds out.
 */
async function commit(sent: Sent, checked: Checked, send: Send): Promise<void> {
  if (sent.kind === 'hazards') return commitHazards(sent.drafts, send)
  const progress = { what: 'saving' as const, done: 0, total: sent.drafts.length, since: Date.now() }
  send({ type: 'commitStarted', progress })
  const answer =
    sent.kind === 'grids'
      ? await sendGrids(sent.drafts, sent.existing, sent.options, false)
      : sent.kind === 'riskPoints'
        ? await sendRiskPoints(
            sent.drafts.map((draft) => draft.row),
            sent.options.onDuplicate,
            false,
          )
        : await sendEnterprises(
            sent.drafts.map((draft) => draft.row),
            sent.options.onDuplicate,
            false,
          )
  if (!answer.ok) {
    const { kind, code, message } = answer.error
    // A cancelled statement was rolled back; any other silence of the server proves nothing.
    const lost = kind === 'offline' || kind === 'server' || (kind === 'timeout' && code !== '57014')
    return send({ type: lost ? 'commitLost' : 'commitRefused', failure: { code: 'rpc', message } })
  }
  const { status } = answer.data
  if (sent.kind === 'grids') {
    const data = answer.data as Extract<typeof answer.data, { violations: unknown }>
    if (status === 'committed') return send({ type: 'commitDone', outcome: gridOutcome(data, sent.drafts) })
    return send({ type: 'commitRefused', failure: { code: status }, checked: interpretGrids(data, sent.drafts) })
  }
  const data = answer.data as EnterpriseAnswer
  if (status === 'committed') {
    return send({ type: 'commitDone', outcome: enterpriseOutcome(data, checked, sent.drafts) })
  }
  const now = interpretEnterprises([data], [sent.drafts])
  send({ type: 'commitRefused', failure: { code: status }, checked: now })
}

/**
 * An old ledger goes in parts, each of them all or none. A row is never written twice, so who was cut off begins anew and
 * goes on where it ended; that all rows are right was said by the check of all of them before.
 */
async function commitHazards(drafts: HazardDraft[], send: Send): Promise<void> {
  const since = Date.now()
  let [created, skipped] = [0, 0]
  let outside = 0
  send({ type: 'commitStarted', progress: { what: 'saving', done: 0, total: drafts.length, since } })
  for (let at = 0; at < drafts.length; at += COMMIT_PART) {
    const part = drafts.slice(at, at + COMMIT_PART)
    const answer = await sendHazards(
      part.map(({ row }) => row),
      false,
    )
    const words = { done: created + skipped, of: drafts.length }
    if (!answer.ok)
      return send({
        type: 'commitRefused',
        failure: { code: 'partly', params: { ...words, why: answer.error.message } },
      })
    if (answer.data.status !== 'committed') {
      const why = answer.data.message ?? answer.data.rows.flatMap(({ errors }) => errors)[0]?.message ?? ''
      return send({ type: 'commitRefused', failure: { code: 'partly', params: { ...words, why } } })
    }
    created += answer.data.inserted
    skipped += part.length - answer.data.inserted
    outside += answer.data.rows.filter(({ status, grid_code }) => status === 'inserted' && !grid_code).length
    send({ type: 'busy', progress: { what: 'saving', done: at + part.length, total: drafts.length, since } })
  }
  const outcome = {
    created,
    updated: 0,
    skipped,
    unclaimed: outside,
    moved: { enterprises: 0, hazards: 0 },
    gaps: null,
    foundDone: false,
  }
  send({ type: 'commitDone', outcome })
}

/** Whether grids that were sent are in the county now: one transaction, so all of them or none. */
export function gridsAreIn(sent: GridDraft[], now: ExistingGrid[]): boolean {
  const versions = new Map(now.map((grid) => [grid.code, grid.version]))
  return sent.every((draft) => {
    const version = versions.get(draft.code)
    return version !== undefined && (!draft.existing || version > draft.existing.version)
  })
}

/** Looks whether a lost commit arrived, by what the county holds now. */
async function look(sent: Sent, checked: Checked, send: Send): Promise<void> {
  const progress = { what: 'verifying' as const, done: 0, total: sent.drafts.length, since: Date.now() }
  send({ type: 'looking', progress })
  if (sent.kind === 'grids') {
    const now = await loadGrids()
    if (!now.ok) return send({ type: 'commitLost', failure: { code: 'rpc', message: now.error.message } })
    if (!gridsAreIn(sent.drafts, now.data.grids)) return send({ type: 'commitNotDone' })
    return send({ type: 'commitDone', outcome: gridOutcome(null, sent.drafts) })
  }
  // Hazards never get here: sent again, they are there once (commitHazards).
  if (sent.kind === 'hazards') return send({ type: 'commitNotDone' })
  // Of rows outside every grid the dry run does not say for certain whether they are new.
  const isFresh = ({ index }: { index: number }) =>
    checked.actions.get(index) === 'create' && checked.belongs.has(index)
  const fresh: { index: number }[] = sent.drafts.filter(isFresh)
  // Only updates: they leave no trace to look for, and doing them again does no harm.
  if (fresh.length === 0) return send({ type: 'commitRefused', failure: { code: 'sameAgain' } })
  const answer =
    sent.kind === 'riskPoints'
      ? await sendRiskPoints(
          sent.drafts.filter(isFresh).map(({ row }) => row),
          'reject',
          true,
        )
      : await sendEnterprises(
          sent.drafts.filter(isFresh).map(({ row }) => row),
          'reject',
          true,
        )
  if (!answer.ok) return send({ type: 'commitLost', failure: { code: 'rpc', message: answer.error.message } })
  const there = answer.data.rows.filter((row) => row.errors?.some((error) => error.code === 'DUPLICATE_CODE')).length
  if (there < fresh.length) return send({ type: 'commitNotDone' })
  send({ type: 'commitDone', outcome: enterpriseOutcome(null, checked, sent.drafts) })
}

export const tell = { check, commit, look }
