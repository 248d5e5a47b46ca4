import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useLoaded } from '../../db/loaded'
import { useOpenCard } from '../../db/openCard'
import { type Result, rpc } from '../../db/rpc'
import { type GridCardData, type GridFeature, treeOf } from './grid'

/**
 * How far a drawn border may be off, in degrees: half a pixel where a whole county fills the screen, and a pixel and a
 * half where a single village does. Whoever needs exact outlines (the editor) asks for them.
 */
const COARSE = 0.0005
const FINE = 0.0001
/** From here on a pixel is less than COARSE (512 px tiles). */
const FINE_ZOOM = 10.5
/** More parents than this, and everything in one request is less. */
const MOST_PARENTS = 4

async function ask(parent: number | null, tolerance: number): Promise<Result<GridFeature[]>> {
  const answer = await rpc<GeoJSON.FeatureCollection>('grid_features', {
    p_level: null,
    p_parent: parent,
    p_bbox: null,
    p_tolerance: tolerance,
  })
  return answer.ok ? { ok: true, data: (answer.data.features ?? []) as GridFeature[] } : answer
}

/** What we know of the grids: their outlines, and the card of the one that is open. */
export const useGrids = defineStore('grids', () => {
  const nothing: GridFeature[] = []
  const {
    data: features,
    state,
    failure,
    load: loadAt,
    patch,
    clear: clearLoaded,
  } = useLoaded<GridFeature[], [number]>(nothing, (tolerance) => ask(null, tolerance), {
    // The same answer must not become a new identity: MapLibre would cut a thousand polygons into tiles again.
    print: (loaded, tolerance) =>
      [tolerance, ...loaded.map((f) => `${f.id}:${f.properties.version}:${f.properties.leader ?? ''}`)].join(),
    // Coarse outlines do until the finer ones are there.
    anyArgs: true,
  })
  const tree = computed(() => treeOf(features.value))
  const { card, cardState, cardFailure, openCard, closeCard } = useOpenCard<number, GridCardData>((id) =>
    rpc('grid_card', { p_grid: id }),
  )
  let tolerance = COARSE

  /** Loads every level of the scope in one request. */
  const load = (): Promise<boolean> => loadAt(tolerance)

  /** Asks for finer outlines, once, when the map comes so near that the first ones would show their corners. */
  function refine(zoom: number): void {
    if (zoom < FINE_ZOOM || tolerance === FINE) return
    tolerance = FINE
    void load()
  }

  /** Some grids changed: loads them and their siblings, or everything when that does not tell. */
  async function follow(changes: readonly { id: number; op: string }[]): Promise<boolean> {
    const parents = new Set(changes.map(({ id }) => tree.value.byId.get(id)?.properties.parent_id ?? null))
    if (state.value !== 'ready' || parents.has(null) || parents.size > MOST_PARENTS) return load()
    const wanted = [...parents] as number[]
    const done = await patch(async () => {
      const answers = await Promise.all(wanted.map((parent) => ask(parent, tolerance)))
      const failed = answers.find((answer) => !answer.ok)
      if (failed && !failed.ok) return failed
      const fresh = answers.flatMap((answer) => (answer.ok ? answer.data : []))
      return {
        ok: true,
        data: (before) => [...before.filter((f) => !parents.has(f.properties.parent_id)), ...fresh],
      }
    })
    // One that is not among its siblings any more may have gone elsewhere.
    const lost = changes.some(({ id, op }) => op !== 'delete' && !tree.value.byId.has(id))
    return done && lost ? load() : done
  }

  function clear(): void {
    tolerance = COARSE
    clearLoaded()
    closeCard()
  }

  return { features, state, failure, tree, card, cardState, cardFailure, load, refine, follow, openCard, clear }
})
