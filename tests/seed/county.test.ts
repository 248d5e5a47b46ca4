import type { MultiPolygon, Position } from 'geojson'
import { describe, expect, it } from 'vitest'
import { readCounty } from '../../supabase/seed/county'
import { toPlane } from '../../supabase/seed/ground/plane'
import { reservoir } from '../../supabase/seed/ground/terrain'
import { covers } from '../../supabase/seed/rows/places'
import { namedVillages } from '../../supabase/seed/sources'

const county = readCounty()

/** Every edge of a boundary as "from>to", in the direction drawn. */
function edges(boundary: MultiPolygon): string[] {
  return boundary.coordinates.flat().flatMap((ring) => ring.slice(1).map((to, i) => `${ring[i]!.join()}>${to.join()}`))
}

const reversed = (edge: string) => edge.split('>').reverse().join('>')

/** What is left of the edges of many boundaries when those drawn both ways fall away: their common outline. */
function outlineOf(boundaries: MultiPolygon[]): Set<string> {
  const left = new Set<string>()
  for (const edge of boundaries.flatMap(edges)) if (!left.delete(reversed(edge))) left.add(edge)
  return left
}

describe('the demo county', () => {
  it('has 28 townships and 983 villages by their real names and codes', () => {
    expect(county.code).toBe('120119')
    expect(county.townships).toHaveLength(28)
    expect(county.villages).toHaveLength(983)
    expect(county.villages.filter((v) => v.township === '120119106')).toHaveLength(50)
    const named = new Map(namedVillages().map((v) => [v.code, v]))
    for (const village of county.villages) {
      expect(named.get(village.code)?.name).toBe(village.name)
      expect(named.get(village.code)?.township).toBe(village.township)
    }
    expect(new Set(county.villages.map((v) => v.code)).size).toBe(983)
    expect(county.villages.find((v) => v.code === '120119106215')?.name).toBe('别山村')
  })

  it('nests to the bit: the outline of the villages is the township, that of the townships is the county', () => {
    for (const township of county.townships) {
      const villages = county.villages.filter((v) => v.township === township.code).map((v) => v.boundary)
      expect(outlineOf(villages)).toEqual(new Set(edges(township.boundary)))
    }
    expect(outlineOf(county.townships.map((t) => t.boundary))).toEqual(new Set(edges(county.boundary)))
  })

  it('has no edge drawn twice in one direction: nothing overlaps along a border', () => {
    const all = county.villages.flatMap((v) => edges(v.boundary))
    expect(new Set(all).size).toBe(all.length)
  })

  it('writes closed rings with at most 7 decimals, about 20 to 60 vertices a village', () => {
    const counts: number[] = []
    for (const { boundary } of [...county.villages, ...county.townships, county]) {
      for (const ring of boundary.coordinates.flat()) {
        expect(ring.length).toBeGreaterThan(3)
        expect(ring[0]).toEqual(ring.at(-1))
        for (const position of ring) for (const value of position) expect(Number(value.toFixed(7))).toBe(value)
      }
    }
    for (const { boundary } of county.villages) counts.push(boundary.coordinates.flat(2).length)
    counts.sort((a, b) => a - b)
    expect(counts[49]).toBeGreaterThan(18)
    expect(counts[933]).toBeLessThan(65)
    expect(JSON.stringify(county.villages.map((v) => v.boundary)).length).toBeLessThan(1_500_000)
  })

  it('has a village with a hole and a village in two pieces', () => {
    expect(county.villages.filter((v) => v.boundary.coordinates.some((rings) => rings.length > 1))).toHaveLength(1)
    expect(county.villages.filter((v) => v.boundary.coordinates.length > 1)).toHaveLength(1)
  })

  it('puts houses on dry land inside their village and seats inside their township', () => {
    for (const village of county.villages) {
      expect(covers(village, village.home), village.name).toBe(true)
      expect(reservoir(toPlane(village.home)), village.name).toBeLessThan(0)
    }
    for (const township of county.townships) {
      const inside = (at: Position) =>
        covers({ ...county.villages[0]!, boundary: township.boundary }, at as [number, number])
      expect(inside(township.seat), township.name).toBe(true)
    }
  })

  it('lays twin names the way they say: 东 east of 西', () => {
    const at = new Map(county.villages.map((v) => [`${v.township}${v.name}`, v.home]))
    const pairs = county.villages.filter((v) => v.name.startsWith('东') && at.has(`${v.township}西${v.name.slice(1)}`))
    const right = pairs.filter((v) => v.home[0] > at.get(`${v.township}西${v.name.slice(1)}`)![0])
    expect(pairs.length).toBeGreaterThan(30)
    expect(right.length / pairs.length).toBeGreaterThan(0.85)
  })
})
