import { type ComputedRef, computed } from 'vue'
import { useSession } from '../features/auth/session'

/**
 * Who sees a part is told which: officers their sectors, users of an enterprise that it is theirs. Empty for everybody
 * who sees all of a grid.
 */
export function useOnly(words: { sectors: (names: string) => string; firms: () => string }): ComputedRef<string> {
  const session = useSession()
  return computed(() => {
    const { me } = session
    if (!me || me.admin || me.positions.length) return ''
    const own = new Set(me.departments.flatMap((department) => department.sectors))
    if (!own.size) return me.enterprises.length ? words.firms() : ''
    return words.sectors(
      me.sectors
        .filter(({ id }) => own.has(id))
        .map(({ name }) => name)
        .join('、'),
    )
  })
}
