import { afterAll, describe, expect, test } from 'vitest'
import { type BoundaryAnswer, violationCodes } from './answers.ts'
import { box, enterprises, openCounty } from './fixtures.ts'

// What somebody with a small right tried in order to get a larger one.
const c = await openCounty()
afterAll(() => c.db.close())

/** A thread of land along 40.15° N, `metres` wide. */
const thread = (west: number, east: number, metres: number) => {
  const half = metres / 2 / 111_000
  return box(west, 40.15 - half, east, 40.15 + half)
}

const draw = (who: 'village' | 'town', change: object, options: object = {}) =>
  c.call<BoundaryAnswer>(who, 'commit_grid_boundaries', {
    p_changes: [{ kind: 'area', name: '线', ...change }],
    p_options: options,
  })

const gridOf = async (id: string): Promise<number> => {
  const { rows } = await c.db.query<{ grid_id: number }>('select grid_id from public.enterprises where id = $1', [id])
  return rows[0]!.grid_id
}

describe('a thread of land thinner than the tolerance', () => {
  test('does not reach out of the parent to somebody else’s enterprise', async () => {
    const answer = await draw('village', { code: 'X1', parent_id: c.grid.v11, boundary: thread(117.09, 117.26, 0.8) })
    expect(answer.status).toBe('rejected')
    expect(violationCodes(answer)).toEqual(['OUTSIDE_PARENT'])
    expect(await gridOf(enterprises.c)).toBe(c.grid.v21)
  })

  test('does not lie on the siblings', async () => {
    const answer = await draw('town', { code: 'X2', parent_id: c.grid.t1, boundary: thread(117.04, 117.16, 0.8) })
    expect(new Set(violationCodes(answer))).toEqual(new Set(['OVERLAP']))
    expect(await gridOf(enterprises.a)).toBe(c.grid.v11)
  })

  test('is not forgiven by a tolerance of the caller’s own', async () => {
    const change = { code: 'X3', parent_id: c.grid.v11, boundary: thread(117.05, 117.26, 60) }
    const answer = await draw('village', change, { tolerance_m: 100, dry_run: true })
    expect(violationCodes(answer)).toEqual(['OUTSIDE_PARENT'])
    expect(answer.moved).toEqual({ enterprises: 0, hazards: 0 })
  })
})

test('placing moves only what the one who draws may move', async () => {
  const misplaced = async (may: number[]) => {
    await c.db.query('update public.enterprises set grid_id = $1 where id = $2', [c.grid.v22, enterprises.c])
    await c.db.query('select private.place_within(null, $1::int[])', [may])
    return gridOf(enterprises.c)
  }
  expect(await misplaced([c.grid.v11, c.grid.v12])).toBe(c.grid.v22)
  expect(await misplaced([c.grid.v22])).toBe(c.grid.v21)
})

test('a grid with areas below it stays an area', async () => {
  const answer = await c.call<BoundaryAnswer>('admin', 'commit_grid_boundaries', {
    p_changes: [{ id: c.grid.t1, kind: 'unit' }],
    p_options: {},
  })
  expect(violationCodes(answer)).toEqual(['BAD_VALUE'])
})

test('who leads nothing is refused before any outline is looked at', async () => {
  const broken = { type: 'Polygon', coordinates: [[[0, 0]]] }
  const answer = await c.call<BoundaryAnswer>('member', 'commit_grid_boundaries', {
    p_changes: [{ code: 'X4', name: '点', kind: 'area', parent_id: c.grid.v11, boundary: broken }],
    p_options: {},
  })
  expect(violationCodes(answer)).toEqual(['NOT_ALLOWED'])
})

test('who has no right at all is given nobody’s phone', async () => {
  const at = { p_lon: 117.05, p_lat: 40.15, p_sector: 'whp', p_at: null }
  const stranger = await c.call<{ industry: unknown; territorial: unknown[] }>('stranger', 'responsible_at', at)
  expect(stranger).toMatchObject({ industry: null, territorial: [] })
  const leader = await c.call<{ industry: unknown }>('leader', 'responsible_at', at)
  expect(leader.industry).not.toBeNull()
})
