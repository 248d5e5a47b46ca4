import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { failure, hazards, openCounty, type Person, people } from './fixtures.ts'

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
