import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Session } from '../local/database.ts'
import { openTestDatabase, type TestDatabase } from '../local/testing.ts'
import { withoutIndexes } from '../seed/indexes.ts'

// The seed writes its largest tables without their indexes; what is made again is what was there.
let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
}, 180_000)
afterAll(() => db.close())

const indexesOf = async (session: Session, table: string) => {
  const { rows } = await session.query<{ definition: string; key: boolean }>(
    `select pg_get_indexdef(i.indexrelid) as definition, exists (select from pg_constraint k where k.conindid = i.indexrelid) as key
     from pg_index i where i.indrelid = $1::text::regclass and i.indisvalid order by 1`,
    [table],
  )
  return rows
}

test.each(['public.hazards', 'public.patrols', 'public.risk_daily'])('%s has its indexes again', async (table) => {
  await db
    .transaction(async (session) => {
      const before = await indexesOf(session, table)
      expect(before.filter(({ key }) => !key).length).toBeGreaterThanOrEqual(3)
      let meanwhile: unknown
      await withoutIndexes(session, table, async () => {
        meanwhile = await indexesOf(session, table)
      })
      expect(meanwhile).toEqual(before.filter(({ key }) => key))
      expect(await indexesOf(session, table)).toEqual(before)
      throw new Error('as it was')
    })
    .catch((error: Error) => expect(error.message).toBe('as it was'))
})
