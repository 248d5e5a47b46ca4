import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pick, random } from '../seed/random.ts'
import { type County, enterprises, failure, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'
import { makeLoop, type State } from './hazardLoop.ts'

// What waits for whom: recomputed hazard by hazard from the rules in words, and equal to the ledger of the same filter.
const seed = Number(process.env.SAFEGRID_SEED ?? Math.floor(Math.random() * 1e9))
console.log(`SAFEGRID_SEED=${seed}`)
const next = random(seed)

interface Pile {
  count: number
  overdue: number
  due_at: string | null
}
interface Work {
  status: string
  total: number
  matching: number
  steps: Record<string, number>
  periods: Record<string, number>
  kinds: (Pile & { step: string })[]
  townships: (Pile & { id: number | null; code: string | null })[]
  rows: {
    id: string
    step: string
    due_at: string | null
    period: string
    why: string
    contact: { name: string; phone: string | null; as: string } | null
  }[]
  next: object | null
}
interface List {
  rows: { id: string }[]
  total: number
  next: object | null
}

let c: County
const everybody = Object.keys(people).filter((p) => p !== 'stranger') as Person[]
const ACCOUNTS: Person[] = ['leader', 'town', 'member', 'enterprise', 'officer', 'duty', 'admin']
const post: Partial<Record<Person, [GridKey, string]>> = {
  leader: ['root', 'leader'],
  duty: ['root', 'duty'],
  town: ['t1', 'leader'],
  town2: ['t2', 'leader'],
  village: ['v11', 'leader'],
  member: ['v11', 'member'],
}
const places: [number, GridKey[]][] = [
  [117.05, ['root', 't1', 'v11']],
  [117.15, ['root', 't1', 'v12']],
  [117.25, ['root', 't2', 'v21']],
  [117.35, ['root', 't2', 'v22']],
  [118.5, ['root']],
]

interface Made {
  id: string
  state: State
  severity: 'general' | 'major'
  source: string
  chem: boolean
  firm: boolean
  path: GridKey[]
  outside: boolean
  to: Person | null
  doers: Person[]
  due: number
  listed: boolean
  published: boolean
  asker: Person | null
  called: GridKey | null
}
const made: Made[] = []

async function make(): Promise<void> {
  const [lon, path] = pick(next, places)
  const state = pick(next, ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed'] as const)
  const severity = next() < 0.4 ? 'major' : 'general'
  const works = ['assigned', 'rectifying', 'submitted', 'closed'].includes(state)
  const firm = lon === 117.05 && next() < 0.5
  const to = works ? pick(next, ['village', 'member', 'town', 'enterprise', 'town2', 'leader'] as Person[]) : null
  const doers: Person[] =
    state === 'submitted' && to ? [next() < 0.5 ? to : pick(next, ['member', 'town', 'village'])] : []
  const listed = severity === 'major' && state !== 'reported' && next() < 0.4
  const asker =
    ['assigned', 'rectifying'].includes(state) && next() < 0.4
      ? pick(next, [to, 'town', 'leader'] as (Person | null)[])
      : null
  const due = pick(next, [-40, -3, -1, 1, 3, 6, 9, 200])
  const overdue = due < 0 && state !== 'closed'
  const h: Made = {
    id: '',
    state,
    severity,
    source: pick(next, ['patrol', 'department']),
    chem: next() < 0.5,
    firm,
    path,
    outside: lon === 118.5,
    to,
    doers,
    due,
    listed,
    published: listed && next() < 0.5,
    asker,
    called: overdue && next() < 0.8 ? (path.at(-2) ?? 'root') : null,
  }
  const row = await one<{ id: string }>(
    c.db,
    `insert into public.hazards (code, title, severity, state, source, sector_id, enterprise_id, location, due_at, assigned_to, rectifier,
       verified_at, listed_at, published_at, extension_until, extension_asked_by, extension_asked_at, closed_at, escalated_to, reported_by)
     values ($1, '隐患', $2, $3::text, $4, $5, $6, extensions.ST_SetSRID(extensions.ST_MakePoint($7, 40.15), 4326),
       now() + make_interval(days => $8), $9, case when $3::text in ('rectifying', 'submitted') then $9::uuid end,
       case when $3::text <> 'reported' then now() - interval '1 day' end,
       case when $10 then now() - interval '1 day' end, case when $11 then now() end,
       case when $12::uuid is not null then private.today() + 300 end, $12, case when $12::uuid is not null then now() end,
       case when $3::text = 'closed' then now() end, $13, $14) returning id`,
    [
      `YH-20250101-${String(made.length + 1).padStart(4, '0')}`,
      severity,
      state,
      h.source,
      h.chem ? c.sector.chem : c.sector.trade,
      firm ? enterprises.a : null,
      lon,
      due,
      to && people[to],
      listed,
      h.published,
      asker && people[asker],
      h.called && c.grid[h.called],
      people.member,
    ],
  )
  h.id = row.id
  for (const who of doers)
    await c.db.query(
      `insert into public.hazard_events (hazard_id, version, action, from_state, to_state, actor, at, prev_hash, hash)
       values ($1, 1, 'submit', 'rectifying', 'submitted', $2, now(), '', '')`,
      [h.id, people[who]],
    )
  made.push(h)
}

const acts = (who: Person, asker: Person) => who === asker || ACCOUNTS.includes(who)
const deepest = (h: Made, who: (person: Person, position: string) => boolean): GridKey | null =>
  [...h.path]
    .reverse()
    .find((grid) =>
      (Object.keys(post) as Person[]).some(
        (p) => post[p]![0] === grid && post[p]![1] !== 'duty' && who(p, post[p]![1]),
      ),
    ) ?? null

/** The rules in words, for one person and one hazard: the steps that are theirs, with the why of each. */
function theirs(h: Made, who: Person): Map<string, string> {
  const out = new Map<string, string>()
  const say = (step: string, why: string | false | undefined) => {
    if (why) out.set(step, why)
  }
  const [grid, position] = post[who] ?? [null, null]
  const leads = position === 'leader' && grid !== null && h.path.includes(grid)
  const posted = (position === 'leader' || position === 'member') && grid !== null && h.path.includes(grid)
  const admin = who === 'admin'
  const officer = who === 'officer' && h.chem
  const sees = posted || position === 'duty' || admin || officer || (who === 'enterprise' && h.firm)
  if (!sees) return out
  const trade = officer && (h.severity === 'major' || h.source === 'department') ? 'sector' : false
  const head = deepest(h, (p, as) => as === 'leader' && acts(p, who))
  const near = leads && head === grid ? 'near' : false
  const called = leads && h.called === grid ? 'called' : false
  const overdue = h.due < 0 && h.state !== 'closed'
  const duty = position === 'duty' && h.state === 'reported' && (h.severity === 'major' || overdue) ? 'duty' : false
  if (h.state === 'reported') say('verify', near || called || trade || duty)
  if (h.state === 'verified') say('assign', near || called || trade)
  if (h.state === 'assigned' || h.state === 'rectifying') {
    const colleague = who === 'enterprise' && h.firm && h.to === 'enterprise' ? 'firm' : false
    const own = posted && h.path.at(-1) === grid && !h.outside
    const voiceless = h.to !== null && !ACCOUNTS.includes(h.to) && (own || near) ? 'for' : false
    const root = h.outside && posted && grid === 'root' && h.to !== null && !ACCOUNTS.includes(h.to) ? 'for' : false
    say(h.state === 'assigned' ? 'start' : 'submit', h.to === who ? 'given' : colleague || voiceless || root)
    if (called && overdue) say('urge', 'called')
    if (h.asker && h.asker !== who) {
      const judge = deepest(h, (p, as) => as === 'leader' && acts(p, who) && p !== h.asker)
      const orphan = judge === null && (officer || leads || admin) ? 'orphan' : false
      say(
        'decide',
        h.listed
          ? (leads && grid === 'root') || admin
            ? 'county'
            : false
          : (leads && judge === grid ? 'near' : false) || trade || orphan,
      )
    }
  }
  const worked = (p: Person) => h.to === p || h.doers.includes(p)
  if (h.state === 'submitted' && !worked(who) && !(who === 'enterprise' && h.firm)) {
    const judge = deepest(h, (p) => acts(p, who) && !worked(p))
    const judges = posted && judge === grid ? 'near' : false
    say('pass', judges || called || trade || (judge === null && (officer || posted || admin) ? 'orphan' : false))
  }
  const county = (leads && grid === 'root') || admin
  if (county && h.severity === 'major' && !['reported', 'closed'].includes(h.state)) {
    if (!h.listed) say('file', 'county')
    else if (!h.published) say('publish', 'county')
  }
  if (county && h.state === 'closed' && h.listed) say('delist', 'county')
  return out
}

const work = (who: Person, filter: object | null = null, more: object = {}) =>
  c.call<Work>(who, 'my_work', { p_filter: filter, p_limit: 500, ...more })

async function ledger(who: Person, words: string[]): Promise<{ ids: string[]; total: number }> {
  const ids: string[] = []
  let after: object | null = null
  let total = -1
  for (;;) {
    const page: List = await c.call(who, 'list_hazards', {
      p_filter: { work: words },
      p_after: after,
      p_limit: 50,
    })
    ids.push(...page.rows.map((row) => row.id))
    // counted once, with the first page
    if (!after) total = page.total
    after = page.next
    if (!after) return { ids, total }
  }
}

beforeAll(async () => {
  c = await openCounty()
  for (const who of ACCOUNTS) await c.db.createUser(`${who}@test.local`, 'safegrid-test', people[who])
  await c.db.query('delete from public.hazards')
  for (let i = 0; i < 160; i++) await make()
})
afterAll(() => c.db.close())

describe('what waits', () => {
  test.each(everybody)('for %s: exactly what the rules say, and the ledger lists it', async (who) => {
    const mine = await work(who)
    expect(mine.status).toBe('ok')
    const rows = new Map(mine.rows.map((row) => [row.id, row]))
    for (const h of made) {
      const expected = theirs(h, who)
      const row = rows.get(h.id)
      const text = `${who} ${JSON.stringify(h)}`
      expect(row !== undefined, text).toBe(expected.size > 0)
      if (!row) continue
      expect([...expected.keys()], text).toContain(row.step)
      expect(row.why, text).toBe(expected.get(row.step))
    }
    // every figure is the list it opens, and all lists together are everything
    expect(mine.rows).toHaveLength(mine.total)
    for (const [word, count] of [
      ...Object.entries(mine.steps),
      ...Object.entries(mine.periods),
      ['all', mine.total] as const,
    ]) {
      const list = await ledger(who, [word])
      const own = mine.rows.filter((row) => word === 'all' || row.step === word || row.period === word)
      expect([list.total, list.ids.length], `${who} ${word}`).toEqual([count, count])
      expect(list.ids.sort()).toEqual(own.map((row) => row.id).sort())
    }
    const sum = (figures: Record<string, number>) => Object.values(figures).reduce((a, b) => a + b, 0)
    expect([sum(mine.steps), sum(mine.periods)]).toEqual([mine.total, mine.total])
  })

  test('is what the loop allows, and due when the card says', async () => {
    const action: Record<string, string> = { decide: 'extend', file: 'list', publish: 'list' }
    const clock: Record<string, string> = { pass: 'review', decide: 'extend_decide', file: 'file', publish: 'publish' }
    for (const who of everybody)
      for (const row of (await work(who)).rows) {
        const card = await c.call<{ steps: string[]; clocks: { clock: string; due_at: string }[] }>(
          who,
          'hazard_card',
          {
            p_hazard: row.id,
          },
        )
        if (row.step !== 'urge') expect(card.steps, `${who} ${row.step}`).toContain(action[row.step] ?? row.step)
        const name = clock[row.step] ?? { verify: 'verify', assign: 'assign' }[row.step] ?? 'rectify'
        const due = card.clocks.find((k) => k.clock === name)?.due_at ?? null
        expect(row.due_at && Date.parse(row.due_at), `${who} ${row.step}`).toBe(
          row.step === 'delist' ? null : Date.parse(due!),
        )
      }
  })

  test('comes page by page, the first due first, none twice', async () => {
    const all = (await work('leader')).rows.map((row) => row.id)
    const pages: string[] = []
    let after: object | null = null
    do {
      const page: Work = await work('leader', null, { p_limit: 7, p_after: after })
      pages.push(...page.rows.map((row) => row.id))
      after = page.next
    } while (after)
    expect(pages).toEqual(all)
    const terms = (await work('leader')).rows.map((row) =>
      row.due_at ? Date.parse(row.due_at) : Number.POSITIVE_INFINITY,
    )
    expect(terms).toEqual([...terms].sort((a, b) => a - b))
    const part = await work('leader', { work: ['overdue', 'file'] })
    expect(part.matching).toBe(part.rows.length)
    expect(part.rows.every((row) => row.step === 'file' && row.period === 'overdue')).toBe(true)
  })

  test.each(['leader', 'town', 'officer', 'admin'] as Person[])(
    'is put together by step and by township for %s: each pile is the rows that it opens, the worst first',
    async (who) => {
      const early = (due: string | null) => (due ? Date.parse(due) : Number.POSITIVE_INFINITY)
      const all = await work(who)
      for (const [words, rows] of [
        [null, all.rows],
        [['overdue'], all.rows.filter((row) => row.period === 'overdue')],
      ] as const) {
        const filter = words ? { work: words } : {}
        const { kinds, townships } = await work(who, filter, { p_limit: 0 })
        for (const { step, count, overdue, due_at } of kinds) {
          const own = rows.filter((row) => row.step === step)
          expect([count, overdue]).toEqual([own.length, own.filter((row) => row.period === 'overdue').length])
          expect(early(due_at)).toBe(Math.min(...own.map((row) => early(row.due_at))))
        }
        expect(kinds.map(({ due_at }) => early(due_at))).toEqual(
          kinds.map(({ due_at }) => early(due_at)).sort((a, b) => a - b),
        )
        const opened: string[] = []
        for (const { id, code, count, overdue } of townships) {
          const pile = await work(who, { ...filter, township: id })
          expect([pile.matching, pile.rows.length]).toEqual([count, count])
          expect(pile.rows.filter((row) => row.period === 'overdue')).toHaveLength(overdue)
          opened.push(...pile.rows.map((row) => row.id))
          // what lies in no township is not the ledger of the topmost grid, which is that of all
          expect(code === null).toBe(id === c.grid.root)
          if (!code) continue
          const list = await c.call<List>(who, 'list_hazards', {
            p_filter: { work: words ?? ['all'], grid: id },
            p_limit: 500,
          })
          expect(list.rows.map((row) => row.id).sort()).toEqual(pile.rows.map((row) => row.id).sort())
        }
        expect(opened.sort()).toEqual(rows.map((row) => row.id).sort())
        expect(townships.map((pile) => pile.overdue)).toEqual(
          townships.map((pile) => pile.overdue).sort((a, b) => b - a),
        )
      }
    },
  )

  test('is gone with the step, and with the right', async () => {
    const loop = makeLoop(c)
    const { id } = await loop.bring('reported', {})
    const has = async (who: Person) => (await work(who)).rows.find((row) => row.id === id)
    expect(await has('village')).toMatchObject({
      step: 'verify',
      why: 'near',
      contact: { name: '人member', as: 'reporter' },
    })
    await loop.must('town', id, 'verify')
    expect(await has('village')).toMatchObject({ step: 'assign' })
    await c.db.query('delete from public.memberships where user_id = $1', [people.village])
    expect((await work('village')).total).toBe(0)
    await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader')`, [
      people.village,
      c.grid.v11,
    ])
  })

  test('is nobody else’s business', async () => {
    expect(await work('stranger')).toMatchObject({ status: 'ok', total: 0, rows: [] })
    expect(await failure(() => work('anon' as Person))).toBe('42501')
    // the key is no person
    expect(await work('service_role' as Person)).toMatchObject({ total: 0 })
  })

  test('bad questions are answered in words', async () => {
    for (const [filter, after] of [
      [{ work: 'everything' }, null],
      [[1], null],
      [null, { id: 'x' }],
      [null, { due_at: 'soon', id: people.admin }],
    ] as const) {
      const answer = await c.call<{ status: string; errors: { message: string }[] }>('town', 'my_work', {
        p_filter: filter && JSON.stringify(filter),
        p_after: after,
      })
      expect(answer.status).toBe('rejected')
      expect(answer.errors[0]!.message).toMatch(/[一-龥]/)
    }
    expect(await ledger('leader', ['everything'])).toEqual({ ids: [], total: 0 })
    expect(await work('leader', null, { p_limit: -3 })).toMatchObject({ rows: [], next: null })
  })
})

describe('notices', () => {
  interface Notices {
    status: string
    waiting: number
    total: number
    unread: number
    overdue: number
    next_at: string
    rows: { hazard_id: string; step: string; kind: string; due_at: string; read_at: string | null }[]
  }
  const notices = (who: Person) => c.call<Notices>(who, 'my_notices', { p_limit: 200 })
  const read = (who: Person, ids: string[] | null) =>
    c.as(who).rpc<Notices>('read_notices', { p_hazards: ids && `{${ids.join()}}` })

  test('come before the term, on its day and after it, by the days set', async () => {
    const mine = await work('leader')
    const kind = async (row: Work['rows'][number]) => {
      if (!row.due_at) return null
      const { days, left } = await one<{ days: number; left: number }>(
        c.db,
        `select case severity when 'major' then 7 else 3 end as days,
           ($2::timestamptz at time zone 'Asia/Shanghai')::date - (now() at time zone 'Asia/Shanghai')::date as left
         from public.hazards where id = $1`,
        [row.id, row.due_at],
      )
      return Date.parse(row.due_at) < Date.now() ? 'overdue' : left === 0 ? 'today' : left <= days ? 'soon' : null
    }
    const expected = new Map<string, string>()
    for (const row of mine.rows) {
      const word = await kind(row)
      if (word) expected.set(`${row.id} ${row.step}`, word)
    }
    const got = await notices('leader')
    expect(got.waiting).toBe(mine.total)
    expect(new Map(got.rows.map((row) => [`${row.hazard_id} ${row.step}`, row.kind]))).toEqual(expected)
    expect([got.total, got.unread, got.overdue]).toEqual([
      expected.size,
      expected.size,
      [...expected.values()].filter((word) => word === 'overdue').length,
    ])
    expect(Date.parse(got.next_at)).toBeGreaterThan(Date.now())
    await c.db.query(`update public.settings set value = '{"general_days": 0, "major_days": 0}' where key = 'notices'`)
    expect((await notices('leader')).rows.filter((row) => row.kind === 'soon')).toEqual([])
    await c.db.query(`update public.settings set value = '{"general_days": 3, "major_days": 7}' where key = 'notices'`)
  })

  test('are read by whom they are for, and new with a new kind or term', async () => {
    const before = await notices('leader')
    const [first] = before.rows
    expect(await read('town', [first!.hazard_id])).toMatchObject({ status: 'ok' })
    expect((await notices('leader')).unread).toBe(before.unread)
    expect((await read('leader', [first!.hazard_id])).unread).toBe(before.unread - 1)
    expect((await read('leader', [first!.hazard_id])).unread).toBe(before.unread - 1)
    const after = await notices('leader')
    expect(after.rows.at(-1)).toMatchObject({ hazard_id: first!.hazard_id, kind: first!.kind })
    expect(after.rows.at(-1)!.read_at).not.toBeNull()
    expect((await read('leader', null)).unread).toBe(0)
    // another term is another notice
    const given = (await work('leader')).rows.find((row) =>
      ['start', 'submit', 'verify', 'assign', 'pass'].includes(row.step),
    )!
    await c.db.query(`update public.hazards set due_at = now() - interval '5 days' where id = $1`, [given.id])
    expect(await notices('leader')).toMatchObject({ unread: 1 })
  })

  test('are written by nobody, and seen by nobody else', async () => {
    for (const sql of [
      `insert into public.work_notice_reads (user_id, hazard_id, step, kind, due_at) select '${people.town}', id, 'pass', 'today', now() from public.hazards limit 1`,
      'update public.work_notice_reads set read_at = now()',
      'delete from public.work_notice_reads',
    ])
      expect(await failure(() => c.as('leader').query(sql)), sql).toBe('42501')
    expect((await c.as('leader').query('select * from public.work_notice_reads')).rows.length).toBeGreaterThan(0)
    expect((await c.as('town2').query('select * from public.work_notice_reads')).rows).toEqual([])
    expect((await notices('stranger')).total).toBe(0)
    expect(await failure(() => notices('anon' as Person))).toBe('42501')
    const nobody = await c.as('service_role').rpc<{ status: string }>('read_notices', { p_hazards: null })
    expect(nobody.status).toBe('rejected')
  })
})
