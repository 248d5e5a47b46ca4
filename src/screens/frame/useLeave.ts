import { ref } from 'vue'
import { useSession } from '../../features/auth/session'

/** Signing out, with a question first when something of this person has not been delivered. */
export function useLeave() {
  const session = useSession()
  const leaving = ref(false)
  /** How many; above 0 the question is asked (LeaveDialog.vue). */
  const unsent = ref(0)

  async function ask(): Promise<void> {
    // Without the code (no network, never used) there is nothing that could wait.
    const waiting = await import('../../db/outboxShelf')
      .then(({ unsentOf }) => unsentOf(session.me?.user_id ?? ''))
      .catch(() => 0)
    if (waiting) unsent.value = waiting
    else await leave()
  }

  async function leave(): Promise<void> {
    unsent.value = 0
    leaving.value = true
    await session.signOut()
  }

  const stay = (): void => {
    unsent.value = 0
  }

  return { leaving, unsent, ask, leave, stay }
}
