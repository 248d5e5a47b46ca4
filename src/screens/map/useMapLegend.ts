// The panel of layers: how many each entry has, and its symbol as on the map.
import { computed } from 'vue'
import { enterpriseImages } from '../../features/enterprises/enterpriseLayer'
import { hazardLegendSymbol } from '../../features/hazards/hazardLayer'
import type { LayerId } from '../../features/layers/layer'
import { riskSwatch } from '../../features/risk/riskLayer'
import type { Palette } from '../../map/palette'
import type { SymbolSpec } from '../../map/symbols'
import type { useMapBlindSpots } from './useMapBlindSpots'
import type { useMapCounts } from './useMapCounts'

interface Inputs {
  counts: ReturnType<typeof useMapCounts>
  blindSpots: ReturnType<typeof useMapBlindSpots>
  palette: () => Palette
}

export function useMapLegend({ counts, blindSpots, palette }: Inputs) {
  const all = computed(() => {
    const lists = blindSpots.lists.value
    if (!lists) return counts.layers.value
    const { gap, unclaimed, staff, patrol } = lists
    return {
      ...counts.layers.value,
      blindSpots: { gap: gap.length, unclaimed: unclaimed.length, staff: staff.length, patrol: patrol.length },
    }
  })

  function icon(layer: LayerId, entry: string): SymbolSpec | null {
    if (layer === 'risk') return riskSwatch(Number(entry), palette())
    if (layer === 'enterprises') return enterpriseImages(palette())[`enterprise-${entry}`] ?? null
    return layer === 'hazards' ? hazardLegendSymbol(entry, palette()) : null
  }
  return { counts: all, icon }
}
