import { afterAll, beforeAll, expect, test } from 'vitest'
import { type County, enterprises, openCounty } from './fixtures.ts'

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

test('portrait', async () => {
  const p = await c.call<Record<string, unknown>>('leader', 'enterprise_portrait', { p_enterprise: enterprises.a })
  console.log(JSON.stringify(p, null, 1).slice(0, 6000))
  expect(p.status).toBe('ok')
})
