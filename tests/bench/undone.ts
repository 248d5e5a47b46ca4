import type { Session } from '../../supabase/local/database'
import type { TestDatabase } from '../../supabase/local/testing'

class Undo extends Error {}

/** Does the work in a transaction that never happened, so that every round starts from the same state. */
export async function undone(db: TestDatabase, work: (session: Session) => Promise<unknown>): Promise<void> {
  try {
    await db.transaction(async (session) => {
      await work(session)
      throw new Undo()
    })
  } catch (error) {
    if (!(error instanceof Undo)) throw error
  }
}
