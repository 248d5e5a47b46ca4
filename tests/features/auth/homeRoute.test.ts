import { describe, expect, it } from 'vitest'
import { homeRoute } from '../../../src/features/auth/homeRoute'
import { hasNoRight, type Me, type Position, positionOf, safeNext } from '../../../src/features/auth/me'
import { LAYER_IDS, parseLayers } from '../../../src/features/layers/layer'

const nobody: Me = {
  user_id: 'u',
  name: '李明',
  title: null,
  phone: null,
  photo_path: null,
  admin: false,
  positions: [],
  departments: [],
  enterprises: [],
  root: null,
  sectors: [],
  settings: {},
  scope_version: 'v',
}
const county = { grid_id: 1, code: '120119', name: '蓟州区', level: 1 }
const town = { grid_id: 2, code: '120119106', name: '别山镇', level: 2 }
const village = { grid_id: 3, code: '120119106201', name: '别山村', level: 3 }
const root = { ...county, bbox: null }
const holds = (...positions: Position[]): Me => ({ ...nobody, root, positions })

describe('homeRoute', () => {
  it.each([
    ['a county leader', holds({ ...county, position: 'leader' }), {}],
    ['a county deputy', holds({ ...county, position: 'deputy' }), {}],
    ['a township leader', holds({ ...town, position: 'leader' }), { grid: '120119106' }],
    ['a member of a township', holds({ ...town, position: 'member' }), { grid: '120119106' }],
    [
      'an officer of one sector',
      { ...nobody, departments: [{ id: 1, name: '应急局', grid_id: 1, sectors: [4] }] },
      { sector: '4' },
    ],
    [
      'an officer of several sectors',
      { ...nobody, departments: [{ id: 1, name: '应急局', grid_id: 1, sectors: [4, 5] }] },
      {},
    ],
    [
      'an enterprise user',
      { ...nobody, enterprises: [{ id: 'e-1', name: '厂', grid_id: 3 }] },
      { sel: 'enterprise:e-1', layers: 'risk,borders,labels,hazards,enterprises' },
    ],
    ['an administrator', { ...nobody, admin: true, root }, {}],
  ] as const)('%s opens the map of what they answer for', (_, me, query) => {
    expect(homeRoute(me as Me)).toEqual({ path: '/map', query })
  })

  it('brings a duty officer to the duty desk', () => {
    expect(homeRoute(holds({ ...county, position: 'duty' }))).toEqual({ path: '/desk', query: {} })
    const leads = holds({ ...county, position: 'duty' }, { ...county, position: 'leader' })
    expect(homeRoute(leads).path).toBe('/map')
  })

  it('brings who works in a village to their work, on a phone to the pages for a thumb', () => {
    for (const position of ['leader', 'deputy', 'member'] as const) {
      const me = holds({ ...village, position })
      expect(homeRoute(me)).toEqual({ path: '/work', query: {} })
      expect(homeRoute(me, true)).toEqual({ path: '/m/', query: {} })
    }
    const firm = { ...nobody, enterprises: [{ id: 'e-1', name: '厂', grid_id: 3 }] }
    expect(homeRoute(firm, true).path).toBe('/m/')
    expect(homeRoute(holds({ ...town, position: 'leader' }), true).path).toBe('/map')
  })

  it('shows an enterprise layers that the map knows', () => {
    const { query } = homeRoute({ ...nobody, enterprises: [{ id: 'e-1', name: '厂', grid_id: 3 }] })
    const names = query.layers!.split(',')
    expect(names.filter((name) => !(LAYER_IDS as readonly string[]).includes(name))).toEqual([])
    expect(parseLayers(query.layers)?.hazards.on).toBe(true)
  })

  it('lets the widest of several positions decide', () => {
    const both = holds({ ...village, position: 'member' }, { ...town, position: 'leader' })
    expect(homeRoute(both).query).toEqual({ grid: '120119106' })
    expect(homeRoute({ ...both, positions: [...both.positions, { ...county, position: 'leader' }] }).query).toEqual({})
  })

  it('sends an administrator without a county to the import', () => {
    expect(homeRoute({ ...nobody, admin: true })).toEqual({ path: '/import', query: {} })
  })
})

describe('who somebody is', () => {
  it('knows who has no right at all', () => {
    expect(hasNoRight(nobody)).toBe(true)
    expect(hasNoRight({ ...nobody, admin: true })).toBe(false)
    expect(hasNoRight(holds({ ...village, position: 'member' }))).toBe(false)
    expect(hasNoRight({ ...nobody, enterprises: [{ id: 'e', name: '厂', grid_id: null }] })).toBe(false)
  })

  it('names the widest position and its place', () => {
    expect(positionOf(nobody)).toEqual({ word: 'none', at: '' })
    expect(positionOf(holds({ ...county, position: 'leader' }))).toEqual({ word: 'countyLeader', at: '蓟州区' })
    expect(positionOf(holds({ ...county, position: 'duty' }))).toEqual({ word: 'duty', at: '蓟州区' })
    expect(positionOf(holds({ ...village, position: 'member' }, { ...town, position: 'deputy' }))).toEqual({
      word: 'deputy',
      at: '别山镇',
    })
    expect(positionOf({ ...nobody, admin: true, root })).toEqual({ word: 'admin', at: '蓟州区' })
  })
})

describe('safeNext', () => {
  it('follows addresses of this app', () => {
    expect(safeNext('/map?grid=120119106')).toBe('/map?grid=120119106')
    expect(safeNext('/')).toBe('/')
  })

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'map',
    '',
    '/sign-in?next=/sign-in',
    null,
    ['/a'],
  ])('does not follow %j', (next) => expect(safeNext(next)).toBeNull())
})
