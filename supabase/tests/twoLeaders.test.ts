import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BoundaryAnswer, violationCodes } from './answers.ts'
import { box, type County, one, openCounty, type Person } from './fixtures.ts'

// Two leaders at the same instant. On native PostgreSQL these are two connections and a lock between them; the
// embedded engine lets one wait for the other before it begins.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const commit = (who: Person, changes: object[], options: object = {}) =>
  c.call<BoundaryAnswer>(who, 'commit_grid_boundaries', { p_changes: changes, p_options: options })

/** Square degrees that siblings have in common, that stick out of their parent, and that nobody covers. */
async function disorder(): Promise<{ common: number; outside: number; gap: number }> {
  const found = await one<{ common: number; outside: number; gap: number }>(
    c.db,
    `select
       (select coalesce(sum(extensions.ST_Area(extensions.ST_Intersection(a.boundary, b.boundary))), 0)
        from public.grids a join public.grids b on b.parent_id = a.parent_id and b.id > a.id
        where a.retired_at is null and b.retired_at is null) as common,
       (select coalesce(sum(extensions.ST_Area(extensions.ST_Difference(k.boundary, p.boundary))), 0)
        from public.grids k join public.grids p on p.id = k.parent_id where k.retired_at is null) as outside,
       (select coalesce(sum(extensions.ST_Area(extensions.ST_Difference(p.boundary, (
           select extensions.ST_Union(k.boundary) from public.grids k where k.parent_id = p.id and k.retired_at is null)))), 0)
        from public.grids p where exists (select from public.grids k where k.parent_id = p.id)) as gap`,
  )
  return found
}

/**
 * Lets `first` do its work and hold it open until `second`, on a connection of its own, waits for it.
 * @returns what the second is told
 */
async function behind<T>(
  first: Person,
  work: [changes: object[], options: object],
  second: () => Promise<T>,
): Promise<T> {
  let waiting: Promise<T> | undefined
  await c.as(first).transaction(async (session) => {
    const { rows } = await session.query<{ status: string }>(
      `select public.commit_grid_boundaries($1::text::jsonb, $2::text::jsonb) ->> 'status' as status`,
      work.map((part) => JSON.stringify(part)),
    )
    expect(rows[0]!.status).toBe('committed')
    waiting = second()
    let answered = false
    const done = () => {
      answered = true
    }
    waiting.then(done, done)
    if (c.db.engine === 'postgres') {
      let locked = 0
      while (locked === 0 && !answered) {
        // a connection that was opened meanwhile is not seen in what this transaction has looked at before
        await session.query('select pg_stat_clear_snapshot()')
        const { rows: locks } = await session.query<{ n: number }>(
          `select count(*)::int as n from pg_locks l join pg_stat_activity a on a.pid = l.pid
           where not l.granted and a.datname = current_database()`,
        )
        locked = locks[0]!.n
      }
    }
  })
  return waiting!
}

/** Lets `first` do its work and hold it open while `second`, on a connection of its own, does all of its own. */
async function beside<T>(first: Person, changes: object[], second: () => Promise<T>): Promise<T> {
  let answered: Promise<T> | undefined
  await c.as(first).transaction(async (session) => {
    const { rows } = await session.query<{ status: string }>(
      `select public.commit_grid_boundaries($1::text::jsonb) ->> 'status' as status`,
      [JSON.stringify(changes)],
    )
    expect(rows[0]!.status).toBe('committed')
    answered = second()
    // the embedded engine has one connection: there the second can only come after
    if (c.db.engine === 'postgres') await answered
  })
  return answered!
}

async function versions(): Promise<Record<string, number>> {
  const { rows } = await c.db.query<{ code: string; version: number }>(
    'select code, version from public.grids where retired_at is null',
  )
  return Object.fromEntries(rows.map((row) => [row.code, row.version]))
}

const villages = (x: number, version?: Record<string, number>) => [
  { id: c.grid.v11, boundary: box(117, 40.1, x, 40.2), ...(version && { version: version['10101'] }) },
  { id: c.grid.v12, boundary: box(x, 40.1, 117.2, 40.2), ...(version && { version: version['10102'] }) },
]

describe('the second waits for the first and then sees what it did', () => {
  test('the same border moved by both: the second is told of the conflict, nothing is overwritten', async () => {
    const read = await versions()
    const late = await behind('town', [villages(117.12, read), { note: '先' }], () =>
      commit('leader', villages(117.08, read)),
    )
    expect(late).toMatchObject({ status: 'conflict', grids: [{ version: 2 }, { version: 2 }] })
    expect(late.current!.features.map((f) => f.properties!.changed_by)).toEqual(['人town', '人town'])
    expect(await disorder()).toEqual({ common: 0, outside: 0, gap: 0 })
  })

  test('each moves one side into the other without naming a version: an overlap is refused', async () => {
    const [west] = villages(117.11)
    const [, east] = villages(117.11)
    // a strip between 117.11 and 117.13 belongs to nobody, and both take all of it
    await commit('town', [west!, { ...east!, boundary: box(117.13, 40.1, 117.2, 40.2) }])
    const late = await behind('town', [[{ id: c.grid.v11, boundary: box(117, 40.1, 117.129, 40.2) }], {}], () =>
      commit('leader', [{ id: c.grid.v12, boundary: box(117.111, 40.1, 117.2, 40.2) }]),
    )
    expect(late.status).toBe('rejected')
    expect(violationCodes(late)).toEqual(['OVERLAP'])
    expect((await disorder()).common).toBe(0)
    await commit('town', villages(117.1))
  })
})

describe('a lost answer', () => {
  test('the outcome waits for the call that is still at work', async () => {
    const request = randomUUID()
    const outcome = await behind('town', [villages(117.11), { request_id: request }], () =>
      c.call<{ status: string }>('town', 'commit_outcome', { p_request: request }),
    )
    expect(outcome.status).toBe('committed')
  })

  test('sent a second time while the first is at work, it commits once', async () => {
    const request = randomUUID()
    const before = await versions()
    const again = await behind('town', [villages(117.12), { request_id: request }], () =>
      commit('town', villages(117.12), { request_id: request }),
    )
    expect(again).toMatchObject({ status: 'committed', repeated: true })
    expect((await versions())['10101']).toBe(before['10101']! + 1)
  })
})

test('forty edits from both sides, two at a time: whatever lands, nothing overlaps and nothing is lost', async () => {
  let seed = 7
  const random = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  const at = () => Math.round((117.05 + random() * 0.12) * 1e4) / 1e4
  const landed = { committed: 0, conflict: 0, rejected: 0, valid: 0 }
  for (let round = 0; round < 20; round++) {
    const read = await versions()
    const withVersion = random() < 0.5 ? read : undefined
    const answers = await Promise.all([
      commit('town', villages(at(), withVersion)),
      commit('leader', villages(at(), withVersion)),
    ])
    for (const answer of answers) landed[answer.status]++
    expect(await disorder()).toEqual({ common: 0, outside: 0, gap: 0 })
  }
  expect(landed.committed).toBeGreaterThanOrEqual(20)
  expect(landed.committed + landed.conflict + landed.rejected).toBe(40)
})

describe('leaders of different townships', () => {
  const eastern = (x: number) => [
    { id: c.grid.v21, boundary: box(117.2, 40.1, x, 40.2) },
    { id: c.grid.v22, boundary: box(x, 40.1, 117.4, 40.2) },
  ]
  const made = (code: string, parent: number, x: number) => ({
    code,
    name: `新村${code}`,
    kind: 'unit',
    parent_id: parent,
    boundary: box(x, 40.12, x + 0.01, 40.13),
  })

  test('do not wait for each other, also when both make new grids', async () => {
    const both = await beside('town', [...villages(117.11), made('10107', c.grid.v11, 117.02)], () =>
      commit('town2', [...eastern(117.31), made('10207', c.grid.v21, 117.22)]),
    )
    expect(both.status).toBe('committed')
    expect(await disorder()).toMatchObject({ common: 0, outside: 0 })
  })

  test.each(['town', 'town2'] as const)('the county leader who moves their common border waits for %s', async (who) => {
    const before = await versions()
    const up = [
      { id: c.grid.t1, version: before['101'], boundary: box(117, 40.1, 117.19, 40.2) },
      { id: c.grid.v12, version: before['10102'], boundary: box(117.11, 40.1, 117.19, 40.2) },
      { id: c.grid.t2, version: before['102'], boundary: box(117.19, 40.1, 117.4, 40.2) },
      { id: c.grid.v21, version: before['10201'], boundary: box(117.19, 40.1, 117.31, 40.2) },
    ]
    const theirs = who === 'town' ? villages(117.12) : eastern(117.32)
    const late = await behind(who, [theirs, {}], () => commit('leader', up))
    expect(late.status).toBe('conflict')
    await commit('leader', [...villages(117.11), ...eastern(117.31)])
  })

  test('who makes something deep in a township waits for whoever moves the township', async () => {
    const renamed = [{ id: c.grid.t1, name: '别山镇' }]
    const late = await behind('leader', [renamed, {}], () => commit('village', [made('10108', c.grid.v11, 117.04)]))
    expect(late.status).toBe('committed')
    await commit('leader', [...villages(117.1), ...eastern(117.3)])
    await c.db.query(`update public.grids set retired_at = now() where kind = 'unit'`)
  })
})

describe('several levels', () => {
  test('the border of the townships and a village beside it', async () => {
    await commit('town', villages(117.1))
    const read = await versions()
    const up = [
      { id: c.grid.t1, version: read['101'], boundary: box(117, 40.1, 117.18, 40.2) },
      { id: c.grid.v12, version: read['10102'], boundary: box(117.1, 40.1, 117.18, 40.2) },
      { id: c.grid.t2, version: read['102'], boundary: box(117.18, 40.1, 117.4, 40.2) },
      { id: c.grid.v21, version: read['10201'], boundary: box(117.18, 40.1, 117.3, 40.2) },
    ]
    const late = await behind('leader', [up, {}], () => commit('town', villages(117.15, read)))
    expect(late).toMatchObject({ status: 'conflict', grids: [{ id: c.grid.v12 }] })
    // without versions the old outline is judged within the new parent
    expect(violationCodes(await commit('town', villages(117.15)))).toEqual(['OUTSIDE_PARENT'])
    expect(await disorder()).toEqual({ common: 0, outside: 0, gap: 0 })
  })

  test('a village goes to another town while its border is being moved', async () => {
    const read = await versions()
    await commit('leader', [
      { id: c.grid.v22, version: read['10202'], boundary: box(117.35, 40.1, 117.4, 40.2) },
      { code: '10203', name: '三村', parent_id: c.grid.t2, boundary: box(117.3, 40.1, 117.35, 40.2) },
    ])
    const { id } = await one<{ id: number }>(c.db, `select id from public.grids where code = '10203'`)
    const away = [
      { id: c.grid.t2, boundary: box(117.18, 40.1, 117.3, 40.2) },
      { code: '103', name: '新镇', parent_id: c.grid.root, boundary: box(117.3, 40.1, 117.4, 40.2) },
      { id: c.grid.v22, parent_code: '103' },
      { id, parent_code: '103' },
    ]
    const late = await behind('leader', [away, {}], () =>
      commit('town2', [{ id, boundary: box(117.29, 40.1, 117.35, 40.2) }]),
    )
    expect(violationCodes(late)).toEqual(['NOT_FOUND'])
    expect(await disorder()).toEqual({ common: 0, outside: 0, gap: 0 })
  })

  test('the same code for two new villages', async () => {
    const made = (x: number) => ({
      code: '10109',
      name: `村${x}`,
      parent_id: c.grid.v11,
      boundary: box(x, 40.1, x + 0.02, 40.2),
    })
    const late = await behind('town', [[made(117.01)], {}], () => commit('leader', [made(117.05)]))
    expect(violationCodes(late)).toEqual(['DUPLICATE_CODE'])
  })
})
