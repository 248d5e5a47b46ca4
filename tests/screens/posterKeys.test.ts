import { describe, expect, it } from 'vitest'
import { cloneStates, DEFAULTS, type LayerId } from '../../src/features/layers/layer'
import { FALLBACK } from '../../src/map/palette'
import { posterLegend, posterTitle } from '../../src/screens/map/posterKeys'

const t = (key: string, named?: Record<string, unknown>) => (named ? `${key}(${Object.values(named).join()})` : key)
function layers(...on: LayerId[]) {
  const states = cloneStates(DEFAULTS)
  for (const id of Object.keys(states) as LayerId[]) states[id].on = on.includes(id)
  return states
}
const words = (states: ReturnType<typeof layers>) => posterLegend(states, FALLBACK.light, t).map((key) => key.word)

describe('an exported picture', () => {
  it('is called what it shows', () => {
    expect(posterTitle(layers('risk', 'hazards'), '蓟州区', t)).toBe('map.posterTitle(蓟州区)')
    expect(posterTitle(layers('hazards', 'borders'), '蓟州区', t)).toBe('screens.poster.of(蓟州区,layers.name.hazards)')
    expect(posterTitle(layers('borders', 'labels'), '蓟州区', t)).toBe('screens.poster.grids(蓟州区)')
  })

  it('explains the layers that are on, and nothing else', () => {
    expect(words(layers('borders'))).toEqual([])
    expect(words(layers('risk'))).toEqual([1, 2, 3, 4].map((n) => `map.levelLong.${n}`).concat('risk.unjudged'))
    expect(words(layers('hazards'))).toEqual(['layers.entry.major', 'layers.entry.general', 'layers.entry.overdue'])
  })

  it('leaves out the entries that are switched off', () => {
    const states = layers('risk', 'hazards')
    states.risk.hidden = ['1', '4', '0']
    states.hazards.hidden = ['overdue']
    expect(words(states)).toEqual(['map.levelLong.2', 'map.levelLong.3', 'layers.entry.major', 'layers.entry.general'])
  })

  it('hatches what a grey print would not tell apart', () => {
    const hatched = posterLegend(layers('risk'), FALLBACK.light, t).map((key) => key.hatch?.way ?? null)
    expect(hatched).toEqual(['cross', 'rise', null, null, null])
  })
})
