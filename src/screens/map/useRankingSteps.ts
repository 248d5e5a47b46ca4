import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { GridFeature, GridTree } from '../../features/grids/grid'

interface Inputs {
  tree: () => GridTree
  /** Whose children are ranked; null for the whole scope. */
  within: () => GridFeature | null
  shownLevel: () => number
  comparing: () => boolean
  visit: (id: number) => void
  home: () => void
}

/** The ranking drills down with what is chosen; back is the grid above. */
export function useRankingSteps(inputs: Inputs) {
  const { t } = useI18n()
  const parentOf = (grid: GridFeature | null) => inputs.tree().byId.get(grid?.properties.parent_id ?? -1)
  const above = computed(() => {
    const at = inputs.within()
    if (!at || at.properties.level === 1 || at.properties.parent_id === null) return undefined
    return { name: at.properties.name, back: parentOf(at)?.properties.name ?? t('grids.all') }
  })
  const title = computed(() => {
    if (inputs.comparing()) return t('risk.differences')
    return above.value ? t('risk.rankingIn', { name: above.value.name }) : t(`risk.rankingOf.${inputs.shownLevel()}`)
  })
  function back(): void {
    const parent = parentOf(inputs.within())
    if (parent && parent.properties.level > 1) inputs.visit(parent.id)
    else inputs.home()
  }
  return { above, title, back }
}
