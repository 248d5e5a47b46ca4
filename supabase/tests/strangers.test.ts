import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { type BoundaryAnswer, violationCodes } from './answers.ts'
import { box, failure, hazards, one, openCounty, type Person, people } from './fixtures.ts'
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
      const last =
        'select event, position, changed_by from public.appointments where user_id = $1 order by id desc limit 1'
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

test('a sector of a million letters is refused without an echo of it', async () => {
  const at = { p_lon: 117.05, p_lat: 40.15, p_sector: '长'.repeat(1_000_000), p_at: null }
  const answer = await c.call<Answer>('leader', 'responsible_at', at)
  expect(codes(answer)).toEqual(['sector:UNKNOWN_SECTOR'])
  expect(answer.errors[0]!.message.length).toBeLessThan(100)
})

describe('what is no text', () => {
  test.each(['title', 'description', 'severity', 'source', 'sector', 'enterprise_id', 'found_at'])(
    'is refused as the %s of a report',
    async (field) => {
      for (const value of [['major'], { a: 1 }, true])
        expect(codes(await report('member', { [field]: value }))).toEqual([`${field}:BAD_VALUE`])
    },
  )

  test.each(['name', 'title', 'phone', 'photo_path'])('is refused as the %s of a person', async (field) => {
    const before = await one(c.db, 'select name, title, phone, photo_path from public.profiles where id = $1', [
      people.member,
    ])
    for (const value of [true, { a: 1 }, [], 7]) {
      const answer = await c.call<Answer>('admin', 'update_person', {
        p_user: people.member,
        p_fields: { [field]: value },
      })
      expect([answer.status, codes(answer)[0]]).toEqual(['rejected', `${field}:BAD_VALUE`])
    }
    expect(
      await one(c.db, 'select name, title, phone, photo_path from public.profiles where id = $1', [people.member]),
    ).toEqual(before)
  })
})

describe('blanks that are not spaces', () => {
  test.each(['\u3000', '\u200b', '\u3000 \u200b\ufeff', '\u00a0'])('say nothing: %#', async (blank) => {
    expect(codes(await report('member', { title: blank }))).toEqual(['title:MISSING_FIELD'])
    const named = { p_user: people.member, p_fields: { name: blank } }
    expect(codes(await c.call<Answer>('admin', 'update_person', named))).toContain('name:MISSING_FIELD')
    const renamed = await c.call<BoundaryAnswer>('admin', 'commit_grid_boundaries', {
      p_changes: [{ id: c.grid.v11, name: blank }],
      p_options: { dry_run: true },
    })
    expect(violationCodes(renamed)).toContain('MISSING_FIELD')
  })
})

test('funds beyond what the ledger holds are refused, not a failure', async () => {
  const { version } = await one<{ version: number }>(
    c.db,
    `update public.hazards set state = 'verified', verified_at = now() where id = $1 returning version`,
    [hazards.general],
  )
  for (const assurance_funds of [999999999999.999, '999999999999.995']) {
    const answer = await c.call<{ reasons: { field: string; code: string }[] }>('town', 'advance_hazard', {
      p_hazard: hazards.general,
      p_version: version,
      p_action: 'assign',
      p_fields: { to: people.town, assurance_funds },
    })
    expect(answer.reasons.map((r) => `${r.field}:${r.code}`)).toEqual(['assurance_funds:BAD_VALUE'])
  }
})

test('a department without an outline beside areas is judged like any other change', async () => {
  const answer = await c.call<BoundaryAnswer>('admin', 'commit_grid_boundaries', {
    p_changes: [{ id: c.grid.v12, kind: 'department', boundary: null }],
    p_options: { dry_run: true },
  })
  expect([answer.status, violationCodes(answer)]).toEqual(['valid', []])
  expect(answer.gaps.features.map((gap) => gap.properties.grid_code)).toEqual(['101'])
})

test('two who appoint at once: one rank in a grid, one profile', async () => {
  const ranks = await Promise.all(
    ['leader', 'deputy', 'member'].map((p_position) =>
      c.call<Answer>('admin', 'appoint', { p_grid: c.grid.v21, p_person: { user_id: people.duty }, p_position }),
    ),
  )
  expect(ranks.some((answer) => answer.status === 'ok')).toBe(true)
  const held = 'select count(*)::int as n from public.memberships where grid_id = $1 and user_id = $2'
  expect(await one(c.db, held, [c.grid.v21, people.duty])).toEqual({ n: 1 })

  const person = { name: '同时来', phone: '13900000001' }
  const made = await Promise.all(
    [c.grid.v21, c.grid.v22, c.grid.t2].map((p_grid) =>
      c.call<Answer>('admin', 'appoint', { p_grid, p_person: person, p_position: 'member' }),
    ),
  )
  expect(made.map((answer) => answer.errors?.[0]?.code ?? answer.status).sort()).toEqual([
    'DUPLICATE_PERSON',
    'DUPLICATE_PERSON',
    'ok',
  ])
})

test('who names the grids of others makes nobody wait', async () => {
  const held = `select objid::int as id, mode = 'ShareLock' as shared from pg_locks
    where locktype = 'advisory' and classid = 72031 and pid = pg_backend_pid() order by objid`
  await trial(c, async (t) => {
    const foreign = [
      { id: c.grid.t2, name: '别人的' },
      { id: c.grid.v22, name: '也是别人的' },
    ]
    expect((await t.commit(foreign, {}, 'village')).status).toBe('rejected')
    expect(await t.rows(held)).toEqual([])
    const own = [{ id: c.grid.v11, name: '自己的' }]
    expect((await t.commit(own, {}, 'town')).status).toBe('committed')
    // of what lies above only that it stays as it is, as everyone below says at once
    expect(await t.rows(held)).toEqual([
      { id: c.grid.root, shared: true },
      { id: c.grid.t1, shared: false },
      { id: c.grid.v11, shared: false },
    ])
  })
})
