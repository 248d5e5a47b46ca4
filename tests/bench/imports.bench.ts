import type { Session } from '../../supabase/local/database'
import { become, type TestDatabase } from '../../supabase/local/testing'
import { readCounty } from '../../supabase/seed/county'
import { measureRatio, type Ratio } from './ratio'
import { undone } from './undone'

type Answer = { status: string; violations?: unknown; rows?: unknown }

async function call(session: Session, who: string, name: string, list: string, options: unknown): Promise<Answer> {
  await become(session, who)
  const { rows } = await session.query<{ answer: Answer }>(`select public.${name}($1::jsonb, $2::jsonb) as answer`, [
    list,
    JSON.stringify(options),
  ])
  return rows[0]!.answer
}

function expectStatus(answer: Answer, status: string): void {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer).slice(0, 400)}`)
}

/** A migrated database with an administrator, sectors, the county and its townships, and no villages yet. */
export async function prepareImport(db: TestDatabase): Promise<string> {
  const admin = await db.createUser('bench@example.cn')
  await db.query(`insert into public.profiles (id, name) values ($1, '管理员') on conflict (id) do nothing`, [admin])
  await db.query('insert into public.admins values ($1)', [admin])
  await db.exec(`insert into public.sectors (code, name) values ('trade', '工贸'), ('fire', '消防(九小场所)')`)
  const county = readCounty()
  const upper = [
    { code: county.code, name: county.name, kind: 'area', boundary: county.boundary },
    ...county.townships.map(({ code, name, boundary }) => ({
      code,
      name,
      kind: 'area',
      parent_code: county.code,
      boundary,
    })),
  ]
  await db.transaction(async (session) =>
    expectStatus(await call(session, admin, 'commit_grid_boundaries', JSON.stringify(upper), {}), 'committed'),
  )
  return admin
}

export async function benchImports(db: TestDatabase, admin: string): Promise<Ratio[]> {
  const { villages } = readCounty()
  const grids = villages.map(({ code, name, township, boundary }) => ({
    code,
    name,
    kind: 'area',
    parent_code: township,
    boundary,
  }))
  const gridsText = JSON.stringify(grids)
  const enterprises = Array.from({ length: 3000 }, (_, i) => {
    const village = villages[i % villages.length]!
    return {
      code: `BENCH${i}`,
      name: `企业${i}`,
      lon: village.home[0],
      lat: village.home[1],
      sector: i % 2 ? '工贸' : 'fire',
      risk_level: 4,
    }
  })
  const enterprisesText = JSON.stringify(enterprises)

  // What was taken back lies dead in our table, while the bare one is new every time; a real import meets none of it.
  const swept = (table: string) => () => db.exec(`vacuum public.${table}`)
  const importGrids = await measureRatio(
    `import of ${grids.length} polygons (${db.engine})`,
    3,
    () =>
      undone(db, async (s) => expectStatus(await call(s, admin, 'commit_grid_boundaries', gridsText, {}), 'committed')),
    () =>
      undone(db, async (s) => {
        await s.exec(
          'create temp table bare (code text, name text, boundary extensions.geometry(MultiPolygon, 4326)) on commit drop',
        )
        await s.exec('create index on bare using gist (boundary)')
        await s.query(
          `insert into bare select code, name, geom from (
             select c ->> 'code' as code, c ->> 'name' as name, extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON(c -> 'boundary'), 4326) as geom
             from jsonb_array_elements($1::jsonb) c) x where extensions.ST_IsValid(geom)`,
          [gridsText],
        )
      }),
    5,
    swept('grids'),
  )
  const villagesIn = `insert into public.grids (code, name, kind, parent_id, boundary)
    select c ->> 'code', c ->> 'name', 'area', p.id, extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON(c -> 'boundary'), 4326)
    from jsonb_array_elements($1::jsonb) c join public.grids p on p.code = c ->> 'parent_code'`
  await db.query(villagesIn, [gridsText])
  await db.exec('analyze public.grids')
  const importEnterprises = await measureRatio(
    `import of ${enterprises.length} enterprises (${db.engine})`,
    3,
    () =>
      undone(db, async (s) =>
        expectStatus(
          await call(s, admin, 'import_enterprises', enterprisesText, { on_duplicate: 'reject' }),
          'committed',
        ),
      ),
    () =>
      undone(db, async (s) => {
        // The same columns, checks and indexes; no policy, no trigger, no word about what is wrong.
        await s.exec('create temp table bare (like public.enterprises including all) on commit drop')
        await s.query(
          `insert into bare (code, name, sector_id, risk_level, location)
           select r.code, r.name, s.id, r.risk_level, extensions.ST_SetSRID(extensions.ST_MakePoint(r.lon, r.lat), 4326)
           from jsonb_to_recordset($1::jsonb) r(code text, name text, sector text, risk_level int, lon float8, lat float8)
           join public.sectors s on r.sector in (s.code, s.name)`,
          [enterprisesText],
        )
        await s.exec(
          `update bare set grid_id = g.id from public.grids g where g.level = 3 and extensions.ST_Covers(g.boundary, bare.location)`,
        )
      }),
    5,
    swept('enterprises'),
  )
  return [importGrids, importEnterprises]
}
