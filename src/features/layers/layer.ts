/** The layers one can switch, from the ground up. The ids stand in links, so they do not change. */
export const LAYER_IDS = ['risk', 'borders', 'heat', 'labels', 'enterprises', 'hazards', 'blindSpots'] as const
export type LayerId = (typeof LAYER_IDS)[number]

export interface LayerState {
  on: boolean
  /** 0..100 % */
  opacity: number
  /** Legend entries that are switched off: levels ('1'..'4', '0'), severities, stages, 'overdue', 'ontime'. */
  hidden: string[]
}

/** What the density layer is of, and how it is drawn: a kernel that runs out, or hexagons that are counted. */
export const HEAT_OF = ['hazards', 'enterprises', 'accidents'] as const
export const HEAT_AS = ['kernel', 'hexagons'] as const
export interface HeatState extends LayerState {
  of: (typeof HEAT_OF)[number]
  as: (typeof HEAT_AS)[number]
}

export type LayerStates = Record<Exclude<LayerId, 'heat'>, LayerState> & { heat: HeatState }

export const DEFAULTS: Readonly<LayerStates> = {
  risk: { on: true, opacity: 60, hidden: [] },
  borders: { on: true, opacity: 100, hidden: [] },
  heat: { on: false, opacity: 80, hidden: [], of: 'hazards', as: 'kernel' },
  labels: { on: true, opacity: 100, hidden: [] },
  enterprises: { on: false, opacity: 100, hidden: [] },
  hazards: { on: true, opacity: 100, hidden: [] },
  blindSpots: { on: false, opacity: 100, hidden: [] },
}

/** Legend entries each layer offers as a filter. */
export const LEGEND: Record<LayerId, readonly string[]> = {
  risk: ['1', '2', '3', '4', '0'],
  borders: [],
  heat: [],
  labels: [],
  enterprises: ['1', '2', '3', '4', '0'],
  hazards: ['major', 'general', 'overdue', 'ontime', 'new', 'work', 'review'],
  blindSpots: ['gap', 'unclaimed', 'staff', 'patrol'],
}

const isLayer = (id: string): id is LayerId => (LAYER_IDS as readonly string[]).includes(id)

export const cloneStates = (states: Readonly<LayerStates>): LayerStates =>
  Object.fromEntries(LAYER_IDS.map((id) => [id, { ...states[id], hidden: [...states[id].hidden] }])) as LayerStates

/**
 * The layers as a word in a link: `risk@45~4.0,borders` shows two layers, the first at 45 % without its levels 4 and
 * 0, `heat:accidents.hexagons` says what the density is of. Only what differs from the default is written behind the
 * name. No layer at all is `none`.
 */
export function formatLayers(states: Readonly<LayerStates>): string {
  const words = LAYER_IDS.filter((id) => states[id].on).map((id) => {
    const { opacity, hidden } = states[id]
    const at = opacity === DEFAULTS[id].opacity ? '' : `@${opacity}`
    const { of, as } = states.heat
    const kind = id === 'heat' && (of !== DEFAULTS.heat.of || as !== DEFAULTS.heat.as) ? `:${of}.${as}` : ''
    return `${id}${kind}${at}${hidden.length ? `~${hidden.join('.')}` : ''}`
  })
  return words.join(',') || 'none'
}

/** Reads such a word; unknown names and entries are passed over. Null when there is nothing to read. */
export function parseLayers(word: string | null | undefined): LayerStates | null {
  if (!word) return null
  const states = cloneStates(DEFAULTS)
  for (const id of LAYER_IDS) states[id].on = false
  for (const part of word.split(',')) {
    const [head = '', hidden = ''] = part.split('~')
    const [name = '', opacity] = head.split('@')
    const [id = '', kind = ''] = name.split(':')
    if (!isLayer(id)) continue
    if (id === 'heat') {
      const words = kind.split('.')
      states.heat.of = HEAT_OF.find((word) => words.includes(word)) ?? DEFAULTS.heat.of
      states.heat.as = HEAT_AS.find((word) => words.includes(word)) ?? DEFAULTS.heat.as
    }
    states[id].on = true
    const percent = Number(opacity)
    if (opacity && Number.isFinite(percent)) states[id].opacity = Math.min(100, Math.max(0, Math.round(percent)))
    states[id].hidden = hidden.split('.').filter((entry) => LEGEND[id].includes(entry))
  }
  return states
}
