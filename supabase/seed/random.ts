/** A small seeded generator (mulberry32): the same seed gives the same county on every machine. */
export type Random = () => number

/** Numbers in [0, 1) from a 32-bit seed. */
export function random(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A whole number in [from, to], both included. */
export function between(next: Random, from: number, to: number): number {
  return from + Math.floor(next() * (to - from + 1))
}

/** One element of a list that is not empty. */
export function pick<T>(next: Random, list: readonly T[]): T {
  return list[Math.floor(next() * list.length)]!
}

/** One key of a table of weights; the weights need not sum to one. */
export function weighted<K extends string | number>(next: Random, weights: readonly (readonly [K, number])[]): K {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0)
  let at = next() * sum
  for (const [key, weight] of weights) {
    at -= weight
    if (at < 0) return key
  }
  return weights[weights.length - 1]![0]
}

/** About normal (sum of four uniforms): mean 0, standard deviation about 1. */
export function normal(next: Random): number {
  return (next() + next() + next() + next() - 2) * 1.732
}

/** A new list in random order. */
export function shuffled<T>(next: Random, list: readonly T[]): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const held = out[i]!
    out[i] = out[j]!
    out[j] = held
  }
  return out
}

/** A version-4-shaped uuid out of the generator. */
export function uuid(next: Random): string {
  const hex = (digits: number) =>
    Math.floor(next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[Math.floor(next() * 4)]}${hex(3)}-${hex(8)}${hex(4)}`
}
