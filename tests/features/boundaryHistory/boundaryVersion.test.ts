import { describe, expect, it } from 'vitest'
import {
  aroundEdit,
  type ComparedGrid,
  dayOf,
  endOfDay,
  readPeriod,
  restoreLink,
  stopAt,
  stopsOf,
  writePeriod,
} from '../../../src/features/boundaryHistory/boundaryVersion'
import { changeFeatures } from '../../../src/features/boundaryHistory/historyLayer'

describe('a period in the link', () => {
  it('is read back as it was written', () => {
    const period = { from: '2026-01-01T00:00:00.000Z', to: '2026-11-21T15:59:59.999Z' }
    expect(readPeriod(writePeriod(period))).toEqual(period)
    expect(writePeriod({ from: null, to: null })).toEqual({})
  })

  it('passes over what is no moment', () => {
    for (const word of ['', 'yesterday', '2026-13-45T00:00:00Z', '1', ['2026-01-01T00:00:00Z'], undefined])
      expect(readPeriod({ from: word, to: word })).toEqual({ from: null, to: null })
  })
})

describe('days', () => {
  it('are those of Beijing', () => {
    expect(dayOf('2026-11-21T16:30:00Z')).toBe('2026-11-22')
    expect(endOfDay('2026-11-21', new Date('2027-01-01T00:00:00Z'))).toBe('2026-11-21T15:59:59.999Z')
  })

  it('end now when they are not over, and are refused when they are none', () => {
    expect(endOfDay('2026-11-22', new Date('2026-11-22T01:00:00Z'))).toBe('2026-11-22T01:00:00.000Z')
    for (const word of ['', '2026-1-1', '2026-13-01', 'x']) expect(endOfDay(word)).toBeNull()
  })
})

describe('the moments between edits', () => {
  const edits = ['2026-11-21T10:00:00.123456+00:00', '2026-11-20T10:00:00+00:00']
  const stops = stopsOf(edits)

  it('begin before the oldest and end after the newest', () => {
    expect(stops).toEqual(['2026-11-20T09:59:59.999Z', '2026-11-20T10:00:00.001Z', '2026-11-21T10:00:00.124Z'])
    expect(stopsOf([])).toEqual([])
  })

  it('are found again by any moment between them', () => {
    expect(stopAt(stops, null)).toBe(2)
    expect(stopAt(stops, '2026-11-20T23:00:00Z')).toBe(1)
    expect(stopAt(stops, '2020-01-01T00:00:00Z')).toBe(0)
    expect(stopAt(stops, '2030-01-01T00:00:00Z')).toBe(2)
    expect(stops.map((stop) => stopAt(stops, stop))).toEqual([0, 1, 2])
  })

  it('hold an edit between them, to the microsecond of the database', () => {
    const { from, to } = aroundEdit(edits[0]!)
    expect(from < '2026-11-21T10:00:00.123456Z' && to > '2026-11-21T10:00:00.123456Z').toBe(true)
  })
})

describe('what changed', () => {
  const land: GeoJSON.MultiPolygon = { type: 'MultiPolygon', coordinates: [] }
  const grid = (id: number, gained: boolean, lost: boolean, self = false) =>
    ({ id, name: `${id}`, self, gained: gained ? land : null, lost: lost ? land : null }) as ComparedGrid
  const grids = [grid(1, true, false, true), grid(2, true, false), grid(3, false, true), grid(4, true, true)]
  const ways = (chosen: number | null) =>
    changeFeatures(grids, chosen).features.map((feature) => `${feature.properties?.id} ${feature.properties?.way}`)

  it('is drawn for all children, or for the one that is looked at', () => {
    expect(ways(null)).toEqual(['2 gained', '3 lost', '4 lost', '4 gained'])
    expect(ways(3)).toEqual(['3 lost'])
    expect(ways(1)).toEqual(['1 gained'])
    expect(ways(99)).toEqual([])
  })

  it('is taken back by a link to the editor', () => {
    expect(restoreLink('120119106', 7, 3)).toEqual({ path: '/boundaries/120119106', query: { restore: '7@3' } })
  })
})
