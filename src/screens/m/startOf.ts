import type { Me } from '../../features/auth/me'

interface Grid {
  id: number
  code: string
  level: number
  center: [number, number] | null
}

/** How near the map begins, by level: a county, a township, a village fills the little map. */
const ZOOM = [10, 9, 11.5, 14, 15]

/**
 * Where the map of a report opens: in the grid of the notice that was scanned, else the smallest grid one has a
 * position in, else the middle of one's scope. Null when nothing is known of any place.
 */
export function startOf(
  me: Pick<Me, 'positions' | 'root'>,
  grids: readonly Grid[],
  code: unknown,
): { at: [number, number]; zoom: number } | null {
  const own = [...me.positions].sort((a, b) => b.level - a.level)[0]
  const grid = grids.find((one) => one.code === code) ?? grids.find(({ id }) => id === own?.grid_id)
  if (grid?.center) return { at: grid.center, zoom: ZOOM[grid.level] ?? 15 }
  const box = me.root?.bbox
  return box ? { at: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], zoom: ZOOM[me.root?.level ?? 1] ?? 10 } : null
}
