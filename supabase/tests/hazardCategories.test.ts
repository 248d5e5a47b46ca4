import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, enterprises, one, openCounty, type Person } from './fixtures.ts'
import { type Loop, makeLoop } from './hazardLoop.ts'

// 隐患类别: the list, who may say it and correct it, what is refused, and which hazards are of one kind to the warnings.
let c: County
let loop: Loop
let id: Record<string, number>
beforeAll(async () => {
  c = await openCounty()
  loop = makeLoop(c)
  const { rows } = await c.db.query<{ code: string; id: number }>('select code, id from public.hazard_categories')
  id = Object.fromEntries(rows.map((row) => [row.code, row.id]))
})
afterAll(() => c.db.close())

interface Answer {
  status: string
  hazard: { id: string; category_id: number | null; category: string | null } | null
  errors: { field: string | null; code: string; message: string }[]
}
const report = (who: Person, more: object = {}) =>
  c.call<Answer>(who, 'report_hazard', {
    p_hazard: { client_id: crypto.randomUUID(), title: '插座发黑', lon: 117.05, lat: 40.15, sector: 'gm', ...more },
  })
const retire = (code: string, ago: string | null) =>
  c
    .as('admin')
    .query(
      'update public.hazard_categories set retired_at = case when $2::text is null then null else now() - $2::text::interval end where code = $1',
      [code, ago],
    )

describe('the list', () => {
  test('is there on an empty start, and everyone who signs in has it in its order', async () => {
    for (const who of ['admin', 'member', 'enterprise', 'stranger'] as const) {
      const { categories } = await c.call<{
        categories: { id: number; code: string; name: string; retired: boolean }[]
      }>(who, 'me')
      expect(categories).toHaveLength(15)
      expect(categories[0]).toEqual({ id: id.fire, code: 'fire', name: '消防安全', retired: false })
      expect(categories.at(-1)!.name).toBe('其他')
    }
  })

  test('is the administrators’ to keep; nothing is removed from it', async () => {
    const add = `insert into public.hazard_categories (code, name, sort) values ('mining', '矿山开采', 145)`
    await expect(c.as('leader').query(add)).rejects.toThrow()
    await c.as('admin').query(add)
    await c.as('admin').query(`update public.hazard_categories set name = '非煤矿山', sort = 95 where code = 'mining'`)
    expect(
      (await c.as('leader').query(`update public.hazard_categories set name = '改' where code = 'mining' returning id`))
        .rows,
    ).toEqual([])
    await expect(c.as('admin').query(`delete from public.hazard_categories where code = 'mining'`)).rejects.toThrow()
    await c.db.exec(`delete from public.hazard_categories where code = 'mining'`)
  })
})

describe('a report', () => {
  test.each(['electrical', '用电安全', 'id'])('says it by code, name or id: %s', async (word) => {
    const answer = await report('member', { category: word === 'id' ? id.electrical : word })
    expect(answer).toMatchObject({ status: 'ok', hazard: { category_id: id.electrical, category: '用电安全' } })
    const card = await c.call<{ category: object }>('member', 'hazard_card', { p_hazard: answer.hazard!.id })
    expect(card.category).toEqual({ id: id.electrical, name: '用电安全' })
    expect(await c.call('member', 'verify_history', { p_hazard: answer.hazard!.id })).toMatchObject({ intact: true })
  })

  test('need not say it, like those of an older phone', async () => {
    for (const none of [{}, { category: null }, { category: '  ' }])
      expect(await report('member', none)).toMatchObject({
        status: 'ok',
        hazard: { category_id: null, category: null },
      })
  })

  test.each([
    ['that there is not', '航天安全', 'UNKNOWN_CATEGORY'],
    ['far too long', '长'.repeat(500), 'UNKNOWN_CATEGORY'],
    ['that is a list', ['fire'], 'BAD_VALUE'],
    ['that is an object', { id: 1 }, 'BAD_VALUE'],
  ])('with one %s is refused in words', async (_, category, code) => {
    const answer = await report('member', { category })
    expect(answer).toMatchObject({ status: 'rejected', hazard: null, errors: [{ field: 'category', code }] })
    expect(answer.errors[0]!.message).toMatch(/[一-龥]/)
  })

  test('with a retired one is refused, but not when it was found and kept on a phone before', async () => {
    await retire('gas', '1 hour')
    const late = await report('member', { category: 'gas' })
    expect(late).toMatchObject({ status: 'rejected', errors: [{ field: 'category', code: 'RETIRED_CATEGORY' }] })
    expect(late.errors[0]!.message).toContain('燃气安全')
    const found_at = new Date(Date.now() - 2 * 3_600_000).toISOString()
    expect(await report('member', { category: 'gas', found_at })).toMatchObject({
      status: 'ok',
      hazard: { category: '燃气安全' },
    })
    await retire('gas', null)
  })
})

describe('the confirmation', () => {
  const fresh = async (category?: string) => (await report('member', { category })).hazard!.id
  const kept = async (hazard: string) =>
    (await one<{ category_id: number | null }>(c.db, 'select category_id from public.hazards where id = $1', [hazard]))
      .category_id

  test('sets it, corrects it, leaves it, and the history says so', async () => {
    const [set, changed, left] = [await fresh(), await fresh('fire'), await fresh('fire')]
    await loop.must('town', set, 'verify', { category: '用电安全' })
    await loop.must('town', changed, 'verify', { category: String(id.electrical) })
    await loop.must('town', left, 'verify', { category: '' })
    expect([await kept(set), await kept(changed), await kept(left)]).toEqual([id.electrical, id.electrical, id.fire])
    const { events } = await c.call<{ events: { action: string; category: string | null }[] }>(
      'town',
      'hazard_history',
      {
        p_hazard: changed,
      },
    )
    expect(events.map(({ action, category }) => [action, category])).toEqual([
      ['report', '消防安全'],
      ['verify', '用电安全'],
    ])
    for (const hazard of [set, changed, left])
      expect(await c.call('town', 'verify_history', { p_hazard: hazard })).toMatchObject({ intact: true, events: 2 })
  })

  test('refuses one that is not known or retired, and keeps a retired one that was chosen before', async () => {
    const hazard = await fresh('fire')
    const refused = await loop.step('town', hazard, 1, 'verify', { category: '航天' })
    expect(refused).toMatchObject({ status: 'rejected', reasons: [{ field: 'category', code: 'UNKNOWN_CATEGORY' }] })
    await retire('fire', '1 minute')
    await retire('gas', '1 minute')
    const gone = await loop.step('town', hazard, 1, 'verify', { category: 'gas' })
    expect(gone).toMatchObject({ status: 'rejected', reasons: [{ field: 'category', code: 'RETIRED_CATEGORY' }] })
    expect((await loop.step('town', hazard, 1, 'verify', { category: 'fire' })).status).toBe('ok')
    expect(await kept(hazard)).toBe(id.fire)
    await retire('fire', null)
    await retire('gas', null)
  })

  test('is nothing for who only reported it', async () => {
    const hazard = await fresh('fire')
    expect((await loop.step('member', hazard, 1, 'verify', { category: 'gas' })).status).toBe('rejected')
    expect(await kept(hazard)).toBe(id.fire)
  })
})

describe('an old ledger', () => {
  const send = (rows: object[]) =>
    c.call<{ status: string; rows: { errors: { field: string; code: string; message: string }[] }[] }>(
      'admin',
      'import_hazards',
      { p_rows: rows, p_options: {} },
    )
  const row = (number: string, category: string | null) => ({
    title: '旧账',
    number,
    found_at: '2025-03-04',
    sector: '工贸',
    grid: '10101',
    category,
  })

  test('brings it by name or code, also as people write it, also one retired since', async () => {
    await retire('records', '1 day')
    const words = ['消防安全', 'fire', '消防安全类', '消防安全隐患', 'records', null]
    expect((await send(words.map((word, i) => row(`K-${i}`, word)))).status).toBe('committed')
    const { rows } = await c.db.query<{ code: string | null; intact: boolean }>(
      `select k.code, not exists (select from private.history_faults(h.id)) as intact
       from public.hazards h left join public.hazard_categories k on k.id = h.category_id where h.title = '旧账' order by h.code`,
    )
    expect(rows.map(({ code }) => code)).toEqual(['fire', 'fire', 'fire', 'fire', 'records', null])
    expect(rows.every(({ intact }) => intact)).toBe(true)
    await retire('records', null)
    await c.db.exec(`set session_replication_role = replica;
      delete from public.hazard_events e using public.hazards h where h.id = e.hazard_id and h.title = '旧账';
      delete from public.hazards where title = '旧账'; set session_replication_role = origin`)
  })

  test('with one that nobody knows is refused as a whole, the row told in words', async () => {
    const answer = await send([row('L-1', '消防安全'), row('L-2', '航天')])
    expect(answer.status).toBe('rejected')
    expect(answer.rows[1]!.errors).toEqual([
      { field: 'category', code: 'UNKNOWN_CATEGORY', message: '没有这个隐患类别：航天' },
    ])
    expect(await one(c.db, `select count(*)::int as n from public.hazards where title = '旧账'`)).toEqual({ n: 0 })
  })
})

test.each<[string, unknown, string]>([
  ['one', 'electrical', `k.code = 'electrical'`],
  ['several', ['fire', '用电安全'], `k.code in ('fire', 'electrical')`],
  ['none', 0, 'k.id is null'],
  ['one or none', [0, 'fire'], `k.id is null or k.code = 'fire'`],
  ['what does not exist', '航天', 'false'],
])('the ledger finds those of %s: list, points and independent SQL agree', async (_, category, condition) => {
  const filter = {
    category,
    status: ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'],
  }
  for (const [who, scope] of [
    ['admin', 'true'],
    ['town', `g.code like '101%'`],
  ] as const) {
    const { n } = await one<{ n: number }>(
      c.db,
      `select count(*)::int as n from public.hazards h left join public.hazard_categories k on k.id = h.category_id
       left join public.grids g on g.id = h.grid_id where (${condition}) and ${scope}`,
    )
    const list = await c.call<{ total: number; rows: { category: string | null }[] }>(who, 'list_hazards', {
      p_filter: filter,
      p_limit: 500,
      p_sort: 'category',
    })
    expect([list.total, list.rows.length], who).toEqual([n, n])
    expect(await c.call(who, 'map_points', { p_kind: 'hazard', p_filter: filter })).toMatchObject({ total: n })
    const names = list.rows.map((row) => row.category)
    const order = [null, '消防安全', '用电安全', '燃气安全']
    expect(names.map((name) => order.indexOf(name))).toEqual(
      names.map((name) => order.indexOf(name)).sort((x, y) => x - y),
    )
  }
})

describe('hazards of one kind at one enterprise', () => {
  let n = 0
  const add = (title: string, category: string | null, days: number, firm: string = enterprises.b) =>
    c.db.query(
      `insert into public.hazards (code, title, state, sector_id, category_id, location, enterprise_id, found_at, due_at)
       values ($1, $2, 'rectifying', $3, $4, extensions.ST_SetSRID(extensions.ST_MakePoint(117.15, 40.15), 4326), $5,
         now() - make_interval(days => $6), now() + interval '9 days')`,
      [`YH-20260401-${String(++n).padStart(4, '0')}`, title, c.sector.trade, category && id[category], firm, days],
    )
  const wipe = () => c.db.exec(`delete from public.hazards where code like 'YH-20260401-%'`)
  const causes = async (times = 3, days = 100) =>
    (
      await c.db.query<{
        thing: string
        reason: string
        figures: { times: number; category: string | null }
        sector_id: number
      }>(
        `select thing, reason, figures, sector_id from private.hazard_causes(jsonb_build_object('repeats',
           jsonb_build_object('enabled', true, 'parameters', jsonb_build_object('times', $1::int, 'days', $2::int))), now())
         where kind = 'repeats' order by thing`,
        [times, days],
      )
    ).rows

  test('are those of one category, whatever they are called; the words name it', async () => {
    await add('疏散通道堆放杂物', 'fire', 30)
    await add('安全出口上锁', 'fire', 20)
    await add('配电箱未关', 'electrical', 10)
    expect(await causes()).toEqual([])
    await add('楼梯间堵塞，无法通行', 'fire', 5)
    const [cause, ...more] = await causes()
    expect(more).toEqual([])
    expect(cause!.figures).toMatchObject({ times: 3, category: '消防安全', title: '楼梯间堵塞，无法通行', open: 3 })
    expect(cause!.reason).toContain('100 天内第 3 次发现「消防安全」类隐患')
    expect(cause!.reason).toContain('最近一次是「楼梯间堵塞，无法通行」')
    expect(cause!.sector_id).toBe(c.sector.trade)
    expect(await causes(3, 25)).toEqual([])
    await wipe()
  })

  test('another category, another enterprise or a mixed bag are not', async () => {
    for (const [i, category] of ['fire', 'electrical', 'gas'].entries()) await add('各不相同', category, i)
    await add('消防一', 'fire', 4)
    await add('消防二', 'fire', 5, enterprises.a)
    for (const [i, title] of ['甲', '乙', '丙'].entries()) await add(title, 'other', i)
    expect(await causes()).toEqual([])
    // of the mixed bag the title decides, as before
    await add('甲 1', 'other', 8)
    await add('甲。', 'other', 9)
    const [cause] = await causes()
    expect(cause!.figures).toMatchObject({ times: 3, category: null })
    expect(cause!.reason).toContain('「甲」')
    await wipe()
  })

  test('without a category go by the title, or with those of their title that have one', async () => {
    await add('配电箱未关', null, 30)
    await add('配电箱 未关。', null, 20)
    await add('配电箱未关', null, 10)
    expect((await causes()).map(({ figures }) => [figures.times, figures.category])).toEqual([[3, null]])
    // one of them was confirmed with a category: three they are still
    await c.db.query(`update public.hazards set category_id = $1 where code = 'YH-20260401-' || lpad($2, 4, '0')`, [
      id.electrical,
      String(n),
    ])
    expect((await causes()).map(({ figures }) => [figures.times, figures.category])).toEqual([[3, '用电安全']])
    await wipe()
  })

  test('are counted as independent code counts them, whatever there is', async () => {
    const titles = ['通道堵塞', '通道 堵塞', '通道堵塞2', '出口上锁', '线路老化', '。。', '台账缺失']
    const kinds = ['fire', 'electrical', 'other', null, null]
    let seed = 11
    const pick = <T>(list: readonly T[]): T => {
      seed = (seed * 48271) % 2147483647
      return list[seed % list.length]!
    }
    for (let i = 0; i < 120; i++)
      await add(pick(titles), pick(kinds), pick([1, 3, 8, 15, 40, 90, 150]), pick([enterprises.a, enterprises.b]))
    const { rows } = await c.db.query<{ title: string; code: string | null; firm: string; days: number }>(
      `select h.title, k.code, h.enterprise_id as firm, round(extract(epoch from now() - h.found_at) / 86400)::int as days
       from public.hazards h left join public.hazard_categories k on k.id = h.category_id
       where h.enterprise_id is not null and h.state <> 'rejected'`,
    )
    for (const [times, days] of [
      [3, 100],
      [6, 30],
      [2, 5],
    ] as const) {
      const bare = (title: string) => title.toLowerCase().replace(/[\p{P}\p{S}\s\d]/gu, '')
      const recent = rows.filter((row) => row.days < days)
      const own = (row: (typeof rows)[number]) => (row.code === 'other' ? null : row.code)
      const counts = new Map<string, number>()
      for (const row of recent) {
        const same = recent.filter((x) => x.firm === row.firm && bare(x.title) === bare(row.title))
        const lent = same.flatMap((x) => own(x) ?? []).sort((a, b) => id[b]! - id[a]!)[0]
        const kind = own(row) ?? (row.code === null && bare(row.title) ? lent : undefined)
        if (!kind && !bare(row.title)) continue
        const key = `${row.firm} ${kind ? `#${kind}` : bare(row.title)}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      const wanted = [...counts.values()].filter((many) => many >= times).sort((a, b) => a - b)
      expect(wanted.length, 'there is something to compare').toBeGreaterThan(0)
      expect((await causes(times, days)).map(({ figures }) => figures.times).sort((a, b) => a - b)).toEqual(wanted)
    }
    await wipe()
  })

  test('raise one warning, which a new name of the category does not raise again', async () => {
    for (const [i, title] of ['一', '二', '三'].entries()) await add(title, 'fire', i + 1)
    const sweep = () =>
      one<{ raised: number; changed: number }>(c.db, 'select * from private.sweep_warnings(clock_timestamp())')
    await sweep()
    const seen = async () =>
      (
        await c.call<{ rows: { id: string; reason: string; figures: object }[] }>('leader', 'list_warnings', {
          p_filter: { kind: 'repeats', enterprise: enterprises.b },
        })
      ).rows
    const [first, ...more] = await seen()
    expect(more).toEqual([])
    expect(first!.reason).toContain('「消防安全」类隐患')
    await c.as('admin').query(`update public.hazard_categories set name = '消防与疏散' where code = 'fire'`)
    await sweep()
    const [renamed] = await seen()
    expect(renamed).toMatchObject({ id: first!.id, figures: { category: '消防与疏散' } })
    await c.as('admin').query(`update public.hazard_categories set name = '消防安全' where code = 'fire'`)
    await wipe()
  })
})
