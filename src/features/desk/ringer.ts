// The bell of the desk, made by code: no file to load, nothing that a cache could lose.
import { readonly, ref } from 'vue'
import type { Severity } from './desk'

interface Note {
  /** Hertz */
  pitch: number
  /** Seconds from the beginning of the chime */
  at: number
  length: number
  shape: OscillatorType
}

/** A soft double tone for a general hazard; a rising, harder call for a major one. */
export const CHIMES: Record<Severity, readonly Note[]> = {
  general: [
    { pitch: 659, at: 0, length: 0.22, shape: 'sine' },
    { pitch: 880, at: 0.18, length: 0.34, shape: 'sine' },
  ],
  major: [0, 0.9].flatMap((begin) => [
    { pitch: 740, at: begin, length: 0.16, shape: 'square' as const },
    { pitch: 988, at: begin + 0.2, length: 0.16, shape: 'square' as const },
    { pitch: 1319, at: begin + 0.4, length: 0.3, shape: 'square' as const },
  ]),
}
const LOUD: Record<OscillatorType, number> = { sine: 0.5, square: 0.16, sawtooth: 0.16, triangle: 0.4, custom: 0.2 }

/**
 * locked: the browser wants a click first; nothing is heard until then. ready: what is rung is heard.
 * none: this browser makes no sound at all.
 */
export type SoundState = 'locked' | 'ready' | 'none'

/** Who makes one closes it. */
export function makeRinger(Context: typeof AudioContext | undefined = globalThis.AudioContext) {
  const state = ref<SoundState>(Context ? 'locked' : 'none')
  let context: AudioContext | undefined
  /** How many times something was rung, for the self-check of a journey. */
  const rung = ref(0)

  function follow(): void {
    state.value = context?.state === 'running' ? 'ready' : 'locked'
  }

  function open(): AudioContext | undefined {
    if (!Context) return undefined
    if (!context) {
      context = new Context()
      context.onstatechange = follow
      follow()
    }
    return context
  }

  /** Asks the browser for sound; it agrees only within a click or a key. @returns whether sound is on. */
  async function unlock(): Promise<boolean> {
    const opened = open()
    // a refusal is no answer at all in some browsers
    await Promise.race([opened?.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 500))])
    if (opened) follow()
    return state.value === 'ready'
  }

  function ring(severity: Severity): void {
    const opened = open()
    if (opened?.state !== 'running') return
    rung.value++
    for (const { pitch, at, length, shape } of CHIMES[severity]) {
      const begin = opened.currentTime + 0.02 + at
      const [tone, loud] = [opened.createOscillator(), opened.createGain()]
      tone.type = shape
      tone.frequency.value = pitch
      loud.gain.setValueAtTime(0.0001, begin)
      loud.gain.exponentialRampToValueAtTime(LOUD[shape], begin + 0.02)
      loud.gain.exponentialRampToValueAtTime(0.0001, begin + length)
      tone.connect(loud).connect(opened.destination)
      // or the nodes of weeks would stay
      tone.onended = () => {
        tone.disconnect()
        loud.disconnect()
      }
      tone.start(begin)
      tone.stop(begin + length + 0.05)
    }
  }

  function close(): void {
    if (context) context.onstatechange = null
    void context?.close().catch(() => undefined)
    context = undefined
  }

  open()
  return { state: readonly(state), rung: readonly(rung), unlock, ring, close }
}
