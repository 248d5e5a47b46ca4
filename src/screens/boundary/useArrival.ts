// What a link asks for: ?gap=lon,lat puts the fill tool on a blind spot, ?cell=<code> selects, ?restore=<id>@<version> loads old borders.
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { areaWords } from '../../features/boundaries/areaWords'
import { useBoundaries } from '../../features/boundaries/boundaryStore'
import { useDesk } from '../../features/boundaries/deskStore'
import { reasonWords } from '../../features/boundaries/issueWords'
import { restoreVersion } from '../../features/boundaries/restore'

/** @param look shows a grid on the map, now or once the map is there */
export function useArrival(look: (cell: number) => void) {
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
    if (typeof cell === 'string') {
      for (const [id, details] of store.details) if (details.code === cell) look(id)
    }
    if (store.mayEdit) {
      if (typeof gap === 'string') goToGap(gap)
      if (typeof restore === 'string') await goBack(restore)
    }
    // done once: a reload goes on with the draft
    await router.replace({ query: {} })
  }

  function goToGap(words: string): void {
    const [lon, lat] = words.split(',').map(Number)
    if (lon === undefined || lat === undefined || !Number.isFinite(lon) || !Number.isFinite(lat)) return
    desk.take('fill')
    desk.gapAt = [lon, lat]
  }

  async function goBack(words: string): Promise<void> {
    const match = /^(\d{1,9})@(\d{1,9})$/.exec(words)
    if (!match) return
    const result = await restoreVersion(Number(match[1]), Number(match[2]))
    if (result.ok) {
      const less = areaWords(result.less_m2, locale.value)
      notice.value = [
        t(result.fresh ? 'boundaries.state.restoredNew' : 'boundaries.state.restored'),
        ...(result.less_m2 > 0 ? [t('boundaries.state.restoredLess', { less })] : []),
      ].join(' ')
      look(result.cell)
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
