// What the tools work with: the store behind every command, what is in hand, and the map.
import type { Position } from '../../../geo/coverage/types'
import type { useBoundaries } from '../boundaryStore'
import type { useDesk } from '../deskStore'
import { vertexNear } from '../locate'

/** The map, as far as tools need it. */
export interface View {
  pixels: (position: Position) => { x: number; y: number } | undefined
  /** Degrees of longitude of so many pixels. */
  degrees: (pixels: number) => number
  updateFeatures: (source: string, features: readonly GeoJSON.Feature[], remove?: readonly number[]) => void
  /** Draws everything as the store has it: a drag came to nothing. */
  restore: () => void
}

export interface Bench {
  store: ReturnType<typeof useBoundaries>
  desk: ReturnType<typeof useDesk>
  view: View
  /** The vertex at a place; one that slides along an outline stands a little beside where it was let go. */
  vertexNear: (at: Position) => Position | null
}

export function makeBench(store: Bench['store'], desk: Bench['desk'], view: View): Bench {
  return {
    store,
    desk,
    view,
    vertexNear: (at) => store.coverage && vertexNear(store.coverage, at, view.degrees(24)),
  }
}
