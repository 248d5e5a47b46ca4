import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { type FeedState, followChanges, type ResyncReason } from '../../db/changes'
import type { AccidentFigures, Figures, MajorRow, Trend, WarningRow } from './command'
import type { Span, Times } from './commandLink'
import {
  askAccidents,
  askFigures,
  askMajors,
  askMap,
  askTrend,
  askWarnings,
  type Listed,
  type MapRow,
} from './commandRpc'
import { sameBut, usePart } from './part'

/** What everything on the screen is about. */
export interface Question {
  /** Null: the topmost grid that is judged for the asker. */
  grid: number | null
  /** Code of a sector. */
  sector: string | null
  times: Times
}

interface Options {
  /** Null while it is not known what the link means. */
  question: () => Question | null
  topics: readonly string[]
  /** Rights changed: who one is has to be asked again. */
  onScope(): Promise<void>
}

const GATHER_MS = 60
/** Between two rounds of asking. */
const APART_MS = 1_500
/** What becomes overdue, or yesterday, is told by nobody. */
const EVERY_MS = 60_000
/** Longer than this no answer is waited for before the next round. */
const PATIENCE_MS = 60_000
/** So long everything stays as it was after another choice, to change at once; then it says that it is being read. */
const HOLD_MS = 600
const MOST = 8
const ABOUT = new Set([
  'hazard',
  'enterprise',
  'grid',
  'accident',
  'patrol',
  'checklist',
  'warning',
  'membership',
  'campaign',
])

/**
 * What the command screen knows, and how it keeps knowing it: asked anew when the question changes, when the feed tells
 * of a change, and every minute. What is shown stays until the newer answer is there. Ends with the caller's scope.
 */
export function useCommand(options: Options) {
  /** The question has changed a moment ago: what was shown stays, all of it, for the answers may be here at once. */
  const holding = ref(false)
  const figures = usePart<Figures | null, [number | null, string | null, Span]>(null, askFigures, holding)
  const map = usePart<MapRow[], [string | null, string | null]>([], askMap, holding)
  const trend = usePart<Trend | null, [number | null, string | null, Span]>(null, askTrend, holding)
  const accidents = usePart<AccidentFigures | null, [number | null, string | null, Span]>(null, askAccidents, holding)
  const months = usePart<AccidentFigures | null, [number | null, string | null, Span]>(null, askAccidents, holding)
  const warnings = usePart<Listed<WarningRow> | null, [number | null, string | null, Span | null, number]>(
    null,
    askWarnings,
    holding,
  )
  const majors = usePart<Listed<MajorRow> | null, [number | null, string | null, Span | null, number]>(
    null,
    askMajors,
    holding,
  )
  const all = [figures, map, trend, accidents, months, warnings, majors]

  const feedState = ref<FeedState>('catching_up')
  /** When what is shown was last known to be what is, by this page's clock (milliseconds). */
  const heard = ref<number | null>(null)
  const busy = ref(false)
  /** Counts the rounds that were answered: tests and the wall's own check read it. */
  const round = ref(0)
  const visibility = useDocumentVisibility()
  let [asking, waiting, last, turn, stopped] = [false, false, 0, 0, false]
  let timer: ReturnType<typeof setTimeout> | undefined
  let holdTimer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    const about = options.question()
    if (!about) return
    const { grid, sector, times } = about
    const mine = ++turn
    const begun = Date.now()
    const year = Number(times.yearEnd.slice(0, 4))
    const past = times.day === null ? null : times.late
    busy.value = true
    // the map first: a server may answer one after the other, and a colour is what is seen from afar
    const done = await Promise.all([
      map.load(sector, times.day),
      figures.load(grid, sector, times.late),
      trend.load(grid, sector, { from: `${year - 1}-01-01`, to: times.yearEnd }),
      accidents.load(grid, sector, times.year),
      months.load(grid, sector, { from: `${year}-01-01`, to: `${year}-12-31` }),
      warnings.load(grid, sector, past, MOST),
      majors.load(grid, sector, past, MOST),
    ])
    if (stopped || mine !== turn) return
    busy.value = false
    holding.value = false
    round.value += 1
    if (done.every(Boolean)) heard.value = begun
  }

  function hold(): void {
    for (const part of all) part.hold()
    holding.value = round.value > 0
    clearTimeout(holdTimer)
    holdTimer = setTimeout(() => {
      holding.value = false
    }, HOLD_MS)
  }

  /** Something changed: asked for soon, together with what changes meanwhile. */
  function plan(): void {
    waiting = true
    if (asking || timer || stopped || visibility.value !== 'visible') return
    timer = setTimeout(() => void again(), Math.max(GATHER_MS, last + APART_MS - Date.now()))
  }

  async function again(): Promise<void> {
    timer = undefined
    waiting = false
    asking = true
    last = Date.now()
    // an answer that never comes must not keep a wall from asking again
    let late: ReturnType<typeof setTimeout> | undefined
    await Promise.race([
      load(),
      new Promise((done) => {
        late = setTimeout(done, PATIENCE_MS)
      }),
    ])
    clearTimeout(late)
    asking = false
    if (waiting) plan()
  }

  const loadedAt = Date.now()
  watch(
    () => JSON.stringify(options.question()),
    () => {
      hold()
      void load()
    },
    { immediate: true },
  )
  const feed = followChanges({
    topics: options.topics,
    loadedAt,
    onChanges: (changes) => {
      if (changes.some(({ entity }) => ABOUT.has(entity))) plan()
    },
    onResync: (reason) => void resync(reason),
    onState: (now) => {
      feedState.value = now
    },
  })

  async function resync(reason: ResyncReason): Promise<void> {
    if (reason === 'scope') await options.onScope()
    if (!stopped) plan()
  }

  useIntervalFn(plan, EVERY_MS)
  watch(visibility, (now) => now === 'visible' && plan())
  onScopeDispose(() => {
    stopped = true
    clearTimeout(timer)
    clearTimeout(holdTimer)
    feed.stop()
  })

  const failure = computed(() => [figures, map].find(({ lost }) => lost.value)?.failure.value ?? null)
  /** The sectors beside each other are those of the grid and the days, whichever of them is chosen. */
  const sectors = computed(() => {
    if (figures.data.value) return figures.data.value.sectors
    const last = figures.latest.value
    return last && sameBut(last.to, figures.wanted.value, 1) ? (last.data?.sectors ?? null) : null
  })
  return {
    figures: figures.data,
    sectors,
    map: map.data,
    trend: trend.data,
    accidents: accidents.data,
    /** The whole year, month by month. */
    months: months.data,
    warnings: warnings.data,
    majors: majors.data,
    /** Those that could not be read at all, by name. */
    failed: computed(() => ({
      trend: trend.lost.value,
      accidents: accidents.lost.value || months.lost.value,
      warnings: warnings.lost.value,
      majors: majors.lost.value,
    })),
    failure,
    settled: computed(() => all.every(({ state }) => state.value === 'ready' || state.value === 'failed')),
    mapState: map.state,
    /** Something that is shown as not known is being asked for. */
    reading: computed(() => !holding.value && all.some(({ isCurrent, lost }) => !isCurrent.value && !lost.value)),
    round,
    feedState,
    heard: computed(() => {
      const since = feed.since.value?.getTime() ?? 0
      // the feed says that nothing is missing: what was asked for before is still what is
      return heard.value === null ? null : waiting || busy.value ? heard.value : Math.max(heard.value, since)
    }),
    reload: load,
  }
}
