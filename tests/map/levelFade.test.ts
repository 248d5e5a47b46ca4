import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LevelFade } from '../../src/map/levelFade'

const feature = (id: number, risk: number): GeoJSON.Feature => ({
  type: 'Feature',
  id,
  properties: { risk },
  geometry: { type: 'Point', coordinates: [117, 40] },
})

/** What a map would show: the states it was given, last word. */
function fakeMap() {
  const states = new Map<number, Record<string, unknown>>()
  let calls = 0
  return {
    states,
    calls: () => calls,
    setFeatureState({ id }: { source: string; id: number }, state: Record<string, unknown>) {
      calls++
      states.set(id, { ...states.get(id), ...state })
    },
  }
}

describe('levels laid over data', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const data = [feature(1, 1), feature(2, 2), feature(3, 3)]

  it('touches only what changes, and fades it', () => {
    const map = fakeMap()
    const fade = new LevelFade(map)
    fade.data('grids', data, true)
    fade.show(
      'grids',
      new Map([
        [1, 1],
        [2, 4],
        [3, 3],
      ]),
    )
    expect([...map.states]).toEqual([[2, { was: 2, risk: 4, mix: 0 }]])
    vi.advanceTimersByTime(110)
    expect(map.states.get(2)?.mix).toBeGreaterThan(0)
    expect(map.states.get(2)?.mix).toBeLessThan(1)
    vi.advanceTimersByTime(100)
    expect(map.states.get(2)).toEqual({ was: 2, risk: 4, mix: 1 })
    const before = map.calls()
    vi.advanceTimersByTime(1000)
    expect(map.calls()).toBe(before)
  })

  it('ends a fade when the next picture comes, and goes back to what the data says', () => {
    const map = fakeMap()
    const fade = new LevelFade(map)
    fade.data('grids', data, true)
    fade.show('grids', new Map([[1, 3]]))
    fade.show(
      'grids',
      new Map([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    )
    vi.runAllTimers()
    expect(map.states.get(1)).toEqual({ was: 3, risk: 1, mix: 1 })
    expect(map.states.get(2)).toEqual({ was: 0, risk: 2, mix: 1 })
  })

  it('knows nothing of sources that carry no levels, and forgets those that were made anew', () => {
    const map = fakeMap()
    const fade = new LevelFade(map)
    fade.data('ground', data, false)
    fade.show('ground', new Map())
    expect(map.calls()).toBe(0)
    fade.data('grids', data, true)
    fade.show('grids', new Map([[1, 2]]))
    fade.data('grids', data, true)
    fade.show(
      'grids',
      new Map([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    )
    expect(map.states.get(1)?.risk).toBe(2)
    fade.dispose()
    expect(vi.getTimerCount()).toBe(0)
  })
})
