import type { TestDatabase } from '../../supabase/local/testing'
import { measureRatio, type Ratio } from './ratio'

/**
 * What the clock does in a minute in which something happened: every cause of a warning in the county looked for, today
 * against a week ago, by grid and by sector, and nothing new found. Against the map of the villages, which everybody
 * asks for.
 */
export async function benchWarnings(db: TestDatabase, leader: string): Promise<Ratio[]> {
  const asLeader = db.asUser(leader)
  await db.query('select public.raise_warnings()')
  return [
    await measureRatio(
      `looking for everything to be warned of against risk_map of every village (${db.engine})`,
      3,
      () => db.query('select * from private.sweep_warnings(clock_timestamp())'),
      () => asLeader.query('select public.risk_map(3)::text as answer'),
      9,
    ),
    await measureRatio(
      // each row names the people of both lines, and what the asker may do
      `list_warnings, the first page, against a page of list_hazards (${db.engine})`,
      10,
      () => asLeader.query('select public.list_warnings()::text as answer'),
      () => asLeader.query('select public.list_hazards()::text as answer'),
      9,
    ),
  ]
}
