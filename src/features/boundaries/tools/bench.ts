// What the tools work with: the store behind every command, what is in hand, and the map.
import { nearestHandle } from '../../../geo/coverage/handles'
import type { Position } from '../../../geo/coverage/types'
import type { useBoundaries } from '../boundaryStore'
import type { useDesk } from '../deskStore'

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
  const vertexNear = (at: Position): Position | null => {
    if (!store.coverage) return null
    const exact = nearestHandle(store.coverage, at, 2e-7)
    if (exact && exact.kind !== 'mid') return exact.at
    const near = nearestHandle(store.coverage, at, view.degrees(24))
    return near?.kind === 'node' ? near.at : null
  }
  return { store, desk, view, vertexNear }
}
