/** Smooth value noise on a whole-number lattice: −1..1, the same everywhere for the same seed. */
export function noise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const u = fade(x - x0)
  const v = fade(y - y0)
  const top = lattice(x0, y0, seed) * (1 - u) + lattice(x0 + 1, y0, seed) * u
  const bottom = lattice(x0, y0 + 1, seed) * (1 - u) + lattice(x0 + 1, y0 + 1, seed) * u
  return (top * (1 - v) + bottom * v) * 2 - 1
}

/** Several octaves of noise, each twice as fine and half as strong; about −1..1. */
export function fractal(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0
  let size = 1
  let total = 0
  for (let o = 0; o < octaves; o++) {
    sum += noise(x * 2 ** o, y * 2 ** o, seed + o * 101) * size
    total += size
    size /= 2
  }
  return sum / total
}

/** Sharp crests and round valleys (1 on a crest, 0 in a valley): mountains. */
export function ridged(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0
  let size = 1
  let total = 0
  for (let o = 0; o < octaves; o++) {
    const crest = 1 - Math.abs(noise(x * 2 ** o, y * 2 ** o, seed + o * 101))
    sum += crest * crest * size
    total += size
    size *= 0.5
  }
  return sum / total
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10)
}

function lattice(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2246822519)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  h ^= h >>> 16
  return (h >>> 0) / 4294967296
}
