import type { Session } from '../local/database.ts'
import { become } from '../local/testing.ts'
import type { BoundaryAnswer } from './answers.ts'
import { type County, type Person, people } from './fixtures.ts'

export type Commit = (changes: unknown[], options?: unknown, who?: Person) => Promise<BoundaryAnswer>
export interface Trial {
  /** commit_grid_boundaries, by the administrator when nobody is named. */
  commit: Commit
  /** Any other RPC. */
  call<T>(who: Person, name: string, args: Record<string, unknown>): Promise<T>
  /** As the owner of everything. */
  rows<T>(sql: string, params?: unknown[]): Promise<T[]>
}

const undo = Symbol('undo')

/** Lets several people act in one transaction that is taken back at the end. */
export async function trial(at: County, work: (t: Trial) => Promise<void>): Promise<void> {
  try {
    await at.db.transaction(async (session) => {
      await work({
        commit: (changes, options = {}, who = 'admin') =>
          as(session, who, 'select public.commit_grid_boundaries($1::text::jsonb, $2::text::jsonb) as v', [
            JSON.stringify(changes),
            JSON.stringify(options),
          ]),
        call: (who, name, args) =>
          as(
            session,
            who,
            `select public.${name}(${Object.keys(args).map((key, i) => `${key} => $${i + 1}`)}) as v`,
            Object.values(args),
          ),
        rows: async <T>(sql: string, params?: unknown[]) => (await session.query<T>(sql, params)).rows,
      })
      throw undo
    })
  } catch (error) {
    if (error !== undo) throw error
  }
}

async function as<T>(session: Session, who: Person, sql: string, params: unknown[]): Promise<T> {
  await become(session, people[who])
  const { rows } = await session.query<{ v: T }>(sql, params)
  await session.exec(`select set_config('role', 'none', true)`)
  return rows[0]!.v
}
