import { computed } from 'vue'
import { countByLevel } from '../../features/enterprises/enterprise'
import { lineage, subtreeIds } from '../../features/grids/grid'
import { countLegend } from '../../features/hazards/hazard'
import { type Ranked, ranking, tally } from '../../features/risk/risk'
import type { Figures, MapData } from './useMapData'

// Every township of a county, every village of a township; of a thousand villages the worst.
const RANKED = 60

const NO_FIGURES: Figures = { enterprises: null, red: null, open: null, major: null, overdue: null }

/** What the panels count: figures of the scope, the worst grids, how many each legend entry stands for. */
export function useMapCounts(
  data: MapData,
  scope: () => { id: number; level: number } | null,
  shownLevel: () => number,
  sector: () => number | null,
  time: { rows: () => readonly Ranked[]; past: () => boolean; unknown: () => boolean },
  rootId: () => number | null,
) {
  const { grids, enterprises, hazards } = data
  const figures = computed(() => {
    const at = scope()?.id ?? null
    if (!time.past()) return data.figures(at)
    // of a replay only levels are known, of a day that was not written down nothing
    return time.unknown() ? NO_FIGURES : data.pastFigures(at ?? rootId())
  })

  const ofLevel = <T extends { grid_id: number }>(rows: readonly T[]) =>
    rows.filter((row) => grids.tree.byId.get(row.grid_id)?.properties.level === shownLevel())
  const shownRows = computed(() => ofLevel(time.rows()))
  /** Whose children are ranked: what is chosen, or the grid above when it has none; null for the whole scope. */
  const rankedIn = computed(() => {
    const line = lineage(grids.tree, scope()?.id ?? null)
    return line.findLast((grid) => grids.tree.children.get(grid.id)?.length) ?? null
  })
  /** Those of the rows that are ranked. */
  const among = <T extends { grid_id: number }>(rows: readonly T[]): readonly T[] => {
    const at = rankedIn.value
    if (!at || at.properties.level === 1) return ofLevel(rows)
    const children = new Set(grids.tree.children.get(at.id)?.map(({ id }) => id))
    return rows.filter((row) => children.has(row.grid_id))
  }
  const ranked = computed(() => ranking(among(time.rows()), RANKED))
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
  return { figures, ranked, rankedIn, among, legend, sectors, allSectors, layers, scopeIds }
}
