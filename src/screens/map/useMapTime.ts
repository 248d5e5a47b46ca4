import { useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Ranked } from '../../features/risk/risk'
import type { useRisk } from '../../features/risk/riskStore'
import { dayAt } from '../../features/riskTime/day'
import type { Past } from '../../features/riskTime/playback'
import type { KnownDays } from '../../features/riskTime/trend'
import { afterFrame } from './afterFrame'
import type { MapLink } from './mapLink'

/** One day of a replay: what every grid of a level was. */
export interface Frame {
  day: string
  grids: readonly Past[]
}

const NONE: ReadonlyMap<number, number> = new Map()
/** How long the picture of another day or sector stays while the one that was chosen is read. */
const PATIENCE = 400
/** Names are set anew when their glyphs change, which a replay may do many times a second. */
const NAMING = 500

/**
 * Which day the map is about: today, the day in the link, or the one that a replay has come to; and the levels of the
 * grids on it. A day that was not written down has none: that is said, and not shown as if nothing had been.
 */
export function useMapTime(
  link: () => MapLink,
  go: (change: Partial<MapLink>, how?: 'push' | 'replace') => void,
  risk: ReturnType<typeof useRisk>,
  /** Code of the sector that the link asks for; null: all. */
  sector: () => string | null,
) {
  const today = ref(dayAt(Date.now()))
  useIntervalFn(() => {
    today.value = dayAt(Date.now())
  }, 30_000)
  /** The past day in the link; null for today. */
  const on = computed(() => {
    const day = link().on
    return day && day < today.value ? day : null
  })
  const frame = shallowRef<Frame | null>(null)
  const playing = ref(false)
  const barOpen = ref(false)
  const known = shallowRef<KnownDays | undefined>()

  const isKnown = (day: string) =>
    known.value === undefined || (known.value !== null && day >= known.value.first && day <= known.value.last)
  /** The day on the map, `YYYY-MM-DD`; null: now. */
  const day = computed(() => (frame.value ? (frame.value.day === today.value ? null : frame.value.day) : on.value))
  /** A past day of which nothing was written down. */
  const unknown = computed(() => day.value !== null && !isKnown(day.value))

  /** What is known is of another day or sector than was chosen. */
  const behind = computed(
    () => frame.value === null && ((risk.shown?.on ?? null) !== on.value || (risk.shown?.sector ?? null) !== sector()),
  )
  /** Its answer did not come: nothing is known of it, and what was known before is not it. */
  const unread = computed(() => behind.value && risk.failure !== null)
  /** Its answer is awaited; the map still shows what was chosen before. */
  const reading = computed(() => behind.value && !unread.value)
  /** It takes so long that what was chosen before is put away: nobody may take it for the answer. */
  const late = ref(false)
  let lateness: ReturnType<typeof setTimeout> | undefined
  watch(
    reading,
    (now) => {
      clearTimeout(lateness)
      late.value = false
      if (now)
        lateness = setTimeout(() => {
          late.value = true
        }, PATIENCE)
    },
    { flush: 'sync' },
  )
  /** Why no level is known of what was chosen; null where they are. */
  const missing = computed(() => (unread.value ? 'answer' : late.value ? 'reading' : unknown.value ? 'day' : null))

  const rows = computed((): readonly Ranked[] => {
    if (missing.value) return []
    return frame.value ? frame.value.grids.map((grid) => ({ ...grid, code: '', trend: null })) : risk.rows
  })
  const levels = computed(() => {
    if (missing.value) return NONE
    const judged: readonly { grid_id: number; level: number }[] = frame.value?.grids ?? risk.rows
    return new Map(judged.map(({ grid_id, level }) => [grid_id, level]))
  })

  const byGrid = computed(() => new Map(rows.value.map((row) => [row.grid_id, row])))

  const named = shallowRef<ReadonlyMap<number, number>>(levels.value)
  let waiting: ReturnType<typeof setTimeout> | undefined
  let off = () => {}
  watch(
    levels,
    () => {
      if (frame.value) {
        waiting ??= setTimeout(name, NAMING)
        return
      }
      off()
      // The first names come with their glyphs; later ones get theirs behind the colours.
      if (named.value.size) off = afterFrame(name)
      else name()
    },
    { flush: 'sync' },
  )
  function name(): void {
    off()
    clearTimeout(waiting)
    waiting = undefined
    named.value = levels.value
  }
  onScopeDispose(() => {
    off()
    clearTimeout(waiting)
    clearTimeout(lateness)
  })

  /** A replay shows a day; when it comes to rest the day goes into the link. */
  function show(next: Frame): void {
    frame.value = next
    // the day itself may have been there first
    dropFrame()
  }
  function settle(day: string): void {
    playing.value = false
    go({ on: day === today.value ? null : day }, link().on ? 'replace' : 'push')
    dropFrame()
  }
  function backToday(): void {
    playing.value = false
    frame.value = null
    go({ on: null })
  }
  // The replay's picture stays until the day itself is there.
  function dropFrame(): void {
    if (frame.value && !playing.value && risk.shown?.on === on.value && day.value === on.value) frame.value = null
  }
  watch(() => risk.shown, dropFrame)
  watch(on, (day) => {
    if (!playing.value && frame.value && (frame.value.day === today.value ? null : frame.value.day) !== day)
      frame.value = null
  })

  return {
    today,
    on,
    day,
    frame,
    playing,
    barOpen,
    known,
    missing,
    reading,
    byGrid,
    rows,
    levels,
    named,
    show,
    settle,
    backToday,
  }
}
