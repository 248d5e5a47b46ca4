import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
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

  const card = shallowRef<GridCardData | null>(null)
  const cardState = ref<LoadState | 'missing'>('idle')
  const cardFailure = shallowRef<Failure | null>(null)
  let fingerprint = ''
  let tolerance = COARSE
  let asked = 0
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

  /** Opens the card of a grid; null closes it. Only the last one asked for is shown. */
  async function openCard(id: number | null): Promise<void> {
    const mine = ++asked
    if (id === null) {
      card.value = null
      cardState.value = 'idle'
      return
    }
    if (card.value?.id !== id) {
      card.value = null
      cardState.value = 'loading'
    }
    const answer = await rpc<GridCardData | { status: 'not_found' }>('grid_card', { p_grid: id })
    if (mine !== asked) return
    cardFailure.value = answer.ok ? null : answer.error
    if (!answer.ok) {
      if (!card.value) cardState.value = 'failed'
    } else if ('status' in answer.data) {
      card.value = null
      cardState.value = 'missing'
    } else {
      card.value = answer.data
      cardState.value = 'ready'
    }
  }

  function clear(): void {
    generation++
    tolerance = COARSE
    asked++
    fingerprint = ''
    features.value = []
    card.value = null
    failure.value = null
    state.value = 'idle'
    cardState.value = 'idle'
  }

  return { features, state, failure, tree, card, cardState, cardFailure, load, refine, openCard, clear }
})
