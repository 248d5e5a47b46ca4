import type { MultiPolygon, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { openCoverage } from '../../src/geo/coverage/open'
import { gapsOf } from '../../src/geo/coverage/read'
import { areaM2 } from '../../src/geo/measure'
import { type RepairKind, repair } from '../../src/geo/repair'
import { readCounty } from '../../supabase/seed/county'
import { at, box, polygon, ring } from './coverage/ground'
import { randomFrom } from './coverage/randomGround'

const feature = (key: string, geometry: Polygon | MultiPolygon) => ({ key, geometry })
const kindsOf = (proposal: { kind: RepairKind }[]) => [...new Set(proposal.map((item) => item.kind))].sort()
const total = (features: { geometry: Polygon | MultiPolygon }[]) =>
  features.reduce((sum, f) => sum + areaM2(f.geometry), 0)
const METRE = 0.0009 // steps of the board (0.01°) that are a metre of latitude

describe('repair', () => {
  it('finds nothing in what fits, and gives back the same objects', () => {
    const fits = [feature('a', polygon(box(0, 0, 1, 1))), feature('b', polygon(box(1, 0, 2, 1)))]
    const { proposal, apply } = repair(fits)
    expect(proposal).toEqual([])
    expect(apply()).toEqual(fits)
    expect(apply()[0]).toBe(fits[0])
  })

  it('a corner upon a border becomes a corner of both', () => {
    const features = [
      feature('a', polygon(box(0, 0, 2, 1))),
      feature('b', polygon(box(0, 1, 1, 2))),
      feature('c', polygon(box(1, 1, 2, 2))),
    ]
    const { proposal, apply } = repair(features)
    expect(proposal).toMatchObject([{ kind: 't_junction', at: at(1, 1), moved_m: 0 }])
    expect(proposal[0]!.keys.sort()).toEqual(['a', 'b', 'c'])
    const [a, b] = apply()
    expect(a!.geometry.type).toBe('Polygon')
    expect(a!.geometry.coordinates[0]).toContainEqual(at(1, 1))
    expect(b).toBe(features[1])
    expect(repair(apply()).proposal).toEqual([])
  })

  it('corners that are nearly one fall together, within the tolerance only', () => {
    const off = 1 + 0.5 * METRE
    const features = [
      feature('a', polygon(box(0, 0, 1, 1))),
      feature('b', polygon(ring([1, 0], [2, 0], [2, 1], [off, 1]))),
    ]
    const { proposal, apply } = repair(features)
    expect(kindsOf(proposal)).toEqual(['near_border'])
    expect(proposal[0]!.moved_m).toBeCloseTo(0.5 * Math.cos((40 * Math.PI) / 180), 1)
    expect(repair(apply()).proposal).toEqual([])
    expect(repair(features, 0.1).proposal.filter((item) => item.kind === 'near_border')).toEqual([])
  })

  it('thin overlaps and gaps go whole to one side; wide ones stay', () => {
    const bent = (x: number): [number, number][] => [
      [1, 0],
      [x, 0.5],
      [1, 1],
    ]
    const left = polygon(ring([0, 0], ...bent(1 + 0.6 * METRE), [0, 1]))
    const right = (x: number) => polygon(ring(...bent(x), [2, 1], [2, 0]))
    const overlap = [feature('a', left), feature('b', right(1 - 0.6 * METRE))]
    const { proposal, apply } = repair(overlap)
    expect(kindsOf(proposal)).toEqual(['near_border'])
    expect(repair(apply()).proposal).toEqual([])
    const thin = [
      feature('a', polygon(ring([0, 0], ...bent(1 + METRE), [0, 1]))),
      feature('b', polygon(box(1, 0, 2, 1))),
    ]
    expect(kindsOf(repair(thin).proposal)).toEqual(['sliver_overlap'])
    expect(repair(thin).proposal[0]).toMatchObject({ keys: ['a', 'b'] })
    expect(repair(repair(thin).apply()).proposal).toEqual([])
    const gap = [
      feature('a', polygon(ring([0, 0], ...bent(1 - METRE), [0, 1]))),
      feature('b', polygon(box(1, 0, 2, 1))),
    ]
    expect(kindsOf(repair(gap).proposal)).toEqual(['sliver_gap'])
    expect(repair(gap).apply(['t_junction', 'sliver_overlap'])).toEqual(gap)
    expect(repair(repair(gap).apply(['sliver_gap'])).proposal).toEqual([])
    expect(repair([feature('a', left), feature('b', right(1 - 0.05))]).proposal).toEqual([])
  })

  it('leaves what is no polygon as it is', () => {
    const broken = feature('x', polygon([at(0, 0), at(1, 1)]))
    const features = [broken, feature('a', polygon(box(0, 0, 2, 1))), feature('b', polygon(box(0, 1, 1, 2)))]
    expect(repair(features).apply()[0]).toBe(broken)
  })

  it('a survey of the demo township, each village on its own with 0.3 m of noise, fits again', () => {
    const next = randomFrom(7)
    const noise = () => (next() - 0.5) * 2 * 0.3 * 9e-6
    const county = readCounty()
    const villages = county.villages.filter((v) => v.township === '120119106')
    const noisy = villages.map(({ code, boundary }) =>
      feature(code, {
        type: 'MultiPolygon',
        coordinates: boundary.coordinates.map((part) =>
          part.map((line) => {
            const moved = line.slice(1).map(([lon, lat]) => [lon! + noise(), lat! + noise()])
            return [moved[moved.length - 1]!, ...moved]
          }),
        ),
      }),
    )
    const { proposal, apply } = repair(noisy)
    expect(proposal.length).toBeGreaterThan(500)
    const mended = apply()
    expect(repair(mended).proposal.length).toBe(0)
    expect(Math.abs(total(mended) / total(villages.map((v) => ({ geometry: v.boundary }))) - 1)).toBeLessThan(1e-4)
    const outline = county.townships.find((t) => t.code === '120119106')!.boundary
    const answer = openCoverage(
      { id: 1, level: 2, parent: null, geometry: outline },
      mended.map(({ geometry }, i) => ({ id: i + 10, level: 3, parent: 1, geometry })),
    )
    if (!answer.ok) throw new Error(answer.reason.code)
    // none between villages: only along the township's outline, which was not part of the survey
    for (const gap of gapsOf(answer.coverage)) expect(gap.area_m2).toBeLessThan(2000)
    expect(answer.untidy.every((issue) => issue.cells.includes(1))).toBe(true)
  })
})
