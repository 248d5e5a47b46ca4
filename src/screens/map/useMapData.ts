import { useDocumentVisibility, useIntervalFn, useOnline } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useSession } from '../../features/auth/session'
import { countByLevel, countBySector } from '../../features/enterprises/enterprise'
import { useEnterprises } from '../../features/enterprises/enterpriseStore'
import { subtreeIds } from '../../features/grids/grid'
import { useGrids } from '../../features/grids/gridStore'
import { countHazards } from '../../features/hazards/hazard'
import { useHazards } from '../../features/hazards/hazardStore'
import { type RiskQuestion, useRisk } from '../../features/risk/riskStore'
import { feedTopics } from '../feedTopics'
import { forgetTrends } from './timeParts'
import { type Stale, useMapFeed } from './useMapFeed'

const MINUTE = 60_000
/** What only time changes (overdue) is nobody's message. */
const FOLLOWED = 5 * MINUTE

/** The five figures of a scope. Null: not known (too many points to count here). */
export interface Figures {
  enterprises: number | null
  red: number | null
  open: number | null
  major: number | null
  overdue: number | null
}

/**
 * Everything the map shows, loaded at once (four requests), and then kept as it is in the database by the change feed.
 * While the feed cannot be followed everything is asked for again every minute, when the window comes back into sight
 * and when the network does. What is shown stays when a refresh fails.
 */
export function useMapData(sectorId: () => number | null, question: () => RiskQuestion) {
  const session = useSession()
  const grids = useGrids()
  const risk = useRisk()
  const enterprises = useEnterprises()
  const hazards = useHazards()
  const asOf = shallowRef<Date | null>(null)
  const refreshing = ref(false)
  let loadedAt = Date.now()
  let again = false

  async function refresh(): Promise<void> {
    // What was asked for before may be older than the reason to ask now.
    again = refreshing.value
    if (again) return
    refreshing.value = true
    const begun = Date.now()
    const loaded = await Promise.all([grids.load(), risk.load(question()), enterprises.load(), hazards.load()])
    refreshing.value = false
    if (loaded.every(Boolean)) {
      loadedAt = begun
      asOf.value = new Date()
    }
    if (again) await refresh()
  }
  void refresh()

  /** Asks only for what changed; the card that is open counts what lies around it, so it is asked for too. */
  async function reload(stale: Stale): Promise<void> {
    const [firms, dangers] = [stale.enterprises.size > 0, stale.hazards.size > 0]
    const { card: grid } = grids
    const { card: enterprise } = enterprises
    const { card: hazard } = hazards
    await Promise.all([
      stale.grids.length > 0 && grids.follow(stale.grids),
      firms && enterprises.load(),
      dangers && hazards.load(),
      risk.load(question()),
      grid && grids.openCard(grid.id),
      enterprise && (dangers || stale.enterprises.has(enterprise.id)) && enterprises.openCard(enterprise.id),
      hazard && stale.hazards.has(hazard.id) && hazards.openCard(hazard.id),
    ])
  }

  const stores = [grids, risk, enterprises, hazards]
  const settled = computed(() => stores.every((store) => store.state === 'ready' || store.state === 'failed'))
  const feed = useMapFeed({
    topics: () => (session.me ? feedTopics(session.me) : null),
    ready: () => asOf.value !== null,
    loadedAt: () => loadedAt,
    reload,
    async resync(reason) {
      if (reason === 'scope') await session.refreshMe()
      forgetTrends()
      await refresh()
    },
    marked: forgetTrends,
  })
  onScopeDispose(forgetTrends)
  watch(feed.since, (moment) => {
    if (moment) asOf.value = moment
  })

  const visibility = useDocumentVisibility()
  const online = useOnline()
  const age = () => Date.now() - (asOf.value?.getTime() ?? 0)
  const followed = () => feed.state.value === 'live'
  let refreshed = Date.now()
  useIntervalFn(() => {
    if (visibility.value !== 'visible' || Date.now() - refreshed < (followed() ? FOLLOWED : MINUTE)) return
    refreshed = Date.now()
    void refresh()
  }, MINUTE)
  watch(visibility, (now) => {
    if (now === 'visible' && !followed() && age() > 5_000) void refresh()
  })
  watch(online, (now) => now && !followed() && void refresh())
  watch(
    () => JSON.stringify(question()),
    () => void risk.load(question()),
  )

  const failure = computed(() => stores.map((store) => store.failure).find((found) => found !== null) ?? null)

  /** Counted from the points on the map, so figure and map cannot differ. */
  function figures(gridId: number | null): Figures {
    const ids = gridId === null ? null : subtreeIds(grids.tree, gridId)
    const sector = sectorId()
    const row = gridId === null || risk.shown?.on ? undefined : risk.byGrid.get(gridId)
    const companies = enterprises.state === 'ready' && !enterprises.points.truncated
    const counted = companies ? countByLevel(enterprises.points, ids, sector) : null
    const dangers =
      hazards.state === 'ready' && !hazards.points.truncated ? countHazards(hazards.points, ids, sector) : null
    return {
      enterprises: counted?.total ?? row?.enterprises ?? null,
      red: counted?.levels[1] ?? row?.red ?? null,
      open: dangers?.open ?? row?.open_hazards ?? null,
      major: dangers?.major ?? row?.major_open ?? null,
      overdue: dangers?.overdue ?? row?.overdue ?? null,
    }
  }

  /** As they were written down at the end of a past day, of a grid and all below it; null where it is not judged. */
  function pastFigures(gridId: number | null): Figures {
    const row = risk.shown?.on ? risk.byGrid.get(gridId ?? -1) : undefined
    return {
      enterprises: row?.enterprises ?? null,
      red: row?.red ?? null,
      open: row?.open_hazards ?? null,
      major: row?.major_open ?? null,
      overdue: row?.overdue ?? null,
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
    /** waiting until the first picture is there, then live, catching_up or offline. */
    feedState: feed.state,
    figures,
    pastFigures,
    sectorCounts,
  }
}

export type MapData = ReturnType<typeof useMapData>

/** Forgets everything that was loaded: the next person at this screen must not see it. */
export function forgetMapData(): void {
  for (const store of [useGrids(), useRisk(), useEnterprises(), useHazards()]) store.clear()
}
