import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { FeatureCollection, LineString, Point } from 'geojson'
import { describe, expect, it } from 'vitest'
import { drawBasemap } from '../../supabase/seed/basemap/draw'
import { readCounty } from '../../supabase/seed/county'
import { drawCounty } from '../../supabase/seed/ground/drawCounty'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('the drawn files', () => {
  it('hold the county that the generator draws', { timeout: 120_000 }, () => {
    expect(`${JSON.stringify(drawCounty())}\n` === file('supabase/seed/data/county.topo.json')).toBe(true)
  })

  it('hold the ground that the generator draws', { timeout: 120_000 }, () => {
    expect(`${JSON.stringify(drawBasemap())}\n` === file('public/basemap/jizhou.json')).toBe(true)
  })

  it('stay small', () => {
    expect(file('supabase/seed/data/county.topo.json').length).toBeLessThan(1_000_000)
    expect(gzipSync(file('public/basemap/jizhou.json')).length).toBeLessThan(350_000)
    expect(gzipSync(file('public/basemap/world.json')).length).toBeLessThan(150_000)
  })
})

describe('the ground of the demo county', () => {
  const { note, layers } = JSON.parse(file('public/basemap/jizhou.json')) as {
    note: string
    layers: Record<string, FeatureCollection>
  }

  it('says that it is a sketch', () => {
    expect(note).toBe('示意数据，边界非行政区划界线')
  })

  it('has every layer', () => {
    for (const name of ['hillshade', 'forest', 'water', 'rivers', 'builtup', 'roads', 'rail', 'places']) {
      expect(layers[name]!.features.length, name).toBeGreaterThan(0)
    }
  })

  it('names every township where its seat is', () => {
    const at = new Map(
      layers.places!.features.map((f) => [f.properties!.name as string, (f.geometry as Point).coordinates]),
    )
    for (const { name, seat } of readCounty().townships) {
      if (name === '文昌街道') expect(at.get('蓟州城区')).toEqual(seat)
      else expect(at.get(name), name).toEqual(seat)
    }
  })

  it('leads a road to every seat', () => {
    const ends = layers.roads!.features.flatMap((f) => (f.geometry as LineString).coordinates)
    for (const { name, seat } of readCounty().townships) {
      const nearest = Math.min(...ends.map(([lon, lat]) => Math.hypot((lon! - seat[0]) * 85, (lat! - seat[1]) * 111)))
      expect(nearest, name).toBeLessThan(0.4)
    }
  })
})
