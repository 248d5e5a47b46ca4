import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useOpenCard } from '../../db/openCard'
import { type Failure, rpc } from '../../db/rpc'
import { type GridCardData, type GridFeature, treeOf } from './grid'

/**
 * How far a drawn border may be off, in degrees: half a pixel where a whole county fills the screen, and a pixel and a
 * half where a single village does. Whoever needs exact outlines (the editor) asks for them.
 */
const COARSE = 0.0005
const FINE = 0.0001
/** From here on a pixel is less than COARSE (512 px tiles). */
const FINE_ZOOM = 10.5

export type LoadState = 'idle' | 'loading' | 'ready' | 'failed'

/** What we know of the grids: their outlines, and the card of the one that is open. */
export const useGrids = defineStore('grids', () => {
  const features = shallowRef<GridFeature[]>([])
  const state = ref<LoadState>('idle')
  const failure = shallowRef<Failure | null>(null)
  const tree = computed(() => treeOf(features.value))

  const { card, cardState, cardFailure, openCard, closeCard } = useOpenCard<number, GridCardData>((id) =>
    rpc('grid_card', { p_grid: id }),
  )
  let fingerprint = ''
  let tolerance = COARSE
  let generation = 0

  /** Loads every level of the scope in one request. What is shown stays until the answer is there. */
  async function load(): Promise<boolean> {
    const mine = generation
    const wanted = tolerance
    if (state.value !== 'ready') state.value = 'loading'
    const answer = await rpc<GeoJSON.FeatureCollection>('grid_features', {
      p_level: null,
      p_parent: null,
      p_bbox: null,
      p_tolerance: wanted,
    })
    if (mine !== generation) return false
    // Finer outlines were asked for meanwhile, and are there: the coarser ones come too late.
    if (wanted > tolerance && state.value === 'ready') return true
    if (!answer.ok) {
      failure.value = answer.error
      if (state.value !== 'ready') state.value = 'failed'
      return false
    }
    failure.value = null
    const loaded = (answer.data.features ?? []) as GridFeature[]
    // The same answer must not become a new identity: MapLibre would cut a thousand polygons into tiles again.
    const print = [wanted, ...loaded.map((f) => `${f.id}:${f.properties.version}:${f.properties.leader ?? ''}`)].join()
    if (print !== fingerprint || state.value !== 'ready') features.value = loaded
    fingerprint = print
    state.value = 'ready'
    return true
  }

  /** Asks for finer outlines, once, when the map comes so near that the first ones would show their corners. */
  function refine(zoom: number): void {
    if (zoom < FINE_ZOOM || tolerance === FINE) return
    tolerance = FINE
    void load()
  }

  function clear(): void {
    generation++
    tolerance = COARSE
    fingerprint = ''
    features.value = []
    failure.value = null
    state.value = 'idle'
    closeCard()
  }

  return { features, state, failure, tree, card, cardState, cardFailure, load, refine, openCard, clear }
})
