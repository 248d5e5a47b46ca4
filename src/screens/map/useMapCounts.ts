import { computed } from 'vue'
import { countByLevel } from '../../features/enterprises/enterprise'
import { lineage, subtreeIds } from '../../features/grids/grid'
import { countLegend } from '../../features/hazards/hazard'
import { ranking, tally } from '../../features/risk/risk'
import type { MapData } from './useMapData'

// Every township of a county, every village of a township; of a thousand villages the worst.
const RANKED = 60

/** What the panels count: figures of the scope, the worst grids, how many each legend entry stands for. */
export function useMapCounts(
  data: MapData,
  scope: () => { id: number; level: number } | null,
  shownLevel: () => number,
  sector: () => number | null,
) {
  const { grids, risk, enterprises, hazards } = data
  const figures = computed(() => data.figures(scope()?.id ?? null))

  const shownRows = computed(() =>
    risk.rows.filter((row) => grids.tree.byId.get(row.grid_id)?.properties.level === shownLevel()),
  )
  const ranked = computed(() => {
    const at = scope()
    const within = at && at.level < shownLevel() ? subtreeIds(grids.tree, at.id) : null
    return ranking(within ? shownRows.value.filter((row) => within.has(row.grid_id)) : shownRows.value, RANKED)
  })
  /** Ids of the chosen grid and all below; null for the whole scope. */
  const scopeIds = computed(() => {
    const at = scope()
    return at ? subtreeIds(grids.tree, at.id) : null
  })
  const legend = computed(() => {
    // A village is none of the townships shown: then its township is what the legend is about.
    const top = lineage(grids.tree, scope()?.id ?? null).findLast((grid) => grid.properties.level <= shownLevel())
    if (!top) return tally(shownRows.value)
    const ids = subtreeIds(grids.tree, top.id)
    return tally(shownRows.value.filter((row) => ids.has(row.grid_id)))
  })

  const sectors = computed(() => data.sectorCounts(scope()?.id ?? null))
  const allSectors = computed(() => [...sectors.value.values()].reduce((sum, count) => sum + count, 0))

  const layers = computed(() => {
    const byLevel = (counts: readonly number[]) => Object.fromEntries(counts.map((count, level) => [level, count]))
    return {
      risk: byLevel(legend.value),
      enterprises: byLevel(countByLevel(enterprises.points, scopeIds.value, sector()).levels),
      hazards: countLegend(hazards.points, scopeIds.value, sector()),
    }
  })
  return { figures, ranked, legend, sectors, allSectors, layers, scopeIds }
}
