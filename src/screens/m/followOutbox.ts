// Where the session and the outbox meet: it is open for whoever is signed in, and closed when they go.
import { hasShelf } from '../../db/outboxShelf'
import type { useSession } from '../../features/auth/session'
import { useOutbox } from '../../features/reports/outboxStore'

let following = false

/** Opens the outbox of whoever is signed in. */
export function openOutboxOf(session: ReturnType<typeof useSession>): void {
  const outbox = useOutbox()
  if (session.me) outbox.open(session.me.user_id)
  if (!following) session.onSignOut(() => outbox.close())
  following = true
}

/** The same, when this browser holds something to send; most never do. */
export async function resumeOutbox(session: ReturnType<typeof useSession>): Promise<void> {
  if (await hasShelf()) openOutboxOf(session)
}
