import type { Me } from '../features/auth/me'

/**
 * The private topics that wake somebody's pages: the roots of their scope, and themselves (a right given or taken).
 * Grid topics cover everything below a position. Sector topics are for officers of a department at the root; officers
 * below it and users of an enterprise have no topic that is theirs alone, and look at the feed now and then.
 */
export function feedTopics(me: Me): string[] {
  const root = me.root
  const atRoot = root && (me.admin || me.positions.some((position) => position.grid_id === root.grid_id))
  const grids = atRoot ? [root.grid_id] : me.positions.map((position) => position.grid_id)
  const sectors = me.departments.flatMap((department) =>
    root?.level === 1 && department.grid_id === root.grid_id && !atRoot ? department.sectors : [],
  )
  return [
    ...new Set([...grids.map((id) => `grid:${id}`), ...sectors.map((id) => `sector:${id}`), `user:${me.user_id}`]),
  ]
}
