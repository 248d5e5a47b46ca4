import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type County, failure, openCounty, type Person, people, upload } from './fixtures.ts'

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Answer {
  status: string
  hazard: { id: string; code: string }
  errors: { code: string }[]
}
interface Row {
  id: string
  client_id: string
  title: string
  state: string
  grid: string | null
  photos: number
  visible: boolean
}
const report = async (who: Person, lon: number, title: string, photos: string[] = [], client_id = randomUUID()) =>
  c.call<Answer>(who, 'report_hazard', {
    p_hazard: { client_id, title, lon, lat: 40.15, sector: 'gm', severity: 'general', source: 'patrol', photos },
  })
const mine = (who: Person, limit: number | null = null) => c.call<Row[]>(who, 'my_reports', { p_limit: limit })

test('everybody sees what they reported, the newest first, and nothing of others', async () => {
  const client = randomUUID()
  const photos = [`${client}/${randomUUID()}.jpg`]
  await upload(c.db, photos)
  const first = await report('member', 117.05, '通道堵塞', photos, client)
  const second = await report('member', 117.06, '灭火器失效')
  await report('town2', 117.25, '邻镇的隐患')
  expect([first.status, second.status]).toEqual(['ok', 'ok'])
  expect(await mine('member')).toMatchObject([
    { id: second.hazard.id, title: '灭火器失效', state: 'reported', grid: '别山一村', photos: 0 },
    { id: first.hazard.id, client_id: client, title: '通道堵塞', photos: 1 },
  ])
  expect((await mine('village')).length).toBe(0)
  expect((await mine('admin')).length).toBe(0)
  expect(await mine('member', 1)).toHaveLength(1)
})

test('also what lies just over the border of one’s grid, without saying whose it is', async () => {
  const answer = await report('member', 117.103, '越界一点的隐患')
  expect(answer.status).toBe('ok')
  const { rows } = await c.as('member').query('select id from public.hazards where id = $1', [answer.hazard.id])
  expect(rows).toEqual([])
  const [row] = await mine('member')
  expect(row).toMatchObject({ id: answer.hazard.id, grid: null, visible: false })
  expect((await mine('member')).filter((one) => one.visible)).toHaveLength(2)
})

test('whose rights are gone sees nothing any more; who never had any, neither', async () => {
  await report('village', 117.05, '临时线路')
  expect(await mine('village')).toHaveLength(1)
  await c.db.query('delete from public.memberships where user_id = $1', [people.village])
  expect(await mine('village')).toEqual([])
  expect(await mine('stranger')).toEqual([])
  expect(await failure(() => c.as('anon').rpc('my_reports', { p_limit: null }))).toBe('42501')
})
