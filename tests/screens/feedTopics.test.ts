import { expect, it } from 'vitest'
import type { Me } from '../../src/features/auth/me'
import { feedTopics } from '../../src/screens/feedTopics'

const root = { grid_id: 1, code: '1', name: '县', level: 1, bbox: null }
const town = { grid_id: 2, code: '11', name: '镇', level: 2, bbox: null }
const me = (more: Partial<Me>): Me =>
  ({
    user_id: 'u',
    admin: false,
    positions: [],
    departments: [],
    enterprises: [],
    root: null,
    sectors: [],
    ...more,
  }) as Me

it('everybody listens to the roots of their scope, and nobody beside it', () => {
  const position = (grid_id: number, level: number) => ({
    grid_id,
    level,
    code: '',
    name: '',
    position: 'leader' as const,
  })
  const office = (grid_id: number) => [{ id: 9, name: '局', grid_id, sectors: [4, 5] }]
  expect(feedTopics(me({ admin: true, root }))).toEqual(['grid:1', 'user:u'])
  expect(feedTopics(me({ root, positions: [position(1, 1), position(7, 3)] }))).toEqual(['grid:1', 'user:u'])
  expect(feedTopics(me({ root: town, positions: [position(2, 2)] }))).toEqual(['grid:2', 'user:u'])
  expect(feedTopics(me({ root, departments: office(1) }))).toEqual(['sector:4', 'sector:5', 'user:u'])
  // below the root: the sectors of that grid alone
  expect(feedTopics(me({ root: town, departments: office(2) }))).toEqual(['sector:4.2', 'sector:5.2', 'user:u'])
  expect(
    feedTopics(me({ root, departments: [...office(1), { id: 8, name: '办', grid_id: 2, sectors: [6] }] })),
  ).toEqual(['sector:4', 'sector:5', 'sector:6.2', 'user:u'])
  const firm = [{ id: 'e-1', name: '厂', grid_id: 7 }]
  expect(feedTopics(me({ root: town, enterprises: firm }))).toEqual(['enterprise:e-1', 'user:u'])
  // somebody with a position in a township who is an officer and has an enterprise elsewhere
  expect(feedTopics(me({ root, positions: [position(2, 2)], departments: office(1), enterprises: firm }))).toEqual([
    'grid:2',
    'sector:4',
    'sector:5',
    'enterprise:e-1',
    'user:u',
  ])
})
