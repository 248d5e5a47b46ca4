import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { cloneStates, DEFAULTS, formatLayers, parseLayers } from '../../../src/features/layers/layer'
import { useLayers } from '../../../src/features/layers/layerStore'

class Memory {
  kept = new Map<string, string>()
  getItem = (key: string) => this.kept.get(key) ?? null
  setItem = (key: string, value: string) => void this.kept.set(key, value)
}

beforeEach(() => {
  Object.assign(globalThis, { localStorage: new Memory() })
  setActivePinia(createPinia())
})

describe('layers in a link', () => {
  it('say what is on, how strong, and what the legend has switched off', () => {
    const states = cloneStates(DEFAULTS)
    states.risk.opacity = 45
    states.risk.hidden = ['4', '0']
    states.hazards.on = false
    expect(formatLayers(states)).toBe('risk@45~4.0,borders,labels')
    expect(parseLayers('risk@45~4.0,borders,labels')).toEqual({ ...states })
  })

  it('can be none at all', () => {
    const states = cloneStates(DEFAULTS)
    for (const state of Object.values(states)) state.on = false
    expect(formatLayers(states)).toBe('none')
    expect(formatLayers(parseLayers('none')!)).toBe('none')
  })

  it('say what the density is of and how it is drawn, and pass over what it cannot be', () => {
    const states = parseLayers('heat:accidents.hexagons@55')!
    expect(states.heat).toMatchObject({ on: true, of: 'accidents', as: 'hexagons', opacity: 55 })
    expect(formatLayers(states)).toBe('heat:accidents.hexagons@55')
    for (const word of ['heat', 'heat:', 'heat:people.circles', 'heat:.'])
      expect(parseLayers(word)?.heat).toMatchObject({ on: true, of: 'hazards', as: 'kernel' })
  })

  it('pass over what nobody knows', () => {
    const states = parseLayers('risk@900~4.purple,weather,hazards@x')
    expect(states?.risk).toEqual({ on: true, opacity: 100, hidden: ['4'] })
    expect(states?.hazards).toEqual({ on: true, opacity: 100, hidden: [] })
    expect(parseLayers('')).toBeNull()
  })

  it('leave the defaults as they are', () => {
    const word = formatLayers(DEFAULTS)
    parseLayers('risk~1')
    useLayers().toggleEntry('risk', '1')
    expect(formatLayers(DEFAULTS)).toBe(word)
  })
})

describe('the layers shown', () => {
  it('are remembered in this browser', () => {
    useLayers().toggle('heat')
    setActivePinia(createPinia())
    expect(useLayers().states.heat.on).toBe(true)
  })

  it('are not overwritten for good by the link of somebody else', () => {
    useLayers().toggle('heat')
    useLayers().apply('borders')
    expect(useLayers().states.heat.on).toBe(false)
    setActivePinia(createPinia())
    expect(useLayers().states.heat.on).toBe(true)
  })

  it('follow a link, and keep their identity when it says nothing new', () => {
    const layers = useLayers()
    const before = layers.states
    layers.apply(formatLayers(layers.states))
    layers.apply(null)
    expect(layers.states).toBe(before)
    layers.apply('borders')
    expect(layers.states.risk.on).toBe(false)
  })

  it('never let a legend empty the map: the last entry brings all back', () => {
    const layers = useLayers()
    for (const entry of ['1', '2', '3', '0']) layers.toggleEntry('risk', entry)
    expect(layers.states.risk.hidden).toEqual(['1', '2', '3', '0'])
    layers.toggleEntry('risk', '4')
    expect(layers.states.risk.hidden).toEqual([])
    layers.toggleEntry('hazards', 'major')
    layers.toggleEntry('hazards', 'general')
    expect(layers.states.hazards.hidden).toEqual([])
  })

  it('keep opacity between 0 and 100', () => {
    const layers = useLayers()
    layers.setOpacity('risk', 120)
    expect(layers.states.risk.opacity).toBe(100)
    layers.setOpacity('risk', -1)
    expect(layers.states.risk.opacity).toBe(0)
  })
})
