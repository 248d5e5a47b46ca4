import type { MultiPolygon, Polygon, Position } from 'geojson'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { box, type County, codes, type GridKey, openCounty, type Person, people } from './fixtures.ts'

// What a notice on the wall shows, and who may print it.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Notice {
  code: string
  name: string
  path: string[]
  outline: Polygon | MultiPolygon | null
  center: Position | null
  parent: { name: string; outline: Polygon | MultiPolygon | null } | null
  neighbours: { name: string; outline: Polygon | MultiPolygon }[]
  children: { name: string; kind: string; outline: unknown }[]
  people: { name: string; position: string; phone: string; photo_path: string | null }[]
  above: { grid: string; name: string }[]
  duties: string[]
}
interface Answer {
  status: string
  issuer: string
  date: string
  notices: Notice[]
}
const notice = (who: Person, grid: GridKey, children = false) =>
  c.call<Answer>(who, 'grid_notice', { p_grid: c.grid[grid], p_children: children })

test('names the grid, its people, its neighbours and what is inside', async () => {
  const { notices, issuer, date } = await notice('town', 't1')
  expect(issuer).toBe('试验区安全生产委员会办公室')
  expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  const [one] = notices
  expect(one).toMatchObject({ code: codes.t1, name: '别山镇', path: ['试验区', '别山镇'] })
  expect(one!.outline!.type).toMatch(/Polygon/)
  expect(one!.neighbours.map((n) => n.name)).toEqual(['邦均镇'])
  expect(one!.children.map((n) => n.name)).toEqual(['别山一村', '别山二村'])
  expect(one!.people.map((p) => [p.name, p.position])).toEqual([['人town', 'leader']])
  expect(one!.above).toMatchObject([{ grid: '试验区', name: '人leader' }])
  expect(one!.duties.length).toBeGreaterThan(2)
})

test('prints each grid below, in order, leader before member', async () => {
  const { notices } = await notice('town', 't1', true)
  expect(notices.map((n) => n.code)).toEqual([codes.v11, codes.v12])
  expect(notices[0]!.people.map((p) => p.position)).toEqual(['leader', 'member'])
  expect(notices[0]!.neighbours.map((n) => n.name)).toEqual(['别山二村', '邦均一村'])
})

test('a neighbour beyond the scope is a name and a near outline, nothing else', async () => {
  const [one] = (await notice('village', 'v11')).notices
  const near = one!.neighbours.find((n) => n.name === '邦均一村')
  expect(Object.keys(near!).sort()).toEqual(['name', 'outline'])
  // 邦均一村 reaches to 117.3; the window ends 1.2 heights (0.12° of latitude) from the middle, 117.05
  const lons = near!.outline.coordinates.flat(3).filter((_, i) => i % 2 === 0) as unknown as number[]
  expect(Math.max(...lons)).toBeLessThan(117.05 + 0.12 / Math.cos((40.2 * Math.PI) / 180) + 1e-6)
})

test('what one may not see is not on the notices one prints', async () => {
  const [one] = (await notice('village', 't1')).notices
  expect(one!.children.map((n) => n.name)).toEqual(['别山一村'])
  expect((await notice('village', 't1', true)).notices.map((n) => n.code)).toEqual([codes.v11])
})

const seen: Record<Person, GridKey[]> = {
  admin: ['root', 't1', 't2', 'v11', 'v21'],
  leader: ['root', 't1', 't2', 'v11', 'v21'],
  duty: ['root', 't1', 't2', 'v11', 'v21'],
  officer: ['root', 't1', 't2', 'v11', 'v21'],
  town: ['root', 't1', 'v11'],
  town2: ['root', 't2', 'v21'],
  village: ['root', 't1', 'v11'],
  member: ['root', 't1', 'v11'],
  enterprise: ['root', 't1', 'v11'],
  stranger: [],
}
test.each(Object.keys(people) as Person[])('%s prints the grids whose public card they see', async (who) => {
  const printed: GridKey[] = []
  for (const grid of ['root', 't1', 't2', 'v11', 'v21'] as const) {
    const answer = await notice(who, grid)
    if (answer.status === 'ok') printed.push(grid)
    else expect(answer).toEqual({ status: 'not_found' })
  }
  expect(printed).toEqual(seen[who])
  expect(await c.call(who, 'grid_notice', { p_grid: 999999 })).toEqual({ status: 'not_found' })
})

test('a unit without a footprint is shown where it lies in its parent', async () => {
  await c.db.query(
    `insert into public.grids (code, name, kind, parent_id, center)
     values ('U1', '红星化工厂网格', 'unit', $1, extensions.ST_SetSRID(extensions.ST_MakePoint(117.05, 40.15), 4326))`,
    [c.grid.v11],
  )
  const [one] = (await notice('village', 'v11', true)).notices
  expect(one).toMatchObject({ name: '红星化工厂网格', outline: null, center: [117.05, 40.15] })
  expect(one!.parent!.outline!.type).toMatch(/Polygon/)
  expect(one!.neighbours.map((n) => n.name)).toEqual(['别山二村', '邦均一村'])
  expect(one!.duties[0]).toContain('第一责任人')
})

test('a county sets its own duties and issuer', async () => {
  await c
    .as('admin')
    .query(`update public.settings set value = '{"1": ["甲"], "2": ["乙"]}' where key = 'notice_duties'`)
  await c.as('admin').query(`update public.settings set value = '{"issuer": "应急管理局"}' where key = 'notice'`)
  const answer = await notice('leader', 'v21')
  expect(answer.issuer).toBe('应急管理局')
  expect(answer.notices[0]!.duties).toEqual(['乙'])
  expect((await notice('leader', 'root')).notices[0]!.duties).toEqual(['甲'])
})

test('a large outline is drawn no finer than a wall can show', async () => {
  const ring = Array.from({ length: 8001 }, (_, i): Position => {
    const angle = (2 * Math.PI * (i % 8000)) / 8000
    return [117.35 + 0.0499 * Math.cos(angle), 40.15 + 0.0499 * Math.sin(angle)]
  })
  await c.db.query(
    `update public.grids set boundary = extensions.ST_Multi(extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON($2::text), 4326)) where id = $1`,
    [c.grid.v22, JSON.stringify({ ...box(0, 0, 1, 1), coordinates: [ring] })],
  )
  const [one] = (await notice('town2', 'v22')).notices
  const vertices = one!.outline!.coordinates.flat(3).length / 2
  expect(vertices).toBeGreaterThan(100)
  expect(vertices).toBeLessThan(2000)
})
