import { useDocumentVisibility, useIntervalFn, useOnline } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { countByLevel, countBySector } from '../../features/enterprises/enterprise'
import { useEnterprises } from '../../features/enterprises/enterpriseStore'
import { subtreeIds } from '../../features/grids/grid'
import { useGrids } from '../../features/grids/gridStore'
import { countHazards } from '../../features/hazards/hazard'
import { useHazards } from '../../features/hazards/hazardStore'
import { useRisk } from '../../features/risk/riskStore'

const EVERY = 60_000

/** The five figures of a scope. Null: not known (too many points to count here). */
export interface Figures {
  enterprises: number | null
  red: number | null
  open: number | null
  major: number | null
  overdue: number | null
}

/**
 * Everything the map shows, loaded at once (four requests) and kept fresh quietly: every minute, when the window
 * comes back into sight and when the network does. What is shown stays when a refresh fails.
 */
export function useMapData(sectorId: () => number | null, sectorCode: () => string | null) {
  const grids = useGrids()
  const risk = useRisk()
  const enterprises = useEnterprises()
  const hazards = useHazards()
  const asOf = ref<Date | null>(null)
  const refreshing = ref(false)

  async function refresh(): Promise<void> {
    if (refreshing.value) return
    refreshing.value = true
    const loaded = await Promise.all([grids.load(), risk.load(sectorCode()), enterprises.load(), hazards.load()])
    refreshing.value = false
    if (loaded.every(Boolean)) asOf.value = new Date()
  }
  void refresh()

  const visibility = useDocumentVisibility()
  const online = useOnline()
  useIntervalFn(() => {
    if (visibility.value === 'visible') void refresh()
  }, EVERY)
  watch(visibility, (now) => {
    if (now === 'visible' && Date.now() - (asOf.value?.getTime() ?? 0) > 5_000) void refresh()
  })
  watch(online, (now) => now && void refresh())
  watch(sectorCode, (code) => void risk.load(code))

  const stores = [grids, risk, enterprises, hazards]
  const settled = computed(() => stores.every((store) => store.state === 'ready' || store.state === 'failed'))
  const failure = computed(() => stores.map((store) => store.failure).find((found) => found !== null) ?? null)

  /** Counted from the points on the map, so figure and map cannot differ. */
  function figures(gridId: number | null): Figures {
    const ids = gridId === null ? null : subtreeIds(grids.tree, gridId)
    const sector = sectorId()
    const row = gridId === null ? undefined : risk.byGrid.get(gridId)
    const companies = enterprises.state === 'ready' && !enterprises.points.truncated
    const counted = companies ? countByLevel(enterprises.points, ids, sector) : null
    const dangers =
      hazards.state === 'ready' && !hazards.points.truncated ? countHazards(hazards.points, ids, sector) : null
    return {
      enterprises: counted?.total ?? row?.enterprises ?? null,
      red: counted?.levels[1] ?? null,
      open: dangers?.open ?? row?.open_hazards ?? null,
      major: dangers?.major ?? row?.major_open ?? null,
      overdue: dangers?.overdue ?? row?.overdue ?? null,
    }
  }

  function sectorCounts(gridId: number | null): Map<number, number> {
    return countBySector(enterprises.points, gridId === null ? null : subtreeIds(grids.tree, gridId))
  }

  return {
    grids,
    risk,
    enterprises,
    hazards,
    asOf,
    refreshing,
    refresh,
    settled,
    failure,
    online,
    figures,
    sectorCounts,
  }
}

export type MapData = ReturnType<typeof useMapData>

/** Forgets everything that was loaded: the next person at this screen must not see it. */
export function forgetMapData(): void {
  for (const store of [useGrids(), useRisk(), useEnterprises(), useHazards()]) store.clear()
}
