// 问图: a tool in hand that takes a click anywhere on the map, and the place it asked for, which stands in the link.
import { computed, ref } from 'vue'
import { i18n } from '../../i18n'
import type { MapTool } from '../../map/pointer'
import type { Scene } from '../../map/scene'
import { useShortcuts } from '../../ui/shortcuts'
import type { MapLink } from './mapLink'

/** How far around a place is looked, in metres: what place_card() does unless told otherwise. */
const REACH_M = 500

/** A circle on the ground of so many metres, for drawing: a sphere is exact enough for that. */
function circleAround([lon, lat]: [number, number], metres: number): GeoJSON.FeatureCollection {
  const degree = 111_320
  const coordinates = Array.from({ length: 65 }, (_, i) => {
    const turn = (i / 64) * 2 * Math.PI
    return [
      lon + ((metres / degree) * Math.cos(turn)) / Math.cos((lat * Math.PI) / 180),
      lat + (metres / degree) * Math.sin(turn),
    ]
  })
  return {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } }],
  }
}

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
    const reach = {
      id: 'asked-reach',
      type: 'line' as const,
      source: 'asked-reach',
      paint: { 'line-color': '#182225', 'line-width': 1.5, 'line-dasharray': [3, 2] },
    }
    return {
      sources: {
        'asked-reach': { kind: 'geojson', data: circleAround(ask, REACH_M) },
        asked: {
          kind: 'geojson',
          data: {
            type: 'FeatureCollection',
            features: [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: ask } }],
          },
        },
      },
      layers: { border: [reach], point: [mark('asked-edge', 9, 4), mark('asked-ring', 9, 2), mark('asked-dot', 1, 2)] },
    }
  })
  return { asking, tool, toggle, scene }
}
