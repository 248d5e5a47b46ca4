import { onScopeDispose, watch } from 'vue'
import { useSession } from '../../features/auth/session'
import { useSurroundings } from '../../features/reports/surroundingsStore'
import { openOutboxOf } from './followOutbox'
import { keepShell } from './shell'

/** What every page for a phone needs: the outbox of this person, what lies around them, and the page itself kept. */
export function useMobile(): void {
  const session = useSession()
  const surroundings = useSurroundings()
  const stop = watch(
    () => session.me,
    (me) => {
      if (!me) return
      openOutboxOf(session)
      void surroundings.load(me.user_id, me.scope_version, me.admin || me.root?.level === 1)
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  void keepShell()
}
