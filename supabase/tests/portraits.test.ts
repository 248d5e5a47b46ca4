import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type County, failure, openCounty, type Person, people } from './fixtures.ts'

// The policies on storage.objects, row by row; the files themselves are tests/local/portraits.test.ts.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const everybody = Object.keys(people) as Person[]
const path = (person: Person) => `${people[person]}/${randomUUID()}.jpg`
const put = (who: Person, name: string) =>
  failure(() =>
    c.as(who).query(`insert into storage.objects (bucket_id, name) values ('portraits', $1) returning name`, [name]),
  )

test('the bucket is private, for small JPEGs', async () => {
  const { rows } = await c.db.query(
    'select public, file_size_limit::int as size, allowed_mime_types as types from storage.buckets where id = $1',
    ['portraits'],
  )
  expect(rows).toEqual([{ public: false, size: 524288, types: ['image/jpeg'] }])
})

const writes: Record<Person, Person[]> = {
  admin: everybody.filter((p) => p !== 'stranger'),
  leader: ['town', 'town2', 'village', 'member', 'duty'],
  town: ['village', 'member'],
  town2: [],
  village: ['member'],
  member: [],
  duty: [],
  officer: [],
  enterprise: [],
  stranger: [],
}
test.each(everybody)('%s uploads portraits of exactly those whom they may correct', async (who) => {
  for (const person of everybody)
    expect([person, await put(who, path(person))]).toEqual([person, writes[who].includes(person) ? null : '42501'])
})

test('only into a person’s own folder, under a name of its own', async () => {
  for (const name of [
    'a.jpg',
    `${people.member}/a.jpg`,
    `${people.member}/../${people.town}/a.jpg`,
    `${people.member}/${randomUUID()}.html`,
  ])
    expect([name, await put('admin', name)]).toEqual([name, '42501'])
})

test('who may look a person up sees their portrait, nobody else', async () => {
  const name = path('member')
  expect(await put('admin', name)).toBeNull()
  for (const who of everybody) {
    const { rows } = await c.as(who).query('select name from storage.objects where name = $1', [name])
    const { rows: known } = await c.as(who).query('select id from public.profiles where id = $1', [people.member])
    expect([who, rows.length]).toEqual([who, known.length])
  }
})

test('a portrait is shown once it is named, and removed only by who may correct the person', async () => {
  const name = path('member')
  await put('village', name)
  const answer = await c.call<{ status: string }>('village', 'update_person', {
    p_user: people.member,
    p_fields: { photo_path: name },
  })
  expect(answer.status).toBe('ok')
  const foreign = await c.call<{ errors: { code: string }[] }>('admin', 'update_person', {
    p_user: people.town,
    p_fields: { photo_path: name },
  })
  expect(foreign.errors[0]!.code).toBe('NOT_FOUND')
  const gone = async (who: Person) =>
    (await c.as(who).query('delete from storage.objects where name = $1 returning name', [name])).rows.length
  expect(await gone('member')).toBe(0)
  expect(await gone('town2')).toBe(0)
  expect(await gone('town')).toBe(1)
})
