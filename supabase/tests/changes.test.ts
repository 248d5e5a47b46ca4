import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type County, enterprises, failure, hazards, openCounty, type Person, people } from './fixtures.ts'

interface Change {
  entity: string
  id: string
  op: 'insert' | 'update' | 'delete'
  row_version: number | null
  at: string
}
interface Feed {
  epoch: string
  scope_version: string
  cursor: string
  caught_up: boolean
  resync: boolean
  changes: Change[]
}

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const feed = (who: Person, cursor: string | null = null, limit?: number) =>
  c.call<Feed>(who, 'changes_since', { p_cursor: cursor, ...(limit ? { p_limit: limit } : {}) })
const short = (changes: Change[]) => changes.map(({ entity, id, op }) => `${op} ${entity} ${id}`)

describe('changes_since', () => {
  test('starts from now and tells what comes after, once', async () => {
    const start = await feed('leader')
    expect(start).toMatchObject({ caught_up: true, resync: false, changes: [] })
    await c.db.query('update public.enterprises set employees = 5 where id = $1', [enterprises.a])
    await c.db.query('update public.hazards set funds_spent = 5 where id = $1', [hazards.general])
    const next = await feed('leader', start.cursor)
    expect(short(next.changes)).toEqual([`update enterprise ${enterprises.a}`, `update hazard ${hazards.general}`])
    const { rows } = await c.db.query<{ v: number }>('select row_version as v from public.enterprises where id = $1', [
      enterprises.a,
    ])
    expect(next.changes[0]!.row_version).toBe(rows[0]!.v)
    expect(next).toMatchObject({ caught_up: true, epoch: start.epoch, scope_version: start.scope_version })
    expect((await feed('leader', next.cursor)).changes).toEqual([])
  })
})
