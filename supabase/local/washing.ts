// A test database that is used again. Opening PGlite costs seconds, emptying it a fraction of one. It is only used again
// when, emptied, it is in every table, sequence and definition what it was when it was new; else the next one is new.
import type { Database, Session } from './database.ts'

/** What is in one table: how many rows, and a sum that no two contents share by accident. */
interface Content {
  name: string
  rows: string
  sum: string
}

export interface Imprint {
  definitions: string
  contents: Map<string, Content>
  sequences: Map<string, { value: string; called: boolean }>
  /** The rows of the tables that are not empty in a new database, each row as PostgreSQL writes it, in one JSON list. */
  rows: Map<string, string>
}

// Everything somebody could define; pg_class without what TRUNCATE and ANALYZE change by themselves.
const catalogues = [
  'pg_attribute',
  'pg_attrdef',
  'pg_auth_members',
  'pg_authid',
  'pg_constraint',
  'pg_db_role_setting',
  'pg_default_acl',
  'pg_description',
  'pg_enum',
  'pg_event_trigger',
  'pg_extension',
  'pg_index',
  'pg_inherits',
  'pg_namespace',
  'pg_policy',
  'pg_proc',
  'pg_publication',
  'pg_rewrite',
  'pg_trigger',
  'pg_type',
]
const definitionsSql = `select md5(string_agg(sum, ',' order by name)) as sum from (
  ${catalogues.map((name) => `select '${name}' as name, (count(*), sum(hashtextextended(t::text, 0)))::text as sum from pg_catalog.${name} t`).join('\n  union all ')}
  union all
  select 'pg_class', (count(*), sum(hashtextextended((oid, relname, relnamespace, relkind, relowner, relacl, reloptions,
    relrowsecurity, relforcerowsecurity, relreplident, relpersistence, reltablespace)::text, 0)))::text from pg_catalog.pg_class) all_of_them`

const tablesSql = `select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1`

const sequencesSql = `select format('%I.%I', schemaname, sequencename) as name, coalesce(last_value, start_value)::text as value,
  last_value is not null as called from pg_sequences order by 1`

async function contentsOf(db: Session, tables: string[]): Promise<Map<string, Content>> {
  const parts = tables.map(
    (name) =>
      `select '${name.replaceAll("'", "''")}' as name, count(*)::text as rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as sum from ${name} t`,
  )
  const { rows } = await db.query<Content>(parts.join(' union all '))
  return new Map(rows.map((row) => [row.name, row]))
}

async function definitionsOf(db: Session): Promise<string> {
  const { rows } = await db.query<{ sum: string }>(definitionsSql)
  return rows[0]?.sum ?? ''
}

async function sequencesOf(db: Session): Promise<Imprint['sequences']> {
  const { rows } = await db.query<{ name: string; value: string; called: boolean }>(sequencesSql)
  return new Map(rows.map(({ name, value, called }) => [name, { value, called }]))
}

/** What a new database holds, to come back to. */
export async function imprintOf(db: Session): Promise<Imprint> {
  const tables = (await db.query<{ name: string }>(tablesSql)).rows.map((row) => row.name)
  const contents = await contentsOf(db, tables)
  const rows = new Map<string, string>()
  for (const { name, rows: count } of contents.values()) {
    if (count === '0') continue
    const all = await db.query<{ all: string }>(`select jsonb_agg(t::text)::text as all from ${name} t`)
    rows.set(name, all.rows[0]?.all ?? '[]')
  }
  return { definitions: await definitionsOf(db), contents, sequences: await sequencesOf(db), rows }
}

const same = <T>(a: Map<string, T>, b: Map<string, T>) =>
  JSON.stringify([...a].sort(([x], [y]) => (x < y ? -1 : 1))) ===
  JSON.stringify([...b].sort(([x], [y]) => (x < y ? -1 : 1)))

/** Brings a used database back to `was`; false when that did not succeed, and then nobody should use it again. */
export async function wash(db: Database, was: Imprint): Promise<boolean> {
  try {
    await db.exec('rollback; reset session authorization; reset all; discard temp; unlisten *')
    await db.exec('set search_path = "$user", public, extensions')
    if ((await definitionsOf(db)) !== was.definitions) return false
    const tables = [...was.contents.keys()]
    const now = await contentsOf(db, tables)
    const changed = tables.filter((name) => now.get(name)?.sum !== was.contents.get(name)?.sum)
    await db.transaction(async (session) => {
      // no trigger has a say in this: most of them keep a history
      await session.exec(`set local session_replication_role = replica`)
      if (changed.length > 0) await session.exec(`truncate ${changed.join(', ')} cascade`)
    })
    const emptied = await contentsOf(db, tables)
    await db.transaction(async (session) => {
      await session.exec(`set local session_replication_role = replica`)
      for (const [name, rows] of was.rows) {
        if (emptied.get(name)?.sum === was.contents.get(name)?.sum) continue
        await session.query(
          `insert into ${name} overriding system value select (t::${name}).* from jsonb_array_elements_text($1::jsonb) t`,
          [rows],
        )
      }
      const moved = await sequencesOf(session)
      for (const [name, { value, called }] of was.sequences) {
        const at = moved.get(name)
        if (at?.value !== value || at.called !== called)
          await session.query('select setval($1::regclass, $2::bigint, $3)', [name, value, called])
      }
    })
    return same(await contentsOf(db, tables), was.contents) && same(await sequencesOf(db), was.sequences)
  } catch {
    return false
  }
}
