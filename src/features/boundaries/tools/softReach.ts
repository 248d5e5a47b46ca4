/** How far along the borders vertices may come along with a dragged one, metres; 0: not at all. */
export const REACHES = [0, 50, 100, 200, 500, 1000] as const

/** The next larger (`way` 1) or smaller reach; the last stays the last. */
export function nextReach(now: number, way: 1 | -1): number {
  const larger = REACHES.filter((reach) => (reach - now) * way > 0)
  return (way > 0 ? larger[0] : larger.at(-1)) ?? now
}
