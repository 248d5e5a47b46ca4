import { defineStore } from 'pinia'
import { ref } from 'vue'
import {
  cloneStates,
  DEFAULTS,
  formatLayers,
  type HeatState,
  type LayerId,
  type LayerStates,
  LEGEND,
  parseLayers,
} from './layer'

const KEY = 'safegrid.layers'

function saved(): LayerStates | null {
  try {
    return parseLayers(localStorage.getItem(KEY))
  } catch {
    return null // storage may be blocked
  }
}

/** Which layers are shown and how; remembered in this browser, and overruled by what a link says. */
export const useLayers = defineStore('layers', () => {
  const states = ref<LayerStates>(saved() ?? cloneStates(DEFAULTS))

  // What a person does is remembered; what a link from somebody else says is only shown.
  function remember(): void {
    try {
      localStorage.setItem(KEY, formatLayers(states.value))
    } catch {
      // kept for this visit only
    }
  }

  function toggle(id: LayerId, on = !states.value[id].on): void {
    states.value[id].on = on
    remember()
  }

  function setOpacity(id: LayerId, percent: number): void {
    states.value[id].opacity = Math.min(100, Math.max(0, Math.round(percent)))
    remember()
  }

  /** What the density is of, and how it is drawn. */
  function setHeat(choice: Partial<Pick<HeatState, 'of' | 'as'>>): void {
    Object.assign(states.value.heat, choice)
    remember()
  }

  /** Switches a legend entry. The last one stays on: an empty map would only look broken. */
  function toggleEntry(id: LayerId, entry: string): void {
    const { hidden } = states.value[id]
    if (hidden.includes(entry)) states.value[id].hidden = hidden.filter((other) => other !== entry)
    else {
      const group = groupOf(id, entry)
      if (group.every((other) => other === entry || hidden.includes(other))) states.value[id].hidden = []
      else states.value[id].hidden = [...hidden, entry]
    }
    remember()
  }

  function apply(word: string | null | undefined): void {
    const parsed = parseLayers(word)
    if (parsed && formatLayers(parsed) !== formatLayers(states.value)) states.value = parsed
  }

  function reset(): void {
    states.value = cloneStates(DEFAULTS)
    remember()
  }

  return { states, toggle, setOpacity, setHeat, toggleEntry, apply, reset }
})

/** Entries that exclude each other: severities, stages and being overdue are three questions, levels one. */
function groupOf(id: LayerId, entry: string): readonly string[] {
  if (id !== 'hazards') return LEGEND[id]
  const groups = [
    ['major', 'general'],
    ['overdue', 'ontime'],
    ['new', 'work', 'review'],
  ]
  return groups.find((group) => group.includes(entry)) ?? []
}
