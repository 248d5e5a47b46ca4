import type { County, Village } from '../county.ts'
import { insideRing, toPlane } from '../ground/plane.ts'
import { mountain, reservoir } from '../ground/terrain.ts'
import { normal, type Random } from '../random.ts'
import type { Siting } from './sectors.ts'

/** Where there is more of everything, and where it is worse: the picture that the risk map shall show. */
const BUSTLE: Record<string, number> = {
  '120119001': 3.2,
  '120119100': 2,
  '120119105': 2,
  '120119106': 2.2,
  '120119109': 1.8,
  '120119111': 1.5,
  '120119103': 1.5,
}
const BADNESS: Record<string, number> = {
  '120119106': 2.4,
  '120119109': 1.9,
  '120119112': 2.6,
  '120119120': 1.4,
  '120119401': 1.5,
  '120119124': 0.5,
  '120119203': 0.6,
  '120119121': 0.6,
}

/** Industrial parks: township and centre [lon, lat]. */
const PARKS: readonly { at: [number, number]; weight: number }[] = [
  { at: [117.352, 40.021], weight: 3 },
  { at: [117.478, 39.936], weight: 3.5 },
  { at: [117.378, 39.908], weight: 1.6 },
  { at: [117.272, 39.982], weight: 1.6 },
  { at: [117.4, 39.795], weight: 0.9 },
]

/** How dangerous a township is against an ordinary one. */
export function badness(township: string): number {
  return BADNESS[township] ?? 1
}

/** For one county: which village an enterprise of a kind lies in, and where in it. */
export interface Siter {
  village(next: Random, siting: Siting): Village
  spot(next: Random, village: Village): [number, number]
}

export function makeSiter(county: County): Siter {
  const seats = new Map(county.townships.map((t) => [t.code, toPlane(t.seat)]))
  const sums = new Map<Siting, number[]>()
  const weights = (siting: Siting) => {
    const known = sums.get(siting)
    if (known) return known
    let total = 0
    const made = county.villages.map((village) => {
      total += weightOf(siting, village, seats.get(village.township)!)
      return total
    })
    sums.set(siting, made)
    return made
  }
  return {
    village(next, siting) {
      const cumulative = weights(siting)
      const at = next() * cumulative[cumulative.length - 1]!
      let low = 0
      let high = cumulative.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if (cumulative[middle]! > at) high = middle
        else low = middle + 1
      }
      return county.villages[low]!
    },
    spot: spotIn,
  }
}

function weightOf(siting: Siting, { home, township }: Village, seat: readonly [number, number]): number {
  const p = toPlane(home)
  const d = Math.hypot(p[0] - seat[0], p[1] - seat[1])
  const bustle = BUSTLE[township] ?? 1
  const hills = mountain(p)
  if (siting === 'park') {
    return PARKS.reduce((sum, park) => {
      const [x, y] = toPlane(park.at)
      return sum + park.weight * Math.exp(-(((p[0] - x) ** 2 + (p[1] - y) ** 2) / 2.6))
    }, 0.004 * bustle)
  }
  if (siting === 'hill') return hills * hills * 3 + 0.01
  if (siting === 'shore') return Math.max(0, 1.5 + Math.min(0, reservoir(p)) * 0.7)
  if (siting === 'field') return (1 - hills) ** 3 * 0.8 + 0.02
  if (siting === 'village') return 0.4 + bustle * Math.exp(-d * d) * 2.5
  return bustle * (0.09 + 1.8 * Math.exp(-(d * d) / 2.2)) * (1 - hills * 0.5)
}

/** A dry place inside the village, mostly near its houses; 6 decimals. */
function spotIn(next: Random, village: Village): [number, number] {
  const [lon, lat] = village.home
  for (let tries = 0; tries < 40; tries++) {
    const reach = tries < 25 ? 0.0034 : 0.0012
    const spot: [number, number] = [
      Math.round((lon + normal(next) * reach) * 1e6) / 1e6,
      Math.round((lat + normal(next) * reach * 0.77) * 1e6) / 1e6,
    ]
    if (reservoir(toPlane(spot)) < 0 && covers(village, spot)) return spot
  }
  return [lon, lat]
}

/** Whether the point (WGS84 [lon, lat]) lies in the village, its holes excepted. */
export function covers(village: Village, point: readonly [number, number]): boolean {
  return village.boundary.coordinates.some(([outer, ...holes]) => {
    const rings = [outer!, ...holes] as unknown as [number, number][][]
    return insideRing(point, rings[0]!) && !rings.slice(1).some((hole) => insideRing(point, hole))
  })
}
