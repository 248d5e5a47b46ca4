// The cards and panels of the map: what the first picture does not show comes when it is wanted, some with their words.
import { addWords } from '../../i18n'
import { latePart } from '../latePart'

type Words = Parameters<typeof addWords>[0]

/** The part, once its words are known. */
const worded = <Part>(part: Promise<Part>, words: Promise<{ default: Words }>): Promise<Part> =>
  Promise.all([part, words]).then(([loaded, said]) => {
    addWords(said.default)
    return loaded
  })

export const ChoiceList = latePart(() => import('./ChoiceList.vue'))
export const EnterpriseCard = latePart(() => import('../../features/enterprises/EnterpriseCard.vue'))
export const HazardCard = latePart(() =>
  worded(import('../../features/hazards/HazardCard.vue'), import('../../features/hazardLoop/messages')),
)
export const AskCard = latePart(() =>
  worded(import('../../features/ask/AskCard.vue'), import('../../features/ask/messages')),
)
export const RiskWhy = latePart(() =>
  worded(import('../../features/risk/why/RiskWhy.vue'), import('../../features/risk/why/messages')),
)
export const LayerPanel = latePart(() => import('../../features/layers/LayerPanel.vue'))
export const DensityLegend = latePart(() =>
  worded(import('../../features/density/DensityLegend.vue'), import('../../features/density/messages')),
)
export const SectorList = latePart(() => import('../../features/enterprises/SectorList.vue'))
export const BlindSpotPanel = latePart(() => import('../../features/blindSpots/BlindSpotPanel.vue'))
