import type { Position } from 'geojson'
import { become, type TestDatabase } from '../../supabase/local/testing'
import { type Ratio, ratioOf } from './ratio'
import { undone } from './undone'

// One border moved between two villages, among few and among many siblings. Bare: what nobody can do without, the
// neighbours by GiST and the area that each has in common with the new outlines.

const STEP = 0.02
const POINTS_PER_SIDE = 10
const ENTERPRISES_PER_CELL = 3

const round = (value: number) => Math.round(value * 1e7) / 1e7
/** A number in [-1, 1) that depends on nothing but its arguments. */
const noise = (...seed: number[]): number => {
  const x = Math.sin(seed.reduce((sum, s, i) => sum + s * (12.9898 + i * 65.4321), 0.123)) * 43758.5453
  return 2 * (x - Math.floor(x)) - 1
}

type Cell = { code: string; ring: Position[] }
interface Coverage {
  outline: Position[]
  cells: Cell[]
  /** The two cells of the moved border, before and after. */
  moved: { code: string; after: Position[] }[]
}

/** columns × rows cells of about 44 vertices each that share wavy borders; EPSG:4326, 7 decimals. */
function coverage(columns: number, rows: number): Coverage {
  const node = (i: number, j: number): Position => {
    const edge = i === 0 || j === 0 || i === columns || j === rows
    const shift = edge ? 0 : STEP / 8
    return [round(100 + i * STEP + shift * noise(i, j, 1)), round(20 + j * STEP + shift * noise(i, j, 2))]
  }
  /** The points from one node to its right or upper neighbour, without the last. */
  const side = (i: number, j: number, up: boolean, bulge = 0): Position[] => {
    const [x0, y0] = node(i, j) as [number, number]
    const [x1, y1] = node(up ? i : i + 1, up ? j + 1 : j) as [number, number]
    const outer = up ? i === 0 || i === columns : j === 0 || j === rows
    return Array.from({ length: POINTS_PER_SIDE + 1 }, (_, k) => {
      const t = k / (POINTS_PER_SIDE + 1)
      const wave = k === 0 || outer ? 0 : (STEP / 16) * Math.sin(Math.PI * t) * noise(i, j, k, up ? 3 : 4)
      const out = k === 0 ? 0 : bulge * Math.sin(Math.PI * t)
      return [round(x0 + (x1 - x0) * t + (up ? wave + out : 0)), round(y0 + (y1 - y0) * t + (up ? 0 : wave + out))]
    })
  }
  const back = (points: Position[], end: Position): Position[] => [end, ...points.slice(1).reverse()]
  const ring = (i: number, j: number, left = 0, right = 0): Position[] => [
    ...side(i, j, false),
    ...side(i + 1, j, true, right),
    ...back(side(i, j + 1, false), node(i + 1, j + 1)),
    ...back(side(i, j, true, left), node(i, j + 1)),
    node(i, j),
  ]
  const code = (i: number, j: number) => `B${i}-${j}`
  const cells = Array.from({ length: columns * rows }, (_, k) => {
    const [i, j] = [k % columns, Math.floor(k / columns)]
    return { code: code(i, j), ring: ring(i, j) }
  })
  const [i, j] = [columns >> 1, rows >> 1]
  const bulge = STEP / 5
  const along = (count: number, points: (k: number) => Position[]) =>
    Array.from({ length: count }, (_, k) => points(k)).flat()
  return {
    outline: [
      ...along(columns, (k) => side(k, 0, false)),
      ...along(rows, (k) => side(columns, k, true)),
      ...along(columns, (k) => back(side(columns - 1 - k, rows, false), node(columns - k, rows))),
      ...along(rows, (k) => back(side(0, rows - 1 - k, true), node(0, rows - k))),
      node(0, 0),
    ],
    cells,
    moved: [
      { code: code(i, j), after: ring(i, j, 0, bulge) },
      { code: code(i + 1, j), after: ring(i + 1, j, bulge, 0) },
    ],
  }
}

const polygon = (ring: Position[]) => ({ type: 'Polygon', coordinates: [ring] })

/** Plants the coverage and its enterprises as one township of a county, and gives back what moves, as JSON. */
async function plant(db: TestDatabase, wanted: Coverage): Promise<string> {
  const insert = `insert into public.grids (code, name, parent_id, boundary)
    select c ->> 'code', c ->> 'code', (select id from public.grids where code = c ->> 'parent'),
      extensions.ST_Multi(extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON(c -> 'boundary'), 4326))
    from jsonb_array_elements($1::text::jsonb) c`
  await db.query(insert, [JSON.stringify([{ code: 'A', boundary: polygon(wanted.outline) }])])
  await db.query(insert, [JSON.stringify([{ code: 'B', parent: 'A', boundary: polygon(wanted.outline) }])])
  for (let at = 0; at < wanted.cells.length; at += 1000) {
    const some = wanted.cells.slice(at, at + 1000)
    const rows = some.map(({ code, ring }) => ({ code, parent: 'B', boundary: polygon(ring) }))
    await db.query(insert, [JSON.stringify(rows)])
  }
  await db.query(`insert into public.sectors (code, name) values ('bench', '工贸')`)
  await db.transaction((session) =>
    session.exec(`select set_config('safegrid.placing', 'bulk', true);
      insert into public.enterprises (code, name, sector_id, location)
      select g.code || '-' || n, g.code, s.id, extensions.ST_Translate(g.center, (n - 1) * ${STEP / 5}, (n - 1) * ${STEP / 20})
      from public.grids g cross join public.sectors s cross join generate_series(0, ${ENTERPRISES_PER_CELL - 1}) n
      where g.level = 3;
      select private.place_within(null)`),
  )
  for (const table of ['grids', 'enterprises', 'grid_versions']) await db.exec(`vacuum analyze public.${table}`)
  const { rows } = await db.query<{ code: string; id: number }>('select code, id from public.grids')
  return JSON.stringify(
    wanted.moved.map(({ code, after }) => ({
      id: rows.find((row) => row.code === code)!.id,
      version: 1,
      boundary: polygon(after),
    })),
  )
}

const bareQuery = `
  select sum(extensions.ST_Area(extensions.ST_Intersection(g.boundary, c.shape, 1e-8))) as common
  from (
    select (x ->> 'id')::int as id, extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON(x -> 'boundary'), 4326) as shape
    from jsonb_array_elements($1::text::jsonb) x) c
  join public.grids g on g.id <> c.id and g.level = 3 and g.retired_at is null
    and g.boundary operator(extensions.&&) c.shape`

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** A township of columns × rows villages, and its leader's move of one border: ours and the bare query. */
async function prepare(db: TestDatabase, columns: number, rows: number) {
  const changes = await plant(db, coverage(columns, rows))
  const leader = await db.createUser('bench@example.cn')
  await db.query(`insert into public.profiles (id, name) values ($1, '网格长') on conflict (id) do nothing`, [leader])
  await db.query(
    `insert into public.memberships (user_id, grid_id, position) select $1, id, 'leader' from public.grids where code = 'B'`,
    [leader],
  )
  return {
    ours: () =>
      undone(db, async (session) => {
        await become(session, leader)
        const { rows } = await session.query<{ status: string }>(
          `select a ->> 'status' as status, a from public.commit_grid_boundaries($1::text::jsonb, '{}') a`,
          [changes],
        )
        if (rows[0]!.status !== 'committed') throw new Error(JSON.stringify(rows[0]))
      }),
    bare: () => db.transaction((session) => session.query(bareQuery, [changes])),
  }
}

/**
 * `commit_grid_boundaries` of one moved border against the bare neighbour query on the same data.
 * @param open gives a migrated, empty database each time
 * @returns a ratio among 1,000 and among 10,000 siblings, and how much longer the second takes than the first; all four
 *   pieces of work in turn
 */
export async function benchCommit(open: () => Promise<TestDatabase>, rounds = 31): Promise<Ratio[]> {
  const small = await open()
  const large = await open()
  try {
    const few = await prepare(small, 40, 25)
    const many = await prepare(large, 100, 100)
    const works = [few.ours, few.bare, many.ours, many.bare]
    const times: number[][] = works.map(() => [])
    // a pool has several connections, and each plans its statements once
    for (let round = -8; round < rounds; round++)
      for (const [i, work] of works.entries()) {
        const time = await seconds(work)
        if (round >= 0) times[i]!.push(time)
      }
    const [fewOurs, fewBare, manyOurs, manyBare] = times as [number[], number[], number[], number[]]
    return [
      ratioOf(`commit of a moved border among 1000 (${small.engine})`, 3, fewOurs, fewBare),
      ratioOf(`commit of a moved border among 10000 (${small.engine})`, 3, manyOurs, manyBare),
      ratioOf(`commit of a moved border: among 10000 / among 1000 (${small.engine})`, 1.5, manyOurs, fewOurs),
    ]
  } finally {
    await small.close()
    await large.close()
  }
}
