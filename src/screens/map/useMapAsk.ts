// 问图: a tool in hand that takes a click anywhere on the map, and the place it asked for, which stands in the link.
import { computed, ref } from 'vue'
import { i18n } from '../../i18n'
import type { MapTool } from '../../map/pointer'
import type { Scene } from '../../map/scene'
import { useShortcuts } from '../../ui/shortcuts'
import type { MapLink } from './mapLink'

/** `go` writes the link; `forget` closes what else is open beside the map. */
export function useMapAsk(link: () => MapLink, go: (change: Partial<MapLink>) => void) {
  const asking = ref(false)
  const tool = computed((): MapTool | null =>
    asking.value
      ? {
          // the map still pans
          down: () => false,
          drag: () => {},
          drop: () => {},
          cancel: () => {},
          hover: () => 'crosshair',
          click: ({ at }) => go({ ask: at, sel: null }),
          doubleClick: () => {},
          longPress: ({ at }) => go({ ask: at, sel: null }),
        }
      : null,
  )
  function toggle(on = !asking.value): void {
    asking.value = on
    if (!on && link().ask) go({ ask: null })
  }
  useShortcuts([{ keys: 'q', label: () => i18n.global.t('map.ask'), run: () => toggle() }])
  /** The place that is asked for, as a cross. */
  const scene = computed((): Scene => {
    const { ask } = link()
    if (!ask) return {}
    const mark = (id: string, radius: number, width: number) => ({
      id,
      type: 'circle' as const,
      source: 'asked',
      paint: {
        'circle-radius': radius,
        'circle-color': 'rgba(0,0,0,0)',
        'circle-stroke-color': width > 2 ? '#ffffff' : '#182225',
        'circle-stroke-width': width,
      },
    })
    return {
      sources: {
        asked: {
          kind: 'geojson',
          data: {
            type: 'FeatureCollection',
            features: [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: ask } }],
          },
        },
      },
      layers: { point: [mark('asked-edge', 9, 4), mark('asked-ring', 9, 2), mark('asked-dot', 1, 2)] },
    }
  })
  return { asking, tool, toggle, scene }
}
