import type { Me } from '../features/auth/me'

/**
 * The private topics that wake somebody's pages: the roots of their scope, and themselves (a right given or taken).
 * Grid topics cover everything below a position, sector topics what a department at the root answers for; one below it
 * hears of its sectors within its grid, the user of an enterprise of that enterprise.
 */
export function feedTopics(me: Me): string[] {
  const root = me.root
  const atRoot = root && (me.admin || me.positions.some((position) => position.grid_id === root.grid_id))
  const grids = atRoot ? [root.grid_id] : me.positions.map((position) => position.grid_id)
  const everywhere = atRoot && root.level === 1
  const sectors = me.departments.flatMap((department) =>
    department.sectors.map((id) =>
      root?.level === 1 && department.grid_id === root.grid_id ? `sector:${id}` : `sector:${id}.${department.grid_id}`,
    ),
  )
  return [
    ...new Set([
      ...grids.map((id) => `grid:${id}`),
      ...(everywhere ? [] : sectors),
      ...(everywhere ? [] : me.enterprises.map(({ id }) => `enterprise:${id}`)),
      `user:${me.user_id}`,
    ]),
  ]
}
