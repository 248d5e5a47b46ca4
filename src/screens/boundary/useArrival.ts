// What a link asks for: ?gap=lon,lat puts the fill tool on a blind spot, ?cell=<code> selects, ?restore=<id>@<version> loads old borders.
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { areaWords } from '../../features/boundaries/areaWords'
import { useBoundaries } from '../../features/boundaries/boundaryStore'
import { useDesk } from '../../features/boundaries/deskStore'
import { reasonWords } from '../../features/boundaries/issueWords'
import { restoreVersion } from '../../features/boundaries/restore'
import { contains } from '../../geo/contains'

/** @param lookAt shows a grid, or a piece of ground, on the map: now or once the map is there */
export function useArrival(lookAt: { cell: (cell: number) => void; shape: (shape: GeoJSON.Geometry) => void }) {
  const { t, locale } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const store = useBoundaries()
  const desk = useDesk()
  const notice = ref('')

  async function begin(): Promise<void> {
    notice.value = ''
    const { gap, restore, cell } = route.query
    if (!gap && !restore && !cell) return
    if (typeof cell === 'string') goToCell(cell)
    if (typeof gap === 'string') goToGap(gap)
    if (typeof restore === 'string') {
      if (store.mayEdit) await goBack(restore)
      else notice.value = t('boundaries.map.arrival.readonly')
    }
    // done once: a reload goes on with the draft
    await router.replace({ query: {} })
  }

  function goToCell(code: string): void {
    const found = [...store.details].find(([, details]) => details.code === code)
    if (found) lookAt.cell(found[0])
    else notice.value = t('boundaries.map.arrival.noCell', { code, name: store.root?.name ?? '' })
  }

  function goToGap(words: string): void {
    const [lon, lat, ...more] = words.split(',').map((word) => (word.trim() ? Number(word) : Number.NaN))
    if (lon === undefined || lat === undefined || more.length || !Number.isFinite(lon) || !Number.isFinite(lat)) {
      notice.value = t('boundaries.map.arrival.badGap', { words: words.slice(0, 60) })
      return
    }
    const at: [number, number] = [lon, lat]
    const gap = store.gaps.find((each) => contains(each.polygon, at))
    if (!gap) {
      notice.value = t('boundaries.map.arrival.noGap', { at: at.map((degrees) => degrees.toFixed(5)).join(', ') })
      return
    }
    lookAt.shape(gap.polygon)
    if (!store.mayEdit) {
      notice.value = t('boundaries.map.arrival.readonly')
      return
    }
    desk.take('fill')
    desk.gapAt = at
  }

  async function goBack(words: string): Promise<void> {
    const match = /^(\d{1,9})@(\d{1,9})$/.exec(words)
    if (!match) {
      notice.value = t('boundaries.map.arrival.noRestore', { words: words.slice(0, 60) })
      return
    }
    const result = await restoreVersion(Number(match[1]), Number(match[2]))
    if (result.ok) {
      const less = areaWords(result.less_m2, locale.value)
      notice.value = [
        t(result.fresh ? 'boundaries.state.restoredNew' : 'boundaries.state.restored'),
        ...(result.less_m2 > 0 ? [t('boundaries.state.restoredLess', { less })] : []),
      ].join(' ')
      lookAt.cell(result.cell)
      return
    }
    if (result.same) {
      notice.value = t('boundaries.state.restoreSame')
      return
    }
    const nameOf = (id: number | undefined) => (id === undefined ? '' : (store.details.get(id)?.name ?? ''))
    const swallowed = result.reason?.code === 'ZERO_AREA' ? (result.reason.cells ?? []) : []
    const names = swallowed.map(nameOf).filter(Boolean)
    const why = names.length
      ? t('boundaries.state.restoreSwallows', { names: names.join('、') })
      : result.reason
        ? reasonWords(t, result.reason, nameOf)
        : (result.message ?? t('boundaries.state.noVersion'))
    notice.value = t('boundaries.state.restoreFailed', { why })
  }

  return { notice, begin }
}
