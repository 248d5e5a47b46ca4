import type { TestDatabase } from '../../supabase/local/testing'
import { measureRatio, type Ratio } from './ratio'

const COUNT = 100_000

/** 100,000 hazards over the villages of the demo county: three years, a fifth of them open, as the trade has them. */
async function fill(db: TestDatabase): Promise<void> {
  await db.exec(`
    alter table public.hazards disable trigger user;
    with village as (
      select g.id, g.center, row_number() over (order by g.code) - 1 as nth, count(*) over () as many
      from public.grids g where g.level = 3 and g.retired_at is null
    ), sector as (select s.id, row_number() over (order by s.id) - 1 as nth, count(*) over () as many from public.sectors s)
    insert into public.hazards (code, title, severity, state, source, sector_id, grid_id, location, found_at, due_at, closed_at)
    select 'YH-20200101-' || lpad(i::text, 7, '0'), '隐患 ' || i, case when i % 40 = 0 then 'major' else 'general' end, x.state, 'patrol',
      s.id, v.id, v.center, x.found, x.found + interval '15 days', case when x.state = 'closed' then x.found + interval '9 days' end
    from generate_series(1, ${COUNT}) i
    cross join lateral (
      select now() - make_interval(secs => 90.0 * 10 * ((i * 7919) % ${COUNT})) as found,
        case when i % 5 = 0 then (array['reported', 'verified', 'assigned', 'rectifying', 'submitted'])[1 + i / 5 % 5] else 'closed' end as state) x
    join village v on v.nth = (i * 31) % v.many
    join sector s on s.nth = i % s.many;
    alter table public.hazards enable trigger user;
    analyze public.hazards`)
}

/** Rows between two marks. */
const STEP = { leader: 100, town: 10 }

interface Marks {
  total: number
  marks: object[]
}

/** The thousandth page against the first, through list_hazards, as people who see all and a part of it. */
export async function benchLedgers(db: TestDatabase): Promise<Ratio[]> {
  await fill(db)
  const { rows } = await db.query<{ email: string; id: string }>('select email, id from auth.users')
  const person = (name: string) => db.asUser(rows.find(({ email }) => email === `${name}@demo.local`)!.id)
  const all = { status: ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'] }
  const ratios: Ratio[] = []
  for (const [who, name] of [
    ['leader', 'county leader'],
    ['town', 'town leader'],
  ] as const) {
    for (const sort of ['-found_at', 'due_at', '-severity']) {
      const filter = JSON.stringify(sort === 'due_at' ? {} : all)
      const asker = person(who)
      const { total, marks } = await asker.rpc<Marks>('ledger_marks', {
        p_kind: 'hazards',
        p_filter: filter,
        p_sort: sort,
        p_every: STEP[who],
      })
      // the thousandth where there are so many rows; a whole page in any case
      const last = Math.min(998, Math.floor((total - 100) / STEP[who]) - 1)
      const page = (after: object | null) => () =>
        asker.rpc('list_hazards', {
          p_filter: filter,
          p_after: after && JSON.stringify(after),
          p_limit: 100,
          p_sort: sort,
          p_total: false,
        })
      ratios.push(
        await measureRatio(
          `ledger of ${total}, ${sort}, after row ${(last + 1) * STEP[who]} / page 1, ${name} (${db.engine})`,
          1.5,
          page(marks[last]!),
          page(null),
          15,
        ),
      )
    }
  }
  return ratios
}
