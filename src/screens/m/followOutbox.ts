// Where the session and the outbox meet: it is open for whoever is signed in, and closed when they go.
import { effectScope, watch } from 'vue'
import { hasShelf } from '../../db/outboxShelf'
import type { useSession } from '../../features/auth/session'
import { useOutbox } from '../../features/reports/outboxStore'
import { useSurroundings } from '../../features/reports/surroundingsStore'
import { followBackground } from './background'

let following = false

/** Opens the outbox of whoever is signed in. */
export function openOutboxOf(session: ReturnType<typeof useSession>): void {
  const outbox = useOutbox()
  if (session.me) outbox.open(session.me.user_id)
  if (following) return
  following = true
  session.onSignOut(() => {
    outbox.close()
    useSurroundings().clear()
  })
  // What waited for the password goes on with it. For as long as the page lives, whichever screen came first.
  effectScope(true).run(() => {
    watch(
      () => session.state,
      (state) => state === 'in' && void outbox.retry(),
    )
    followBackground(outbox)
  })
}

/** The same, when this browser holds something to send; most never do. */
export async function resumeOutbox(session: ReturnType<typeof useSession>): Promise<void> {
  if (await hasShelf()) openOutboxOf(session)
}
