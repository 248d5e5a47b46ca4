import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DensityPoints, factorOf, fullOf, RADIUS_M, weightsOf } from '../../../src/features/density/density'
import { densityScene } from '../../../src/features/density/densityLayer'
import { CLASSES, classOf, hexagonsOf } from '../../../src/features/density/hexagons'
import { FALLBACK } from '../../../src/map/palette'

const weights = { hazard_major: 10, hazard_general: 1, enterprise_red: 20, enterprise_blue: 0.5, accident_larger: 20 }

/** Metres between two places, on a sphere. */
function metres([lon, lat]: readonly number[], [lon2, lat2]: readonly number[]): number {
  const rad = Math.PI / 180
  const a =
    Math.sin(((lat2! - lat!) * rad) / 2) ** 2 +
    Math.cos(lat! * rad) * Math.cos(lat2! * rad) * Math.sin(((lon2! - lon!) * rad) / 2) ** 2
  return 2 * 6_378_137 * Math.asin(Math.sqrt(a))
}

const somewhere = fc.array(
  fc.record({
    lon: fc.double({ min: 117.1, max: 117.8, noNaN: true }),
    lat: fc.double({ min: 39.7, max: 40.3, noNaN: true }),
    factor: fc.constantFrom('hazard_major', 'hazard_general', 'unknown'),
  }),
  { maxLength: 60 },
)
const columns = (rows: { lon: number; lat: number; factor: string }[]): DensityPoints => ({
  lon: rows.map((row) => row.lon),
  lat: rows.map((row) => row.lat),
  factor: rows.map((row) => row.factor),
})

describe('hexagons', () => {
  it('hold every point that weighs something, once, within reach of its cell, and lose no weight', () => {
    fc.assert(
      fc.property(somewhere, (rows) => {
        const cells = hexagonsOf(columns(rows), weights, 1_000, 40)
        const heavy = rows.filter(({ factor }) => factor !== 'unknown')
        expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(heavy.length)
        const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0)
        expect(sum(cells.map(({ weight }) => weight))).toBe(
          sum(heavy.map(({ factor }) => weights[factor as keyof typeof weights])),
        )
        for (const row of heavy) {
          const near = cells.some(({ ring }) => {
            const middle = [0, 1].map((axis) => sum(ring.slice(0, 6).map((corner) => corner[axis]!)) / 6)
            return metres(middle, [row.lon, row.lat]) <= 1_005
          })
          expect(near).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('are regular, closed and of the size they say', () => {
    const [cell] = hexagonsOf(columns([{ lon: 117.4, lat: 40, factor: 'hazard_major' }]), weights, 1_000, 40)
    const { ring } = cell!
    expect(ring).toHaveLength(7)
    expect(ring[0]).toEqual(ring[6])
    for (let i = 0; i < 6; i++) expect(Math.abs(metres(ring[i]!, ring[i + 1]!) - 1_000)).toBeLessThan(3)
  })

  it('get darker class by class', () => {
    expect(CLASSES.map((from) => classOf(from * 10, 10))).toEqual([0, 1, 2, 3, 4])
    expect(classOf(2.49, 10)).toBe(0)
    expect(classOf(1e9, 10)).toBe(4)
  })
})

describe('the density', () => {
  it('weighs as the rules do, and says which', () => {
    expect(factorOf('hazards', 1)).toBe('hazard_major')
    expect(factorOf('hazards', 3)).toBe('hazard_general')
    expect(factorOf('enterprises', 0)).toBeNull()
    expect(factorOf('accidents', 1)).toBe('accident_extraordinary')
    expect(weightsOf('hazards', weights)).toEqual([
      { factor: 'hazard_major', weight: 10 },
      { factor: 'hazard_general', weight: 1 },
    ])
    expect(weightsOf('enterprises', weights).map(({ weight }) => weight)).toEqual([20, 0.5])
    expect(fullOf('accidents', weights)).toBe(20)
    expect(fullOf('accidents', {})).toBe(1)
  })

  it('draws a kernel of the same size on the ground at every zoom, one full record in full ink, in no colour of a level', () => {
    const look = { of: 'hazards', as: 'kernel', weights, palette: FALLBACK.light, opacity: 0.8 } as const
    const scene = densityScene(columns([{ lon: 117.4, lat: 40, factor: 'hazard_major' }]), look)
    const [layer] = scene.layers?.heat ?? []
    if (layer?.type !== 'heatmap') throw new Error('no heatmap')
    const radius = layer.paint?.['heatmap-radius'] as number[]
    const pixels = radius.at(-1)!
    const metresPerPixel = (40_075_016.686 * Math.cos((40 * Math.PI) / 180)) / (512 * 2 ** 14)
    expect(pixels * metresPerPixel).toBeCloseTo(RADIUS_M.hazards, 3)
    expect(radius.at(-3)! * 2 ** 14).toBeCloseTo(pixels, 6)
    // what MapLibre adds up in the middle of one point: weight × intensity × the height of its Gaussian
    expect((layer.paint?.['heatmap-intensity'] as number) * 0.3989422804014327).toBeCloseTo(1, 9)
    for (const colour of FALLBACK.light.risk.slice(1)) expect(JSON.stringify(scene)).not.toContain(colour)
  })
})
