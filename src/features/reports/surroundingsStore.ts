import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { keepDraft, readDraft } from '../../db/drafts'
import { rpc } from '../../db/rpc'
import {
  categoriesBySector,
  type KnownEnterprises,
  type KnownGrid,
  type KnownHazards,
  type Surroundings,
  titlesBySector,
} from './surroundings'

/** Half a pixel of a county on a screen; the database has these outlines ready. A small scope gets finer ones. */
const COARSE = 0.0005
const FINE = 0.00005
/** What is younger than this is not asked for again. */
const FRESH_MS = 10 * 60_000
/** Rows of the ledger from which titles are learnt. */
const LEDGER_ROWS = 500

interface Kept extends Surroundings {
  /** Of the rights it was made for. */
  scope: string
}
type GridAnswer = GeoJSON.FeatureCollection<KnownGrid['geometry'], Omit<KnownGrid, 'geometry'>>

/** What lies around the person, kept on the phone so that it is there without a network. */
export const useSurroundings = defineStore('surroundings', () => {
  const known = shallowRef<Surroundings | null>(null)
  /** ISO time at which it was asked for. */
  const at = ref<string | null>(null)
  const loading = ref(false)
  const grids = computed(() => known.value?.grids ?? [])
  let asked = 0

  /**
   * Shows what is kept, then asks for what is new. Whatever fails leaves what was there.
   * @param wide the person sees a county: outlines are kept coarser
   */
  async function load(user: string, scope: string, wide: boolean): Promise<void> {
    const mine = ++asked
    const key = `surroundings:${user}`
    if (!known.value) {
      const kept = await readDraft<Kept>(key)
      if (mine !== asked) return
      // Rights that changed since leave nothing on the phone.
      if (kept && kept.value.scope === scope) {
        known.value = kept.value
        at.value = kept.at
      }
    }
    if (at.value && Date.now() - Date.parse(at.value) < FRESH_MS) return
    loading.value = true
    const fresh = await ask(wide)
    if (mine !== asked) return
    loading.value = false
    if (!fresh) return
    known.value = fresh
    at.value = new Date().toISOString()
    await keepDraft<Kept>(key, { ...fresh, scope })
  }

  function clear(): void {
    asked++
    known.value = null
    at.value = null
    loading.value = false
  }

  return { known, grids, at, loading, load, clear }
})

async function ask(wide: boolean): Promise<Surroundings | null> {
  const [grids, enterprises, hazards, ledger] = await Promise.all([
    rpc<GridAnswer>('grid_features', {
      p_level: null,
      p_parent: null,
      p_bbox: null,
      p_tolerance: wide ? COARSE : FINE,
    }),
    rpc<KnownEnterprises>('map_points', { p_kind: 'enterprise', p_bbox: null, p_filter: null }),
    rpc<KnownHazards>('map_points', { p_kind: 'hazard', p_bbox: null, p_filter: null }),
    rpc<{ rows?: { title: string; sector_id: number | null; category_id: number | null }[] }>('list_hazards', {
      p_filter: null,
      p_after: null,
      p_limit: LEDGER_ROWS,
    }),
  ])
  if (!grids.ok || !enterprises.ok || !hazards.ok || !ledger.ok) return null
  const { id, lon, lat, sector, name } = enterprises.data
  const { level, status, title } = hazards.data
  return {
    grids: (grids.data.features ?? []).map(({ geometry, properties }) => ({ ...properties, geometry })),
    enterprises: { id, lon, lat, sector, name },
    hazards: { id: hazards.data.id, lon: hazards.data.lon, lat: hazards.data.lat, level, status, title },
    titles: titlesBySector(ledger.data.rows ?? []),
    categories: categoriesBySector(ledger.data.rows ?? []),
  }
}
