// What of a hazard's steps has not arrived yet, told from the outbox. Pure.
import type { OutboxEntry } from '../../db/outbox'
import { hazardOf, isStep } from '../../features/work/step'

export type Waits = 'waits' | 'sending' | 'refused'

/** Steps of a hazard that have not arrived, the oldest first. `entries` come in any order. */
export const stepsWaiting = (entries: readonly OutboxEntry[], hazard: string): OutboxEntry[] =>
  entries
    .filter((entry) => entry.state !== 'done' && isStep(entry, hazard))
    .sort((a, b) => a.made_at.localeCompare(b.made_at) || a.id.localeCompare(b.id))

/** In one word where the steps of each hazard stand; the gravest counts. */
export function waitsByHazard(entries: readonly OutboxEntry[]): Map<string, Waits> {
  const out = new Map<string, Waits>()
  const rank: Record<Waits, number> = { waits: 0, sending: 1, refused: 2 }
  for (const entry of entries) {
    if (entry.state === 'done' || !isStep(entry)) continue
    const now: Waits = entry.state === 'failed' ? 'refused' : entry.state === 'sending' ? 'sending' : 'waits'
    const before = out.get(hazardOf(entry))
    if (!before || rank[now] > rank[before]) out.set(hazardOf(entry), now)
  }
  return out
}
