// The parts of the map that have to do with time: they come when time is first asked about, with their words.
import { useSession } from '../../features/auth/session'
import { addWords } from '../../i18n'
import { latePart } from '../latePart'

let prepared: Promise<unknown> | undefined

/** Words, and that what was learnt is forgotten when the person goes. */
function prepare(): Promise<unknown> {
  prepared ??= Promise.all([
    import('../../features/riskTime/messages').then(({ default: words }) => addWords(words)),
    import('../../features/riskTime/riskTimeStore').then(({ useRiskTime }) =>
      useSession().onSignOut(() => useRiskTime().clear()),
    ),
  ]).catch((error) => {
    prepared = undefined
    throw error
  })
  return prepared
}

/** Curves are asked for again: a mark on them changed, or the page that hears of it is left. */
export function forgetTrends(): void {
  void prepared
    ?.then(() => import('../../features/riskTime/riskTimeStore'))
    .then(({ useRiskTime }) => useRiskTime().forgetTrends())
    // the code did not come: nothing was learnt
    .catch(() => {})
}

const lazily = <T>(load: () => Promise<T>) => Promise.all([load(), prepare()]).then(([part]) => part)

export const TimeChip = latePart(() => lazily(() => import('../../features/riskTime/TimeChip.vue')))
export const TimeBar = latePart(() => lazily(() => import('../../features/riskTime/TimeBar.vue')))
export const GridTrend = latePart(() => lazily(() => import('../../features/riskTime/GridTrend.vue')))
export const CompareBar = latePart(() => lazily(() => import('../../features/riskTime/CompareBar.vue')))
export const DifferenceList = latePart(() => lazily(() => import('../../features/riskTime/DifferenceList.vue')))
export const CompareMap = latePart(() => lazily(() => import('./compare/CompareMap.vue')))
