import { computed, ref, shallowRef } from 'vue'
import { loadConfig } from '../../db/client'
import { downloadFile } from '../../db/files'
import { type Failure, rpc } from '../../db/rpc'
import { attributionOf, type GroundData } from '../../map/basemap'
import { readGround } from '../../map/ground'
import { loadPrintFont } from '../../ui/printFont'
import { charactersOf, type Sheet } from '../../ui/sheet/shapes'
import type { Notice, NoticeAnswer, Orientation } from './notice'
import { noticeSheet, type SheetContext } from './sheet/noticeSheet'

/** The notices of a grid, or of each grid below it, and everything to draw them. */
export function useNotices() {
  const state = ref<'idle' | 'loading' | 'ready' | 'missing' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  const answer = shallowRef<NoticeAnswer | null>(null)
  const orientation = ref<Orientation>('portrait')
  const ground = shallowRef<{ data: GroundData | null; source: string }>({ data: null, source: '' })
  const photos = shallowRef<ReadonlyMap<string, string>>(new Map())
  let asked = 0

  /** Asks for the notices and what they show; `children`: of each grid directly below instead. */
  async function load(grid: number, children: boolean): Promise<void> {
    const mine = ++asked
    state.value = 'loading'
    const [got] = await Promise.all([
      rpc<NoticeAnswer | { status: 'not_found' }>(
        'grid_notice',
        { p_grid: grid, p_children: children },
        { retry: true },
      ),
      loadGround(),
    ])
    if (mine !== asked) return
    if (!got.ok) return fail(got.error)
    if (got.data.status !== 'ok') {
      answer.value = null
      state.value = 'missing'
      return
    }
    const loaded = got.data
    const faces = await loadPhotos(loaded.notices)
    const words = charactersOf(loaded.notices.map((notice) => noticeSheet(notice, contextOf(loaded, faces))))
    try {
      await loadPrintFont(words)
    } catch (cause) {
      // the machine's own letters will do on the screen; a PDF says when it is asked for
      console.warn('safegrid: the printing typeface could not be loaded', cause)
    }
    if (mine !== asked) return
    photos.value = faces
    answer.value = loaded
    state.value = 'ready'
  }

  function fail(error: Failure): void {
    failure.value = error
    state.value = 'failed'
  }

  async function loadGround(): Promise<void> {
    if (ground.value.data) return
    const { basemap } = await loadConfig()
    // tiles are pictures for a screen; a sheet on the wall takes only a ground that is drawn
    if (basemap.kind !== 'demo') return
    try {
      ground.value = { data: await readGround(basemap), source: attributionOf(basemap) }
    } catch (cause) {
      console.warn('safegrid: the ground could not be loaded', cause)
    }
  }

  const contextOf = (given: NoticeAnswer, faces: ReadonlyMap<string, string>): SheetContext => ({
    answer: given,
    orientation: orientation.value,
    origin: location.origin,
    ground: ground.value.data,
    groundSource: ground.value.source,
    photos: faces,
  })

  const notices = computed<Notice[]>(() => answer.value?.notices ?? [])
  /** Draws one; made when it is needed, fifty sheets at once would hold the screen. */
  const sheetOf = (notice: Notice): Sheet | null =>
    answer.value ? noticeSheet(notice, contextOf(answer.value, photos.value)) : null

  return { state, failure, notices, orientation, sheetOf, load }
}

const AT_ONCE = 6

/** Portraits as data: addresses by path. One that cannot be read is left out: the sheet then shows a silhouette. */
async function loadPhotos(notices: readonly Notice[]): Promise<ReadonlyMap<string, string>> {
  const paths = new Set(notices.flatMap(({ people }) => people.flatMap((p) => (p.photo_path ? [p.photo_path] : []))))
  const queue = [...paths]
  const found = new Map<string, string>()
  const work = async () => {
    for (let path = queue.pop(); path; path = queue.pop()) {
      const file = await downloadFile('portraits', path)
      if (file.ok) found.set(path, await dataAddress(file.data))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

function dataAddress(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(file)
  })
}
