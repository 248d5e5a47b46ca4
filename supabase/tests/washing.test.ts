import { expect, test } from 'vitest'
import { openTestDatabase } from '../local/testing.ts'
import { imprintOf } from '../local/washing.ts'
import { openCounty } from './fixtures.ts'

// The embedded database of a test file is used again by the next one: it must be as new.
const native = Boolean(process.env.SAFEGRID_TEST_DATABASE_URL)

test.skipIf(native)('nothing of what was written is left: rows, settings, numbers, role', async () => {
  const first = await openTestDatabase()
  const was = await imprintOf(first)
  await first.createUser('somebody@test.local')
  await first.exec(`
    insert into public.sectors (code, name) values ('gm', '工贸');
    update public.settings set value = '[117, 40, 118, 41]' where key = 'bounds';
    delete from public.work_calendar where day = (select min(day) from public.work_calendar);
    insert into public.grids (code, name, boundary)
      values ('1', '县', extensions.ST_Multi(extensions.ST_MakeEnvelope(117, 40, 117.1, 40.1, 4326)));
    set role authenticated`)
  await first.close()

  const second = await openTestDatabase()
  expect(await imprintOf(second)).toEqual(was)
  const { rows } = await second.query<{ who: string }>('select current_user as who')
  expect(rows).toEqual([{ who: 'postgres' }])
  await second.close()
})

test.skipIf(native)(
  'one that held the county of the tests is used again: a new one costs seconds for every file',
  async () => {
    const transaction = `select pg_current_xact_id()::text::bigint as n`
    const first = await openCounty()
    const { rows: before } = await first.db.query<{ n: number }>(transaction)
    await first.db.close()
    const second = await openTestDatabase()
    const { rows: after } = await second.query<{ n: number }>(transaction)
    // a new one begins to count where its tarball ended
    expect(after[0]!.n).toBeGreaterThan(before[0]!.n)
    await second.close()
  },
)

test.skipIf(native)('one in which something was defined is not used again', async () => {
  const first = await openTestDatabase()
  await first.exec('create table public.left_behind (id int)')
  await first.close()
  const second = await openTestDatabase()
  const { rows } = await second.query(`select to_regclass('public.left_behind') as left_behind`)
  expect(rows).toEqual([{ left_behind: null }])
  await second.close()
})
