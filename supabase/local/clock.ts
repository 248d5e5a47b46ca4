import type { Database } from './database.ts'
import { reduced } from './errors.ts'

const EVERY_MS = 60_000

/** What pg_cron does on Supabase (README): calls upon the next grid up for what has become overdue. */
export function startClock(database: Database, resting: () => boolean, every = EVERY_MS): () => void {
  const timer = setInterval(() => {
    if (resting()) return
    database
      .query('select public.escalate_overdue()')
      .catch((error: unknown) => console.error('[clock]', reduced(error)))
  }, every)
  timer.unref()
  return () => clearInterval(timer)
}
