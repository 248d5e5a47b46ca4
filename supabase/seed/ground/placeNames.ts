import { between, type Random } from '../random.ts'
import { distance, type Point } from './plane.ts'

const SIDES: Record<string, Point> = { 东: [1, 0], 西: [-1, 0], 南: [0, -1], 北: [0, 1], 前: [0, -1], 后: [0, 1] }
const TWINS = /^(东|西|南|北|前|后|上|下|大|小)(.+)$/
const NEAR_SEAT = /隅|关村|街|里社区|镇村|寺社区/

/**
 * Which name goes to which place within one township. Names that tell their place keep it: 东史各庄 lies east of
 * 西史各庄, the village named like the township stands at its seat (`places[0]`), and neighbours in the list of codes
 * are more often neighbours on the ground. Returns for each place the index of its name.
 */
export function placeNames(
  next: Random,
  names: readonly string[],
  places: readonly Point[],
  seatName: string,
): number[] {
  const at = names.map((_, i) => i)
  const seated = names.findIndex((name) => name === `${seatName}村` || name === seatName)
  if (seated > 0) [at[0], at[seated]] = [seated, 0]
  const twins = twinPairs(names)
  const placeOf = (name: number) => places[at.indexOf(name)]!
  const cost = (name: number): number => {
    const p = placeOf(name)
    let sum = NEAR_SEAT.test(names[name]!) ? distance(p, places[0]!) * 1.5 : 0
    for (const other of [name - 1, name + 1]) if (names[other]) sum += distance(p, placeOf(other)) * 0.25
    for (const { other, side } of twins.get(name) ?? []) {
      const q = placeOf(other)
      sum += distance(p, q) * 2
      if (side) sum += Math.max(0, 0.6 - ((p[0] - q[0]) * side[0] + (p[1] - q[1]) * side[1])) * 4
    }
    return sum
  }
  for (let tries = names.length * 70; tries > 0 && names.length > 2; tries--) {
    const i = between(next, seated >= 0 ? 1 : 0, names.length - 1)
    const j = between(next, seated >= 0 ? 1 : 0, names.length - 1)
    const before = cost(at[i]!) + cost(at[j]!)
    swap(at, i, j)
    if (cost(at[i]!) + cost(at[j]!) > before) swap(at, i, j)
  }
  return at
}

function twinPairs(names: readonly string[]): Map<number, { other: number; side?: Point }[]> {
  const stems = new Map<string, { index: number; prefix: string }[]>()
  names.forEach((name, index) => {
    const match = TWINS.exec(name)
    if (match) stems.set(match[2]!, [...(stems.get(match[2]!) ?? []), { index, prefix: match[1]! }])
  })
  const twins = new Map<number, { other: number; side?: Point }[]>()
  for (const group of stems.values()) {
    for (const a of group) {
      const others = group.filter((b) => b.index !== a.index)
      twins.set(
        a.index,
        others.map((b) => ({ other: b.index, side: SIDES[a.prefix] })),
      )
    }
  }
  return twins
}

function swap(list: number[], i: number, j: number): void {
  const held = list[i]!
  list[i] = list[j]!
  list[j] = held
}
