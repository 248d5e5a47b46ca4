import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bd09ToWgs84, gcj02ToWgs84, wgs84ToBd09, wgs84ToGcj02 } from '../../src/geo/gcj'

const METRE = 1e-5

describe('GCJ-02 and BD-09', () => {
  // Published test points of eviltransform (github.com/googollee/eviltransform), as [wgs, gcj].
  it.each([
    [
      [121.5272106, 31.1774276],
      [121.531541859215, 31.17530398364597],
    ],
    [
      [113.912316, 22.543847],
      [113.9171764808363, 22.540796131694766],
    ],
    [
      [116.377817, 39.911954],
      [116.38404722455657, 39.91334545536069],
    ],
  ] as [number, number][][])('%j', (wgs, gcj) => {
    const [lon, lat] = wgs84ToGcj02(wgs!)
    expect(Math.abs(lon - gcj![0])).toBeLessThan(1e-8)
    expect(Math.abs(lat - gcj![1])).toBeLessThan(1e-8)
  })

  it('there and back within a centimetre everywhere in China', () => {
    const china = fc.tuple(fc.double({ min: 75, max: 134, noNaN: true }), fc.double({ min: 19, max: 52, noNaN: true }))
    fc.assert(
      fc.property(china, (p) => {
        for (const [there, back] of [
          [wgs84ToGcj02, gcj02ToWgs84],
          [wgs84ToBd09, bd09ToWgs84],
        ] as const) {
          const [lon, lat] = back(there(p))
          expect(Math.abs(lon - p[0])).toBeLessThan(METRE / 100)
          expect(Math.abs(lat - p[1])).toBeLessThan(METRE / 100)
        }
      }),
      { seed: 42, numRuns: 300 },
    )
  })

  it('outside China nothing moves, and the input is not changed', () => {
    expect(wgs84ToGcj02([-73.9, 40.7])).toEqual([-73.9, 40.7])
    const p: [number, number] = [117, 40]
    gcj02ToWgs84(p)
    expect(p).toEqual([117, 40])
  })
})
