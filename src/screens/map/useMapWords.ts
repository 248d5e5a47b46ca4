// What the map says in words: how old the data are, whose the ground is, what is wrong.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSession } from '../../features/auth/session'
import type { Basemap } from '../../map/basemap'
import type { MapData } from './useMapData'

interface Inputs {
  data: MapData
  basemap: () => Basemap | undefined
  attribution: () => string
  /** A place is asked for, and none was pointed at yet. */
  asking: () => boolean
  /** What was chosen could not be read: the map shows no colours. */
  unread: () => boolean
  noWebgl: () => boolean
  exportFailed: () => boolean
  groundFailed: () => boolean
  /** The code of a grid in the link that is not among the grids. */
  missingGrid: () => string | null
}

export function useMapWords(inputs: Inputs) {
  const { t, locale } = useI18n()
  const session = useSession()
  const { grids, enterprises, hazards, asOf, failure } = inputs.data

  const clock = computed(() => {
    const format = new Intl.DateTimeFormat(locale.value, { hour: '2-digit', minute: '2-digit', hour12: false })
    return asOf.value ? format.format(asOf.value) : '–'
  })
  const credits = computed(() => {
    // it is the data that is schematic, whatever ground it lies on
    const schematic = inputs.basemap()?.kind === 'demo' || session.me?.settings?.demo === true
    return [schematic ? t('map.copyright') : '', inputs.attribution()].filter(Boolean).join(' · ')
  })
  const banner = computed(() => {
    if (inputs.asking()) return t('map.askHint')
    if (inputs.noWebgl()) return t('map.noWebgl')
    if (inputs.exportFailed()) return t('map.exportFailed')
    if (inputs.unread()) return t('map.unread', { message: failure.value?.message ?? '' })
    const missing = inputs.missingGrid()
    if (missing && grids.state === 'ready') return t('map.noGrid', { code: missing })
    // offline is said by the page, for all screens; the time of the data stands below
    if (grids.features.length && failure.value && failure.value.kind !== 'offline')
      return t('map.stale', { message: failure.value.message })
    if (enterprises.points.truncated || hazards.points.truncated) return t('map.truncated')
    return inputs.groundFailed() ? t('map.groundFailed') : ''
  })
  /** What stands in the place of the grids while there are none. */
  const notice = computed(() => {
    if (grids.features.length) return null
    if (grids.state === 'failed') return 'failed'
    return grids.state === 'ready' ? 'empty' : 'loading'
  })
  return { clock, credits, banner, notice }
}
