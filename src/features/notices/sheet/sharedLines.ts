import type { Point } from '../../../ui/sheet/shapes'

/** Nearer than this two corners are the same on paper: a hundredth of a millimetre. */
const key = ([x, y]: Point) => `${Math.round(x * 100)},${Math.round(y * 100)}`

/**
 * The lines of rings, each piece once: a border between two areas is in both their rings, and a dashed line drawn twice
 * has no gaps. What lies on the rings of `except` is left out.
 */
export function sharedLines(rings: readonly (readonly Point[])[], except: readonly (readonly Point[])[]): Point[][] {
  const seen = new Set<string>()
  const fresh = (a: Point, b: Point): boolean => {
    const [from, to] = [key(a), key(b)]
    const piece = from < to ? `${from}|${to}` : `${to}|${from}`
    return !seen.has(piece) && Boolean(seen.add(piece))
  }
  const lines: Point[][] = []
  const walk = (ring: readonly Point[], keep: boolean): void => {
    let line: Point[] = []
    for (const [i, to] of ring.entries()) {
      const from = ring[i - 1]
      if (!from || key(from) === key(to)) continue
      if (fresh(from, to)) line = line.length ? [...line, to] : [from, to]
      else if (line.length) {
        if (keep) lines.push(line)
        line = []
      }
    }
    if (keep && line.length) lines.push(line)
  }
  for (const ring of except) walk(ring, false)
  for (const ring of rings) walk(ring, true)
  return lines
}
