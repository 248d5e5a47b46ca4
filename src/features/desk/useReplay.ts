import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { Failure } from '../../db/rpc'
import { askReplay } from './deskRpc'
import { type ReplayAnswer, reportedBefore, statesAt } from './replay'

const DAY_MS = 24 * 3_600_000
const FRAME_MS = 100
/** Milliseconds of the past in a second of now, in minutes: a day in 24 s to a day in 6 min. */
export const SPEEDS = [4, 15, 60] as const
/** How long a report pulses, in seconds of the screen. */
const PULSE_S = 2

/** The last 24 hours once more. While it runs, what is new goes on being heard and counted elsewhere. */
export function useReplay(serverNow: () => number) {
  const tape = shallowRef<ReplayAnswer | null>(null)
  const state = ref<'off' | 'loading' | 'on' | 'failed'>('off')
  const failure = shallowRef<Failure | null>(null)
  /** Milliseconds from the beginning. */
  const at = ref(0)
  const playing = ref(false)
  const speed = ref<(typeof SPEEDS)[number]>(15)
  let turn = 0
  let timer: ReturnType<typeof setInterval> | undefined

  const span = computed(() => (tape.value ? Date.parse(tape.value.to) - Date.parse(tape.value.from) : DAY_MS))
  const moment = computed(() => (tape.value ? new Date(Date.parse(tape.value.from) + at.value) : null))

  async function begin(): Promise<void> {
    const mine = ++turn
    state.value = 'loading'
    const now = serverNow()
    const answer = await askReplay(new Date(now - DAY_MS), new Date(now))
    if (mine !== turn) return
    if (!answer.ok) {
      failure.value = answer.error
      state.value = 'failed'
      return
    }
    failure.value = null
    tape.value = answer.data
    at.value = 0
    state.value = 'on'
    play()
  }

  /** Back to now. */
  function end(): void {
    turn++
    pause()
    state.value = 'off'
    // a day of events need not be kept
    tape.value = null
  }

  function play(): void {
    if (at.value >= span.value) at.value = 0
    playing.value = true
    clearInterval(timer)
    let last = performance.now()
    timer = setInterval(() => {
      const now = performance.now()
      at.value = Math.min(span.value, at.value + (now - last) * speed.value * 60)
      last = now
      if (at.value >= span.value) pause()
    }, FRAME_MS)
  }

  function pause(): void {
    playing.value = false
    clearInterval(timer)
  }

  const toggle = () => (playing.value ? pause() : play())

  function seek(to: number): void {
    at.value = Math.min(span.value, Math.max(0, to))
  }

  // The states change with events only, not with every frame.
  const print = computed(() => (tape.value ? statesAt(tape.value, at.value).join() : ''))
  const states = computed(() => (print.value && tape.value ? statesAt(tape.value, at.value) : []))
  const fresh = computed(() =>
    tape.value ? reportedBefore(tape.value, at.value, PULSE_S * speed.value * 60_000).join() : '',
  )

  onScopeDispose(end)
  return {
    tape,
    state,
    failure,
    at,
    span,
    moment,
    playing,
    speed,
    states,
    /** Indices of the hazards that pulse now. */
    fresh: computed(() => (fresh.value ? fresh.value.split(',').map(Number) : [])),
    begin,
    end,
    toggle,
    pause,
    seek,
  }
}

export type Replay = ReturnType<typeof useReplay>
