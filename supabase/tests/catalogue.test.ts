import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../local/testing.ts'

// What must hold for every object, also for those of later migrations.
let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const names = async (sql: string) => (await db.query<{ name: string }>(sql)).rows.map((row) => row.name)
const ours = `n.nspname in ('public', 'private') and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`

test('every table has row security, a policy, and a comment', async () => {
  expect(
    await names(`select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and (not c.relrowsecurity or obj_description(c.oid) is null or not exists (select from pg_policy p where p.polrelid = c.oid))
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`),
  ).toEqual([])
})

test('every function has a comment and a fixed search path', async () => {
  expect(
    await names(`select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${ours} and (obj_description(p.oid) is null
        or not exists (select from unnest(p.proconfig) setting where setting like 'search_path=%' and setting not like '%public%'))`),
  ).toEqual([])
})

test('nothing can be called or read without an account', async () => {
  expect(
    await names(`select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${ours} and has_function_privilege('anon', p.oid, 'execute')`),
  ).toEqual([])
  expect(
    await names(`select c.relname as name from pg_class c
      where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'v')
        and has_any_column_privilege('anon', c.oid, 'select, insert, update')
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`),
  ).toEqual([])
})

test('a table made later is closed until it is opened', async () => {
  await db.exec(
    'create table public.later (id int); create function public.later_f() returns int language sql as $$ select 1 $$',
  )
  expect(
    await names(`select r as name from unnest(array['anon', 'authenticated']) r
      where has_table_privilege(r, 'public.later', 'select') or has_function_privilege(r, 'public.later_f()', 'execute')`),
  ).toEqual([])
})

test('helpers are not API: a signed-in user can call only what policies need', async () => {
  const callable = await names(`select p.proname as name from pg_proc p where p.pronamespace = 'private'::regnamespace
    and has_function_privilege('authenticated', p.oid, 'execute') order by 1`)
  expect(callable).toEqual([
    'bbox',
    'is_admin',
    'is_grid_code',
    'is_service',
    'j',
    'may_add_hazard_photo',
    'may_change_person',
    'may_hear',
    'my_enterprise_ids',
    'my_grid_ids',
    'my_people_ids',
    'my_public_grid_ids',
    'my_sector_grids',
    'my_sector_ids',
    'pinyin_initials',
    'portrait_owner',
    'sector_grid',
    'sees_all',
    'sees_hazard_photo',
    'sees_person',
  ])
})

test('every definer function in the API says why in its comment', async () => {
  expect(
    await names(`select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
      and obj_description(p.oid) !~ 'DEFINER'`),
  ).toEqual([])
})

test('a user without the claim sees nothing, whatever the role', async () => {
  const { rows } = await db
    .asUser('00000000-0000-4000-8000-00000000ffff')
    .query<{ a: boolean; s: boolean }>('select private.is_admin() as a, private.sees_all() as s')
  expect(rows[0]).toEqual({ a: false, s: false })
})
