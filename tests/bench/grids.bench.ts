import type { TestDatabase } from '../../supabase/local/testing'
import { measureRatio, type Ratio } from './ratio'

/** Reading the 983 villages through the RPC, as text over the wire, against the bare geometry of the same rows. */
export async function benchGridFeatures(db: TestDatabase, leader: string): Promise<Ratio[]> {
  const asLeader = db.asUser(leader)
  const ours = (tolerance: number | null) => () =>
    asLeader.query('select public.grid_features(3, null, null, $1)::text as answer', [tolerance])
  const bare = () =>
    asLeader.transaction((session) =>
      session.query(
        'select g.id, extensions.ST_AsGeoJSON(g.boundary, 7) from public.grids g where g.level = 3 and g.retired_at is null',
      ),
    )
  return [
    await measureRatio(`grid_features of every village, exact (${db.engine})`, 1.5, ours(null), bare, 9),
    await measureRatio(`grid_features of every village, for the zoom (${db.engine})`, 1.5, ours(0.0005), bare, 9),
  ]
}
