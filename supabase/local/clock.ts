import type { Database } from './database.ts'
import { reduced } from './errors.ts'

const EVERY_MS = 60_000

/**
 * What pg_cron does on Supabase (README): what is overdue, and what the duty desk did not acknowledge in time,
 * calls further up; the risk of a day that is over is written down; what should be warned of is.
 */
const CHORES = [
  'select public.escalate_overdue()',
  'select public.escalate_unacknowledged()',
  'select public.refresh_risk()',
  // after it: a new day may be a rise
  'select public.raise_warnings()',
]

/**
 * Does the chores of the minute, one after the other; one that fails does not keep the others from being done, and a
 * round that takes longer than the minute is not overtaken by the next. Gives back how to stop: once the chore that
 * runs is done.
 */
export function startClock(database: Database, resting: () => boolean, every = EVERY_MS): () => Promise<void> {
  let round: Promise<void> | undefined
  let stopped = false
  async function doChores(): Promise<void> {
    for (const chore of CHORES) {
      if (stopped) return
      await database.query(chore).catch((error: unknown) => console.error('[clock]', reduced(error)))
    }
  }
  const timer = setInterval(() => {
    if (round || resting()) return
    round = doChores().finally(() => {
      round = undefined
    })
  }, every)
  timer.unref()
  return async () => {
    stopped = true
    clearInterval(timer)
    await round
  }
}
