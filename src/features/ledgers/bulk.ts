import { type Failure, rpc } from '../../db/rpc'
import type { HazardRow } from './ledger'

/** 批量办理: many hazards, one step, in portions that no server cuts off; every row gets its own answer. */

export type BulkAction = 'assign' | 'verify'
export type RowStatus = 'unsent' | 'ok' | 'rejected' | 'conflict' | 'failed'

export interface BulkRow {
  row: HazardRow
  /** Made once: sent again after a broken connection, the step is done once. */
  event: string
  version: number
  status: RowStatus
  reason: string
  /** What this one needs over the common fields. */
  fields?: Record<string, unknown>
}

export interface Candidates {
  assignable: number
  asked: number
  today: string
  people: { user_id: string; name: string; role: string; title: string | null; phone: string | null; fits: number }[]
  nearest: Record<string, string>
  firm: Record<string, string>
}

interface Answer {
  status: string
  rows: {
    id: string
    status: RowStatus | 'unfinished'
    version: number | null
    reasons: { message: string }[] | null
  }[]
  errors?: { message: string }[]
}

/** So many at once: a second or two of work. */
const PORTION = 40
/** So many ids are asked about at once. */
const ASKED = 200

/** Rows as they stand before anything is sent. */
export function bulkRows(rows: Iterable<HazardRow>): BulkRow[] {
  return [...rows].map((row) => ({
    row,
    event: crypto.randomUUID(),
    version: row.version,
    status: 'unsent',
    reason: '',
  }))
}

/** Who may be given these hazards; figures of all portions together. */
export async function askCandidates(
  rows: readonly BulkRow[],
): Promise<{ ok: true; data: Candidates } | { ok: false; error: Failure }> {
  const all: Candidates = { assignable: 0, asked: 0, today: '', people: [], nearest: {}, firm: {} }
  const people = new Map<string, Candidates['people'][number]>()
  for (let at = 0; at < rows.length; at += ASKED) {
    const answer = await rpc<Candidates>('bulk_candidates', {
      p_hazards: rows.slice(at, at + ASKED).map(({ row }) => row.id),
    })
    if (!answer.ok) return answer
    const { assignable, asked, today, nearest, firm } = answer.data
    all.assignable += assignable
    all.asked += asked
    all.today = today
    Object.assign(all.nearest, nearest)
    Object.assign(all.firm, firm)
    for (const person of answer.data.people) {
      const known = people.get(person.user_id)
      people.set(person.user_id, known ? { ...known, fits: known.fits + person.fits } : person)
    }
  }
  all.people = [...people.values()].sort((a, b) => b.fits - a.fits)
  return { ok: true, data: all }
}

/**
 * Takes a step for every row that is not done yet. Gives back the rows as they stand after each portion; ends early
 * when aborted or when the connection breaks (`failure`), and can be called again with what it gave back.
 */
export async function advanceAll(
  rows: readonly BulkRow[],
  action: BulkAction,
  fields: Record<string, unknown>,
  signal: AbortSignal,
  told: (rows: BulkRow[]) => void,
): Promise<{ rows: BulkRow[]; failure: Failure | null }> {
  const now = [...rows]
  const open = now.flatMap(({ status }, i) => (status === 'unsent' || status === 'failed' ? [i] : []))
  while (open.length > 0 && !signal.aborted) {
    const portion = open.splice(0, PORTION)
    const items = portion.map((i) => {
      const { row, version, event, fields: own } = now[i]!
      return { id: row.id, version, event_id: event, ...(own ? { fields: own } : {}) }
    })
    const answer = await rpc<Answer>(
      'advance_hazards',
      { p_items: items, p_action: action, p_fields: fields },
      { retry: true },
    )
    if (!answer.ok) return { rows: now, failure: answer.error }
    if (answer.data.status !== 'ok') {
      return {
        rows: now,
        failure: { code: 'REJECTED', kind: 'rejected', message: answer.data.errors?.[0]?.message ?? '' },
      }
    }
    answer.data.rows.forEach(({ status, version, reasons }, nth) => {
      const i = portion[nth]
      if (i === undefined) return
      if (status === 'unfinished') open.push(i)
      else
        now[i] = {
          ...now[i]!,
          status,
          version: version ?? now[i]!.version,
          reason: (reasons ?? []).map(({ message }) => message).join('；'),
        }
    })
    told([...now])
  }
  return { rows: now, failure: null }
}
