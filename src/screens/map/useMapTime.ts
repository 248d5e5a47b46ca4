import { useIntervalFn } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Ranked } from '../../features/risk/risk'
import type { useRisk } from '../../features/risk/riskStore'
import { dayAt } from '../../features/riskTime/day'
import type { Past } from '../../features/riskTime/playback'
import type { KnownDays } from '../../features/riskTime/trend'
import type { MapLink } from './mapLink'

/** One day of a replay: what every grid of a level was. */
export interface Frame {
  day: string
  grids: readonly Past[]
}

const NONE: ReadonlyMap<number, number> = new Map()
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

  /** The map still shows another day than the one that was chosen. */
  const reading = computed(() => frame.value === null && (risk.shown?.on ?? null) !== on.value)

  const rows = computed((): readonly Ranked[] => {
    if (unknown.value) return []
    return frame.value ? frame.value.grids.map((grid) => ({ ...grid, code: '', trend: null })) : risk.rows
  })
  const levels = computed(() => {
    if (unknown.value) return NONE
    const judged: readonly { grid_id: number; level: number }[] = frame.value?.grids ?? risk.rows
    return new Map(judged.map(({ grid_id, level }) => [grid_id, level]))
  })

  const byGrid = computed(() => new Map(rows.value.map((row) => [row.grid_id, row])))

  const named = shallowRef<ReadonlyMap<number, number>>(levels.value)
  let waiting: ReturnType<typeof setTimeout> | undefined
  watch(
    levels,
    () => {
      if (frame.value && playing.value) {
        waiting ??= setTimeout(name, NAMING)
        return
      }
      name()
    },
    { flush: 'sync' },
  )
  function name(): void {
    clearTimeout(waiting)
    waiting = undefined
    named.value = levels.value
  }

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
    unknown,
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
