import { useDebounceFn } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { isReachable } from '../../db/connection'
import { rpc } from '../../db/rpc'
import { enterprisesNear, gridAround, hazardsNear, type NearHazard, type Surroundings, trailOf } from './surroundings'

/** How far another report of the same thing may lie, an enterprise may be, metres. */
export const SAME_WITHIN_M = 100
const ENTERPRISE_WITHIN_M = 300
const MOST_ENTERPRISES = 8
const ASK_AFTER_MS = 400

interface Line {
  grid_id: number
  name: string
  level: number
  people: { name: string; phone: string | null; position: string }[]
}

/**
 * Whose ground a place is and what lies around it: at once from what is kept on the phone, then, with a network, from
 * the server, whose borders are exact.
 */
export function useAround(at: () => [number, number] | null, known: () => Surroundings | null) {
  /** What the server said, and of which place. */
  const lines = shallowRef<{ at: string; lines: Line[] } | null>(null)
  const found = shallowRef<{ at: string; hazards: NearHazard[] } | null>(null)
  const key = computed(() => at()?.join() ?? '')

  const ask = useDebounceFn(async () => {
    const place = at()
    const asked = key.value
    if (!place || !isReachable.value) return
    const [p_lon, p_lat] = place
    const [responsible, hazards] = await Promise.all([
      rpc<{ territorial?: Line[] }>('responsible_at', { p_lon, p_lat, p_sector: null, p_at: null }),
      rpc<NearHazard[]>('hazards_nearby', { p_lon, p_lat, p_radius_m: SAME_WITHIN_M, p_sector: null }),
    ])
    if (asked !== key.value) return
    if (responsible.ok && responsible.data.territorial) lines.value = { at: asked, lines: responsible.data.territorial }
    if (hazards.ok && Array.isArray(hazards.data)) found.value = { at: asked, hazards: hazards.data }
  }, ASK_AFTER_MS)
  watch([key, isReachable], () => void ask(), { immediate: true })

  const grid = computed(() => {
    const told = lines.value?.at === key.value ? lines.value.lines : null
    if (told?.[0]) {
      const people = told[0].people
      const leader = people.find(({ position }) => position === 'leader') ?? people[0]
      return {
        name: told[0].name,
        trail: named([...told].reverse().map(({ name }) => name)),
        leader: leader?.name ?? null,
        phone: leader?.phone ?? null,
      }
    }
    if (told) return null
    const place = at()
    const grids = known()?.grids ?? []
    const local = place ? gridAround(grids, place) : null
    if (!local) return null
    const trail = trailOf(grids, local).map(({ name }) => name)
    return { name: local.name, trail: named(trail), leader: local.leader, phone: null }
  })

  const enterprises = computed(() => {
    const [place, around] = [at(), known()]
    return place && around ? enterprisesNear(around.enterprises, place, ENTERPRISE_WITHIN_M, MOST_ENTERPRISES) : []
  })

  const duplicates = computed<{ hazards: NearHazard[]; kept: boolean }>(() => {
    if (found.value?.at === key.value) return { hazards: found.value.hazards, kept: false }
    const [place, around] = [at(), known()]
    return { hazards: place && around ? hazardsNear(around.hazards, place, SAME_WITHIN_M) : [], kept: true }
  })

  return { grid, enterprises, duplicates }
}

// The county goes without saying.
const named = (trail: string[]): string => (trail.length > 1 ? trail.slice(1) : trail).join(' › ')
