import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../local/testing.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase({ demo: true })
}, 180_000)
afterAll(() => db.close())

test('demo', async () => {
  console.log((await db.query(`select (select count(*) from risk_points) p, (select count(*) from risk_measures) m, (select count(*) from major_hazard_sources) s, (select count(*) from licences) l, (select count(*) from enterprise_confirmations) c, (select count(*) from enterprise_changes) ch, (select count(*) from enterprise_levels) lv`)).rows)
  console.log((await db.query(`select s.name, s.people, s.alpha, s.ratio, s.r, s.grade, e.declared_grade d, e.major_hazard_source_grade g, e.risk_level rl from major_hazard_sources s join enterprises e on e.id = s.enterprise_id`)).rows)
  console.log((await db.query(`select category, count(*) from risk_measures group by 1`)).rows)
  expect(1).toBe(1)
})
