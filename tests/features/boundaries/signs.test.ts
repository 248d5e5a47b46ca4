import { describe, expect, it } from 'vitest'
import { EMPTY_SKETCH } from '../../../src/features/boundaries/deskStore'
import { signsOf } from '../../../src/features/boundaries/signs'
import { measureLines, measuresOf } from '../../../src/features/boundaries/sketchMeasures'
import { sketchFeatures } from '../../../src/features/boundaries/sketchPicture'
import type { Issue } from '../../../src/geo/coverage/types'

const tiny: GeoJSON.Polygon = {
  type: 'Polygon',
  coordinates: [
    [
      [117, 40],
      [117.0000002, 40],
      [117.0000002, 40.0000002],
      [117, 40],
    ],
  ],
}
const issue = (code: Issue['code'], severity: Issue['severity']): Issue => ({
  code,
  severity,
  cells: [1],
  shape: tiny,
  at: [117, 40],
})

describe('signs of checks', () => {
  it('stand at the place of every check, errors on top, and a gap only once', () => {
    const signs = signsOf(
      [issue('OVERLAP', 'error'), issue('SLIVER', 'warning'), issue('GAP', 'warning')],
      [{ polygon: tiny }],
      [],
    )
    expect(signs.map(({ kind, code }) => [kind, code])).toEqual([
      ['gap', 'GAP'],
      ['notice', 'SLIVER'],
      ['error', 'OVERLAP'],
    ])
    expect(signs.every(({ at }) => Math.abs(at[0]! - 117) < 1e-6 && Math.abs(at[1]! - 40) < 1e-6)).toBe(true)
  })

  it('stand for what the database said too, wherever it lies; without a place there is none', () => {
    const line: GeoJSON.LineString = {
      type: 'LineString',
      coordinates: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    }
    const said = (geometry: GeoJSON.Geometry | null, code: string) => ({ geometry, properties: { code } })
    const all: GeoJSON.GeometryCollection = { type: 'GeometryCollection', geometries: [line] }
    expect(
      signsOf(
        [],
        [],
        [
          said(all, 'OVERLAP'),
          said(null, 'DUPLICATE_CODE'),
          said({ type: 'Point', coordinates: [4, 5] }, 'NOT_ALLOWED'),
        ],
      ),
    ).toEqual([
      { at: [2, 2], kind: 'error', code: 'OVERLAP' },
      { at: [4, 5], kind: 'error', code: 'other' },
    ])
  })
})

describe('what is measured', () => {
  const square: [number, number][] = [
    [117, 40],
    [117.01, 40],
    [117.01, 40.01],
    [117, 40.01],
  ]

  it('has a length from two points on, a perimeter and an area from three', () => {
    expect(measureLines(measuresOf(square.slice(0, 2)), 'zh-CN').map(({ key }) => key)).toEqual(['length'])
    const { length, perimeter, area } = measuresOf(square)
    expect(perimeter! - length).toBeCloseTo(1110.4, 0)
    expect(area! / (854 * 1110.4)).toBeCloseTo(1, 2)
    expect(measureLines(measuresOf(square), 'zh-CN').map(({ words }) => words.replace(/^[\d.]+ /, ''))).toEqual([
      '公里',
      '公里',
      '公顷',
    ])
  })

  it('is drawn closed and tinted, with dots, its sums and the length of every leg', () => {
    const features = sketchFeatures('measure', { ...EMPTY_SKETCH, points: square }, 'zh-CN')
    const count = (role: string) => features.filter(({ properties }) => properties?.role === role).length
    expect(['tint', 'dash', 'line', 'point', 'leg', 'word', 'inside'].map(count)).toEqual([1, 1, 1, 4, 3, 1, 1])
  })

  it('of two points says one length only', () => {
    const features = sketchFeatures('measure', { ...EMPTY_SKETCH, points: square.slice(0, 2) }, 'en')
    expect(features.flatMap(({ properties }) => properties?.word ?? [])).toEqual(['854 m'])
  })
})
