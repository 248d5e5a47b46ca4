import { computed, ref, shallowRef, watch } from 'vue'
import type { Hit } from '../../map/selection'
import type { MapLink } from './mapLink'
import type { MapData } from './useMapData'

/** What is chosen (by the link) and which card that opens: one at a time. */
export function useMapChoice(link: () => MapLink, { grids, enterprises, hazards }: MapData) {
  const chosen = computed(() => {
    const { grid } = link()
    return grid ? (grids.tree.byCode.get(grid) ?? null) : null
  })
  /** Things that lie on top of each other, to choose from. */
  const choices = shallowRef<Hit[]>([])
  /** A grid stays chosen when its card is put away. */
  const cardOpen = ref(true)

  const cardKey = computed(() => {
    if (choices.value.length) return 'choice'
    const { sel } = link()
    if (sel) return `${sel.kind}:${sel.id}`
    const { ask } = link()
    if (ask) return `ask:${ask.join()}`
    return chosen.value && cardOpen.value ? `grid:${chosen.value.id}` : ''
  })
  watch(
    cardKey,
    (key) => {
      const [kind, id = ''] = key.split(':')
      void grids.openCard(kind === 'grid' ? Number(id) : null)
      void enterprises.openCard(kind === 'enterprise' ? id : null)
      void hazards.openCard(kind === 'hazard' ? id : null)
    },
    { immediate: true },
  )

  /** Where the enterprise or hazard that is open stands ([lon, lat]); known from the points, else from its card. */
  const openPoint = computed((): [number, number] | null => {
    const { sel } = link()
    if (!sel) return null
    const points = sel.kind === 'enterprise' ? enterprises.points : hazards.points
    const at = points.id.indexOf(sel.id)
    if (at >= 0) return [points.lon[at]!, points.lat[at]!]
    const card = sel.kind === 'enterprise' ? enterprises.card : hazards.card
    return card?.id === sel.id && card.lon !== null && card.lat !== null ? [card.lon, card.lat] : null
  })
  /** Its name, before the card is there. */
  const openName = computed(() => {
    const { sel } = link()
    if (sel?.kind === 'enterprise') return enterprises.points.name[enterprises.points.id.indexOf(sel.id)] ?? ''
    return sel ? (hazards.points.title[hazards.points.id.indexOf(sel.id)] ?? '') : ''
  })

  return { chosen, choices, cardOpen, cardKey, openPoint, openName }
}
