import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type County, failure, hazards, openCounty, type Person, people } from './fixtures.ts'

// The policies on storage.objects, row by row. Storage itself writes the owner of a file; so do these rows.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const everybody = Object.keys(people) as Person[]
const inFolder = (folder: string) => `${folder}/${randomUUID()}.jpg`
const put = (who: Person, name: string) =>
  failure(() =>
    c
      .as(who)
      .query(`insert into storage.objects (bucket_id, name, owner_id) values ('hazards', $1, $2) returning name`, [
        name,
        people[who],
      ]),
  )
const seen = async (who: Person, name: string) =>
  (await c.as(who).query('select name from storage.objects where name = $1', [name])).rows.length === 1

test('the bucket is private, for JPEGs of at most 2 MB', async () => {
  const { rows } = await c.db.query(
    'select public, file_size_limit::int as size, allowed_mime_types as types from storage.buckets where id = $1',
    ['hazards'],
  )
  expect(rows).toEqual([{ public: false, size: 2_097_152, types: ['image/jpeg'] }])
})

test('everybody with any right starts a folder of their own; a stranger and the signed-out do not', async () => {
  for (const who of everybody)
    expect([who, await put(who, inFolder(randomUUID()))]).toEqual([who, who === 'stranger' ? '42501' : null])
  expect(
    await failure(() =>
      c
        .as('anon')
        .query(`insert into storage.objects (bucket_id, name) values ('hazards', $1)`, [inFolder(randomUUID())]),
    ),
  ).toBe('42501')
})

test('a folder belongs to who began it', async () => {
  const folder = randomUUID()
  expect(await put('member', inFolder(folder))).toBeNull()
  expect(await put('member', inFolder(folder))).toBeNull()
  for (const who of ['village', 'town', 'admin', 'enterprise'] as const)
    expect([who, await put(who, inFolder(folder))]).toEqual([who, '42501'])
})

test('only under a name of the agreed form', async () => {
  const folder = randomUUID()
  for (const name of [
    'a.jpg',
    `${folder}/a.jpg`,
    `${folder}/../${randomUUID()}/a.jpg`,
    `${folder}/${randomUUID()}.html`,
    `${folder}/${randomUUID()}/${randomUUID()}.jpg`,
    `${folder.toUpperCase()}/${randomUUID()}.jpg`,
  ])
    expect([name, await put('admin', name)]).toEqual([name, '42501'])
})

test('before the report arrives its photos are seen by who took them alone', async () => {
  const name = inFolder(randomUUID())
  await put('member', name)
  for (const who of everybody) expect([who, await seen(who, name)]).toEqual([who, who === 'member'])
})

test('afterwards by exactly those who see the hazard', async () => {
  const folder = randomUUID()
  const name = inFolder(folder)
  await put('member', name)
  await c.db.query('update public.hazards set client_id = $1, reported_by = $2 where id = $3', [
    folder,
    people.member,
    hazards.major,
  ])
  for (const who of everybody) {
    const { rows } = await c.as(who).query('select id from public.hazards where id = $1', [hazards.major])
    expect([who, await seen(who, name)]).toEqual([who, rows.length === 1])
  }
  expect(await seen('town2', name)).toBe(false)
  expect(await seen('town', name)).toBe(true)
  // its steps: who sees it adds theirs, nobody else
  expect(await put('town', inFolder(folder))).toBeNull()
  expect(await put('town2', inFolder(folder))).toBe('42501')
})

test('a step of the loop adds photos to a hazard that one sees, and to no other', async () => {
  for (const who of everybody) {
    const { rows } = await c.as(who).query('select id from public.hazards where id = $1', [hazards.general])
    expect([who, await put(who, inFolder(hazards.general))]).toEqual([who, rows.length === 1 ? null : '42501'])
  }
})

test('nobody replaces or removes one, not even who took it', async () => {
  const name = inFolder(randomUUID())
  await put('member', name)
  for (const who of ['member', 'admin', 'leader'] as const) {
    await failure(() =>
      c
        .as(who)
        .query(`update storage.objects set metadata = '{"size": 1}', name = $2 where name = $1`, [
          name,
          inFolder(randomUUID()),
        ]),
    )
    await failure(() => c.as(who).query('delete from storage.objects where name = $1', [name]))
  }
  const { rows } = await c.db.query('select metadata from storage.objects where name = $1', [name])
  expect(rows).toEqual([{ metadata: null }])
})
