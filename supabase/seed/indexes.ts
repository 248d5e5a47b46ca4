import type { SeedDatabase } from './index.ts'

/**
 * Does `work`, which writes many rows into `table`, while none of its indexes is there but those of its keys, and makes
 * them again from their own definitions: sorted once they cost a third of what they cost row by row. A unique one is
 * checked then. Only the owner of the table may; comments on indexes would be lost, so one that has any stays.
 */
export async function withoutIndexes(db: SeedDatabase, table: string, work: () => Promise<unknown>): Promise<void> {
  const { rows } = await db.query(INDEXES, [table])
  const indexes = rows as { name: string; definition: string }[]
  for (const { name } of indexes) await db.exec(`drop index ${name}`)
  await work()
  for (const { definition } of indexes) await db.exec(definition)
}

const INDEXES = `
  select format('%I.%I', n.nspname, c.relname) as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  where i.indrelid = $1::text::regclass and obj_description(i.indexrelid, 'pg_class') is null
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
  order by c.relname`
