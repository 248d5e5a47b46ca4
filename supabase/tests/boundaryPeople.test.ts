import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationCodes } from './answers.ts'
import { box, type County, type GridKey, openCounty, type Person, people } from './fixtures.ts'
import { type Trial, trial } from './trial.ts'

// Who answered for a grid that goes into another one: their position ends, or goes along.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

/** 一村 goes into 二村. */
const merge = (more: object = {}) => [
  { id: c.grid.v11, version: 1, retire: true, ...more },
  { id: c.grid.v12, version: 1, boundary: box(117, 40.1, 117.2, 40.2) },
]
const appointed = (t: Trial, who: Person, grid: GridKey, position: string) =>
  t.rows('insert into public.memberships (user_id, grid_id, position) values ($1, $2, $3)', [
    people[who],
    c.grid[grid],
    position,
  ])
const positions = async (t: Trial, grid: GridKey) => {
  const rows = await t.rows<{ name: string; position: string }>(
    `select p.name, m.position from public.memberships m join public.profiles p on p.id = m.user_id
     where m.grid_id = $1 order by 1, 2`,
    [c.grid[grid]],
  )
  return rows.map(({ name, position }) => `${name} ${position}`)
}

describe('the people of a merged grid', () => {
  test('go along when that is asked: members stay members, and a grid without a leader gets theirs', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit(merge({ members_to: c.grid.v12 }), {}, 'town')
      expect(answer.status).toBe('committed')
      expect(answer.people).toMatchObject([
        {
          name: '人member',
          from: '别山一村',
          position: 'member',
          to_id: c.grid.v12,
          to: '别山二村',
          becomes: 'member',
        },
        { name: '人village', from: '别山一村', position: 'leader', to_code: '10102', becomes: 'leader' },
      ])
      expect(await positions(t, 'v12')).toEqual(['人member member', '人village leader'])
      expect(await positions(t, 'v11')).toEqual([])
      expect(await t.rows('select leaders from public.grids where id = $1', [c.grid.v12])).toEqual([
        { leaders: '人village' },
      ])
    })
  })

  test('leave a history: one position ends, another begins, and who did it', async () => {
    await trial(c, async (t) => {
      await t.commit(merge({ members_to: c.grid.v12 }), {}, 'town')
      const told = await t.rows(
        `select event, grid_name, position, changed_by = $2 as by_town from public.appointments
         where user_id = $1 order by id desc limit 2`,
        [people.village, people.town],
      )
      expect(told).toEqual([
        { event: 'dismissed', grid_name: '别山一村', position: 'leader', by_town: true },
        { event: 'appointed', grid_name: '别山二村', position: 'leader', by_town: true },
      ])
    })
  })

  test('a leader becomes deputy where somebody leads already; who holds as much there already keeps it', async () => {
    await trial(c, async (t) => {
      await appointed(t, 'officer', 'v12', 'leader')
      await appointed(t, 'member', 'v12', 'deputy')
      const answer = await t.commit(merge({ members_to: c.grid.v12 }), {}, 'town')
      expect(answer.people).toMatchObject([
        { name: '人member', held: 'deputy', becomes: null },
        { name: '人village', becomes: 'deputy' },
      ])
      expect(await positions(t, 'v12')).toEqual(['人member deputy', '人officer leader', '人village deputy'])
    })
  })

  test('rise where they held less; the lower position ends', async () => {
    await trial(c, async (t) => {
      await appointed(t, 'village', 'v12', 'member')
      await t.commit(merge({ members_to: c.grid.v12 }), {}, 'town')
      expect(await positions(t, 'v12')).toEqual(['人member member', '人village leader'])
    })
  })

  test('of two grids into one: one leads, the other is deputy; who comes twice comes once', async () => {
    await trial(c, async (t) => {
      await appointed(t, 'officer', 'v12', 'leader')
      await appointed(t, 'member', 'v12', 'deputy')
      const whole = {
        code: '10109',
        name: '新村',
        kind: 'area',
        parent_id: c.grid.t1,
        boundary: box(117, 40.1, 117.2, 40.2),
      }
      const gone = [c.grid.v11, c.grid.v12].map((id) => ({ id, version: 1, retire: true, members_to_code: '10109' }))
      const answer = await t.commit([whole, ...gone], {}, 'town')
      expect(answer.status).toBe('committed')
      const made = answer.grids.find(({ code }) => code === '10109')!.id!
      const held = await t.rows<{ said: string }>(
        `select p.name || ' ' || m.position as said from public.memberships m join public.profiles p on p.id = m.user_id
         where m.grid_id = $1 order by 1`,
        [made],
      )
      expect(held.map(({ said }) => said)).toEqual(['人member deputy', '人officer deputy', '人village leader'])
    })
  })

  test('are told beforehand in a trial, which moves nobody', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit(merge({ members_to: c.grid.v12 }), { dry_run: true, details: true }, 'town')
      expect(answer.status).toBe('valid')
      const said = answer.consequences!.people.map(({ name, grid, retired, to, becomes }) => [
        name,
        grid,
        retired,
        to,
        becomes,
      ])
      expect(said).toEqual([
        ['人village', '别山一村', true, '别山二村', 'leader'],
        ['人member', '别山一村', true, '别山二村', 'member'],
      ])
      expect(await positions(t, 'v11')).toEqual(['人member member', '人village leader'])
      expect(await positions(t, 'v12')).toEqual([])
    })
  })

  test('lose their position when nothing is said of them, and the answer names them', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit(merge(), {}, 'town')
      expect(answer.people!.map(({ name, to, becomes }) => [name, to, becomes])).toEqual([
        ['人member', null, null],
        ['人village', null, null],
      ])
      expect(await positions(t, 'v11')).toEqual([])
    })
  })
})

describe('who may not, and what is no place to go', () => {
  test('people go nowhere that the asker appoints nobody: another township, a grid of one’s own level', async () => {
    await trial(c, async (t) => {
      const away = await t.commit(merge({ members_to: c.grid.v21 }), {}, 'town')
      expect(violationCodes(away)).toEqual(['NOT_FOUND'])
      const up = await t.commit(merge({ members_to: c.grid.t1 }), {}, 'town')
      expect(violationCodes(up)).toEqual(['NOT_ALLOWED'])
      expect(up.violations.features[0]!.properties.message).toContain('别山镇')
      const over = await t.commit(merge({ members_to: c.grid.v21 }), {}, 'leader')
      expect(over.status).toBe('committed')
    })
  })

  test.each([
    ['itself', { members_to: 'self' }, 'NOT_FOUND'],
    ['a grid that is retired too', { members_to_code: '10102' }, 'NOT_FOUND'],
    ['no grid', { members_to: 999_999 }, 'NOT_FOUND'],
    ['no code', { members_to_code: '不存在' }, 'NOT_FOUND'],
    ['no number', { members_to: 'x' }, 'BAD_VALUE'],
    ['a structure', { members_to: { id: 1 } }, 'BAD_VALUE'],
  ])('%s', async (kind, more, code) => {
    await trial(c, async (t) => {
      const to = 'members_to' in more && more.members_to === 'self' ? { members_to: c.grid.v11 } : more
      const gone = { id: c.grid.v11, version: 1, retire: true, ...to }
      const changes = kind.includes('too') ? [gone, { id: c.grid.v12, version: 1, retire: true }] : [gone]
      expect(violationCodes(await t.commit(changes, {}, 'town'))).toContain(code)
      expect(await positions(t, 'v11')).toEqual(['人member member', '人village leader'])
    })
  })

  test('only of a grid that is retired', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit([{ id: c.grid.v11, version: 1, name: '新名', members_to: c.grid.v12 }], {}, 'town')
      expect(violationCodes(answer)).toEqual(['BAD_VALUE'])
    })
  })
})
