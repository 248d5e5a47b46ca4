import type { TestDatabase } from '../../supabase/local/testing'
import { measureRatio, type Ratio } from './ratio'

/** Reading the 983 villages through the RPC against the bare geometry of the same rows. */
export async function benchGridFeatures(db: TestDatabase, leader: string): Promise<Ratio[]> {
  const asLeader = db.asUser(leader)
  const bare = () =>
    db.query(
      `select g.id, extensions.ST_AsGeoJSON(g.boundary, 7) from public.grids g where g.level = 3 and g.retired_at is null`,
    )
  return [
    await measureRatio(
      `grid_features of every village, exact (${db.engine})`,
      1.5,
      () => asLeader.rpc('grid_features', { p_level: 3, p_parent: null, p_bbox: null, p_tolerance: null }),
      bare,
    ),
    await measureRatio(
      `grid_features of every village, simplified for the zoom (${db.engine})`,
      1.5,
      () => asLeader.rpc('grid_features', { p_level: 3, p_parent: null, p_bbox: null, p_tolerance: 0.0005 }),
      bare,
    ),
  ]
}
