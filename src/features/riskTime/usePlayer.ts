import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Failure } from '../../db/rpc'
import { addDays, clampDay } from './day'
import { type Past, yearOf } from './playback'
import { useRiskTime } from './riskTimeStore'

/** Days in a second. */
export const SPEEDS = [2, 7, 30] as const
/** A picture lasts at least so long (ms): a level change fades in 200 ms and ends early when the next comes. */
const PICTURE = 100
/** A hand that rests for so long (ms) has chosen: then, and not before, the day is asked for by itself. */
const REST = 400
/** The next year is asked for when so many days of this one are left. */
const AHEAD = 45

export interface PlayerInputs {
  /** Level of the grids on the map, and the code of the sector (null: all). */
  level: () => number
  sector: () => string | null
  today: () => string
  /** The first day of the time bar. */
  first: () => string
  /** The day that is shown when the player opens, and whenever it is chosen elsewhere. */
  day: () => string
  show: (frame: { day: string; grids: readonly Past[] }) => void
  settle: (day: string) => void
  playing: (playing: boolean) => void
}

/** Moves through the days: every one of a year from one answer. Today ends it, for today is live. */
export function usePlayer(inputs: PlayerInputs) {
  const store = useRiskTime()
  const cursor = ref(inputs.day())
  const playing = ref(false)
  const speed = ref<number>(7)
  const loading = ref(false)
  const failure = shallowRef<Failure | null>(null)
  let rest: ReturnType<typeof setTimeout> | undefined
  let frame = 0
  let turn = 0

  const ask = (day: string) => store.playback(inputs.level(), inputs.sector(), ...yearOf(day, inputs.today()))

  /** Shows a day. @returns whether it came to be shown; false when another was wanted meanwhile, or it failed. */
  async function show(day: string): Promise<boolean> {
    const mine = ++turn
    const asking = ask(day)
    const late = setTimeout(() => {
      loading.value = true
    }, 150)
    const answer = await asking
    clearTimeout(late)
    if (mine !== turn) return false
    loading.value = false
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) return false
    inputs.show({ day, grids: answer.data.on(day) })
    return true
  }

  /** Goes to a day; where the hand comes to rest is what was chosen. */
  function seek(day: string): void {
    if (playing.value) stop()
    const wanted = clampDay(day, inputs.first(), inputs.today())
    if (wanted === cursor.value && rest === undefined) return
    cursor.value = wanted
    clearTimeout(rest)
    rest = setTimeout(() => {
      rest = undefined
      inputs.settle(cursor.value)
    }, REST)
    if (wanted < inputs.today()) void show(wanted)
  }

  const step = (days: number): void => seek(addDays(cursor.value, days))

  async function play(): Promise<void> {
    clearTimeout(rest)
    rest = undefined
    if (cursor.value >= inputs.today()) cursor.value = inputs.first()
    playing.value = true
    inputs.playing(true)
    if (await show(cursor.value)) run()
    else if (playing.value) stop()
  }

  function run(): void {
    let last = performance.now()
    let shownAt = 0
    const tick = async (now: number) => {
      const days = now - shownAt < PICTURE ? 0 : Math.floor(((now - last) / 1000) * speed.value)
      if (days > 0) {
        // a machine that draws slowly skips days rather than falls behind
        last += (days / speed.value) * 1000
        shownAt = now
        const next = addDays(cursor.value, days)
        if (next >= inputs.today()) {
          cursor.value = inputs.today()
          return pause()
        }
        cursor.value = next
        if (addDays(next, AHEAD) < inputs.today()) void ask(addDays(next, AHEAD))
        const shown = await show(next)
        if (!playing.value) return
        if (!shown) return stop()
        // waiting for an answer is no time of the replay
        if (performance.now() - now > 1000) last = performance.now()
      }
      frame = requestAnimationFrame((at) => void tick(at))
    }
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame((at) => void tick(at))
  }

  function stop(): void {
    cancelAnimationFrame(frame)
    playing.value = false
    inputs.playing(false)
  }

  /** Stops where it is. */
  function pause(): void {
    stop()
    inputs.settle(cursor.value)
  }

  const toggle = (): void => {
    if (playing.value) pause()
    else void play()
  }

  watch(inputs.day, (day) => {
    if (!playing.value && rest === undefined) cursor.value = day
  })
  // another level or sector on the map: the same day of it
  watch(
    () => `${inputs.level()} ${inputs.sector()}`,
    () => {
      if (rest !== undefined) void show(cursor.value)
    },
  )
  onScopeDispose(() => {
    turn++
    clearTimeout(rest)
    if (playing.value) pause()
    cancelAnimationFrame(frame)
  })
  return { cursor, playing, speed, loading, failure, seek, step, toggle, pause }
}
