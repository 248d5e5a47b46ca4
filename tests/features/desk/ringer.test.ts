import { describe, expect, it } from 'vitest'
import { CHIMES, makeRinger } from '../../../src/features/desk/ringer'

// The part of a browser's sound that the bell needs, counting what is plugged in.
let allowed = true
let plugged = 0
class Node {
  frequency = { value: 0 }
  gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} }
  type = 'sine'
  onended: (() => void) | null = null
  connect<T>(to: T): T {
    plugged++
    return to
  }
  disconnect() {
    plugged--
  }
  start() {}
  stop() {
    ended.push(() => this.onended?.())
  }
}
const ended: (() => void)[] = []
class Context {
  state: AudioContextState = 'suspended'
  currentTime = 0
  destination = {}
  onstatechange: (() => void) | null = null
  createOscillator = () => new Node()
  createGain = () => new Node()
  async resume() {
    if (!allowed) return new Promise<void>(() => {})
    this.state = 'running'
    this.onstatechange?.()
  }
  async close() {
    this.state = 'closed'
  }
}
const make = () => makeRinger(Context as unknown as typeof AudioContext)

describe('the bell', () => {
  it('says that it is locked until the browser allows it, and makes no sound', async () => {
    allowed = false
    const ringer = make()
    expect(ringer.state.value).toBe('locked')
    ringer.ring('major')
    expect(ringer.rung.value).toBe(0)
    expect(await ringer.unlock()).toBe(false)
    expect(ringer.state.value).toBe('locked')
    allowed = true
    expect(await ringer.unlock()).toBe(true)
    expect(ringer.state.value).toBe('ready')
    ringer.ring('general')
    expect(ringer.rung.value).toBe(1)
    ringer.close()
  })

  it('leaves nothing behind, however often it rings', async () => {
    allowed = true
    const ringer = make()
    await ringer.unlock()
    for (const end of ended.splice(0)) end()
    plugged = 0
    for (let i = 0; i < 1_000; i++) ringer.ring(i % 2 ? 'major' : 'general')
    expect(plugged).toBeGreaterThan(0)
    for (const end of ended.splice(0)) end()
    expect(plugged).toBe(0)
    ringer.close()
  })

  it('sounds harder and longer for a major hazard', () => {
    const length = (severity: 'major' | 'general') => Math.max(...CHIMES[severity].map((note) => note.at + note.length))
    expect(length('major')).toBeGreaterThan(length('general'))
    expect(CHIMES.major.length).toBeGreaterThan(CHIMES.general.length)
  })

  it('says that there is none where the browser has no sound', () => {
    const ringer = makeRinger(undefined)
    expect(ringer.state.value).toBe(globalThis.AudioContext ? 'locked' : 'none')
    ringer.ring('major')
    expect(ringer.rung.value).toBe(0)
    ringer.close()
  })
})
