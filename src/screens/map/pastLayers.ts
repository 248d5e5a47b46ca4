import { LAYER_IDS, type LayerStates } from '../../features/layers/layer'

/** What is known of a past day: borders as they are, names and risk. Everything else is of today. */
const KEPT = new Set(['risk', 'borders', 'labels'])

/** The layers as they are shown on a past day: what is of today only is put away. */
export const pastLayers = (states: Readonly<LayerStates>): LayerStates =>
  Object.fromEntries(
    LAYER_IDS.map((id) => [id, KEPT.has(id) ? states[id] : { ...states[id], on: false }]),
  ) as LayerStates
