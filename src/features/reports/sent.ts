// What became of a report, told from its entry in the outbox. Pure.
import type { OutboxEntry } from '../../db/outbox'

/** What report_hazard answers of the hazard. */
export interface ReportedHazard {
  id: string
  code: string
  state: string
  grid: string | null
}

export const hazardOf = (entry: OutboxEntry): ReportedHazard | null =>
  (entry.answer as { hazard?: ReportedHazard } | null)?.hazard ?? null

/** What was said: the argument of report_hazard. */
export const saidOf = (entry: OutboxEntry): Record<string, unknown> =>
  (entry.args.p_hazard as Record<string, unknown> | undefined) ?? {}

export const titleOf = (entry: OutboxEntry): string => entry.title ?? String(saidOf(entry).title ?? '')

/** Whether it is a report; everything else of the outbox is a step of a hazard. */
export const isReport = (entry: OutboxEntry): boolean => entry.call === 'report_hazard'

export interface Progress {
  /** Key of `reports.outbox`. */
  word: 'waiting' | 'sending' | 'failed' | 'done' | 'signIn' | 'busy'
  /** Of photos. */
  sent: number
  total: number
}

/** Where an entry stands, in one word, and how many of its photos have arrived. */
export function progressOf(entry: OutboxEntry): Progress {
  const sent = entry.files.filter((file) => file.sent).length
  const reason = entry.reason?.kind
  const word = entry.state === 'waiting' && (reason === 'signIn' || reason === 'busy') ? reason : entry.state
  return { word, sent, total: entry.files.length }
}

/** It can be taken back to the form: it has not left the phone, or the server said no. */
export const canTake = (entry: OutboxEntry): boolean =>
  !entry.asked && (entry.state === 'waiting' || entry.state === 'failed')
