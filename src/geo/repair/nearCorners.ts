import type { Links } from '../coverage/links'
import { METRES_PER_UNIT } from './units'

/** Two corners of different features that are nearly one: `from` goes to `to`. */
export interface NearCorner {
  from: number
  to: number
  moved_m: number
}

/**
 * Pairs corners (vertices by number) of different features that lie within `tolerance_m` metres, nearest first. A corner
 * stands for at most one of each feature, so that a finely drawn border does not fall together. The one that more
 * features share stays.
 */
export function nearCorners(
  links: Pick<Links, 'vx' | 'vy'>,
  open: ReadonlySet<number>,
  featuresAt: (vertex: number) => ReadonlySet<number>,
  tolerance_m: number,
): NearCorner[] {
  const { vx, vy } = links
  const reach = tolerance_m / METRES_PER_UNIT
  const pairs: { a: number; b: number; away: number }[] = []
  const squares = new Map<string, number[]>()
  const wide = (v: number) => reach / Math.max(0.05, Math.cos((vy[v]! * Math.PI) / 1.8e9))
  for (const v of open) {
    const [column, row] = [Math.floor(vx[v]! / (reach * 4)), Math.floor(vy[v]! / reach)]
    const columns = Math.ceil(wide(v) / (reach * 4))
    for (let x = column - columns; x <= column + columns; x++) {
      for (let y = row - 1; y <= row + 1; y++) {
        for (const u of squares.get(`${x} ${y}`) ?? []) {
          const away = metres(v, u)
          if (away <= tolerance_m && strangers(featuresAt(u), featuresAt(v))) pairs.push({ a: u, b: v, away })
        }
      }
    }
    const key = `${column} ${row}`
    const list = squares.get(key)
    if (list) list.push(v)
    else squares.set(key, [v])
  }
  return matched(pairs.sort((p, q) => p.away - q.away))

  function metres(u: number, v: number): number {
    const stretch = Math.cos((vy[u]! * Math.PI) / 1.8e9)
    return METRES_PER_UNIT * Math.hypot((vx[u]! - vx[v]!) * stretch, vy[u]! - vy[v]!)
  }

  function matched(sorted: typeof pairs): NearCorner[] {
    const goal = new Map<number, number>()
    const members = new Map<number, Set<number>>()
    const find = (v: number) => goal.get(v) ?? v
    const held = (v: number) => members.get(v) ?? new Set(featuresAt(v))
    for (const { a, b } of sorted) {
      const [p, q] = [find(a), find(b)]
      if (p === q || !strangers(held(p), held(q))) continue
      const [stays, goes] = held(p).size >= held(q).size ? [p, q] : [q, p]
      const together = new Set([...held(p), ...held(q)])
      for (const [v, to] of goal) if (to === goes) goal.set(v, stays)
      goal.set(goes, stays)
      members.set(stays, together)
    }
    return [...goal].map(([from, to]) => ({ from, to, moved_m: metres(from, to) }))
  }
}

function strangers(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  for (const one of a) if (b.has(one)) return false
  return true
}
