import { describe, expect, it } from 'vitest'
import { formatCamera, formatLink, type MapLink, parseCamera, parseLink } from '../../src/screens/map/mapLink'

const id = '3f2b8c1e-0000-4000-8000-00000000abcd'

describe('the link of the map', () => {
  const links: MapLink[] = [
    {
      grid: null,
      sel: null,
      ask: null,
      sector: null,
      on: null,
      days: 7,
      versus: null,
      level: 'auto',
      layers: null,
      camera: null,
    },
    {
      grid: '120119106',
      sel: { kind: 'enterprise', id },
      ask: null,
      sector: 3,
      on: '2026-10-03',
      days: 365,
      versus: { day: '2025-10-03' },
      level: 3,
      layers: 'risk@45~4,borders',
      camera: { center: [117.42181, 39.93788], zoom: 11.33 },
    },
    ...[{ day: null }, { sector: null }, { sector: 5 }].map(
      (versus): MapLink => ({
        grid: '120119',
        sel: { kind: 'hazard', id },
        ask: [117.421811, 39.937882],
        sector: null,
        on: null,
        days: 30,
        versus,
        level: 2,
        layers: 'none',
        camera: null,
      }),
    ),
  ]
  it.each(links)('survives the way there and back: %j', (link) => {
    expect(parseLink(formatLink(link))).toEqual(link)
  })

  it('is short when nothing is chosen', () => {
    expect(formatLink(links[0]!)).toEqual({})
  })

  it('opens the map however damaged it is', () => {
    const damaged = {
      sel: 'enterprise:1 or 1=1',
      sector: '-4',
      level: '9',
      c: '1,2',
      grid: '',
      layers: null,
      days: '8',
    }
    for (const on of ['2026-02-30', '20261003', '2026-1-3', 'yesterday', '-infinity', "2026-10-03'"])
      for (const vs of ['sector:', 'sector:-1', 'sector:x', '2026-13-01', 'now'])
        expect(parseLink({ ...damaged, on, vs })).toEqual(links[0])
    for (const ask of ['', '117', '117,91', ',40', '117,40,1', 'a,b', '1e9,2', 'NaN,1'])
      expect(parseLink({ ...damaged, ask }), ask).toEqual(links[0])
    expect(parseLink({ sel: `person:${id}`, grid: ['a', 'b'] })).toMatchObject({ sel: null, grid: 'a' })
  })

  it('takes only a camera that exists', () => {
    expect(parseCamera('117.4,40,11')).toEqual({ center: [117.4, 40], zoom: 11 })
    for (const word of ['', '117,40', '117,91,9', '190,40,9', '117,40,99', '117,,9', 'a,b,c', '1,2,3,4']) {
      expect(parseCamera(word)).toBeNull()
    }
    expect(formatCamera({ center: [117.4218123, 39.9], zoom: 11.333 })).toBe('117.42181,39.9,11.33')
  })
})
