import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { box, failure, hazards, openCounty, type Person, people } from './fixtures.ts'
import { trial } from './trial.ts'

// What somebody with a small right tried by naming what belongs to others.
const c = await openCounty()
afterAll(() => c.db.close())

interface Answer {
  status: string
  hazard: { id: string } | null
  errors: { field: string; code: string; message: string }[]
}
const codes = (answer: Answer) => answer.errors.map((e) => `${e.field}:${e.code}`)
const report = (who: Person, more: object = {}) =>
  c.call<Answer>(who, 'report_hazard', {
    p_hazard: { client_id: randomUUID(), title: '消防通道堵塞', lon: 117.05, lat: 40.15, sector: 'gm', ...more },
  })
const inFolder = (folder: string) => `${folder}/${randomUUID()}.jpg`
const put = (who: Person, name: string) =>
  failure(() =>
    c
      .as(who)
      .query(`insert into storage.objects (bucket_id, name, owner_id) values ('hazards', $1, $2)`, [name, people[who]]),
  )
const sees = async (who: Person, name: string) =>
  (await c.as(who).query('select name from storage.objects where name = $1', [name])).rows.length === 1

describe('the photos of a hazard that one does not see', () => {
  test('are not reached by a report under its id', async () => {
    const photo = inFolder(hazards.other)
    expect(await put('town2', photo)).toBeNull()
    const answer = await report('member', { client_id: hazards.other })
    expect([codes(answer), answer.hazard]).toEqual([['client_id:BAD_VALUE'], null])
    // in the same words as under the number of somebody else's report: nothing is said of the hazard
    const foreign = randomUUID()
    expect((await report('town2', { client_id: foreign, lon: 117.25 })).status).toBe('ok')
    expect((await report('member', { client_id: foreign })).errors).toEqual(answer.errors)
    expect(await sees('member', photo)).toBe(false)
    expect(await sees('town2', photo)).toBe(true)
  })

  test('are not reached either where a report already has that number', async () => {
    const photo = inFolder(hazards.outside)
    expect(await put('admin', photo)).toBeNull()
    const own = await report('member')
    await c.db.query('update public.hazards set client_id = $1 where id = $2', [hazards.outside, own.hazard!.id])
    expect(await sees('member', photo)).toBe(false)
    expect(await put('member', inFolder(hazards.outside))).toBe('42501')
    expect(await sees('admin', photo)).toBe(true)
  })
})

describe('a position in a grid that is retired', () => {
  test('ends with it, with a line in the history, and what could be seen by it is gone', async () => {
    await trial(c, async (t) => {
      const post = [people.stranger, c.grid.v12]
      await t.rows(`insert into public.profiles (id, name) values ($1, '外来人')`, [people.stranger])
      await t.rows(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader')`, post)
      const find = () => t.call<{ id: string }[]>('stranger', 'hazards_nearby', { p_lon: 117.15, p_lat: 40.15 })
      expect(await find()).toHaveLength(1)

      const merge = [
        { id: c.grid.v12, retire: true },
        { id: c.grid.v11, boundary: box(117, 40.1, 117.2, 40.2) },
      ]
      const held = () => t.rows(`select from public.memberships where user_id = $1`, [people.stranger])
      expect((await t.commit(merge, { dry_run: true })).status).toBe('valid')
      expect(await held()).toHaveLength(1)
      const answer = await t.commit(merge, { details: true })
      expect(answer.status).toBe('committed')
      expect(answer.consequences!.people.map((p) => p.user_id)).toContain(people.stranger)
      expect(await held()).toEqual([])
      const last = 'select event, position, changed_by from public.appointments where user_id = $1 order by id desc limit 1'
      expect(await t.rows(last, [people.stranger])).toEqual([
        { event: 'dismissed', position: 'leader', changed_by: people.admin },
      ])
      expect(await find()).toEqual([])
    })
  })

  test('gives nothing to see even when it was written by hand', async () => {
    await trial(c, async (t) => {
      const merge = [
        { id: c.grid.v12, retire: true },
        { id: c.grid.v11, boundary: box(117, 40.1, 117.2, 40.2) },
      ]
      expect((await t.commit(merge)).status).toBe('committed')
      await t.rows(`insert into public.profiles (id, name) values ($1, '外来人')`, [people.stranger])
      await t.rows(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader')`, [
        people.stranger,
        c.grid.v12,
      ])
      await t.rows(`select set_config('request.jwt.claim.sub', $1, true), set_config('role', 'authenticated', true)`, [
        people.stranger,
      ])
      expect(
        await t.rows(
          `select private.my_grid_ids() as seen, private.my_public_grid_ids() as cards, private.may_hear($1) as hears`,
          [`grid:${c.grid.v12}`],
        ),
      ).toEqual([{ seen: [], cards: [], hears: false }])
    })
  })
})
