import { defineStore } from 'pinia'
import { useLoaded } from '../../db/loaded'
import { useOpenCard } from '../../db/openCard'
import { rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { type EnterpriseCardData, type EnterprisePoints, NO_ENTERPRISES } from './enterprise'

/** More than this and the map shows what it got and says so; a county has a fifth of it. */
const LIMIT = 20_000

/** What we know of the enterprises on the map, and the card of the one that is open. */
export const useEnterprises = defineStore('enterprises', () => {
  const {
    data: points,
    state,
    failure,
    load,
    clear: clearPoints,
  } = useLoaded(NO_ENTERPRISES, async () => {
    const args = { p_kind: 'enterprise', p_bbox: null, p_filter: {}, p_limit: LIMIT }
    const answer = await rpc<EnterprisePoints | Refusal>('map_points', args)
    if (!answer.ok) return answer
    if (!('id' in answer.data)) return { ok: false, error: refused(answer.data) }
    return { ok: true, data: { ...NO_ENTERPRISES, ...answer.data } }
  })
  const { card, cardState, cardFailure, openCard, closeCard } = useOpenCard<string, EnterpriseCardData>((id) =>
    rpc('enterprise_card', { p_enterprise: id }),
  )

  function clear(): void {
    clearPoints()
    closeCard()
  }

  return { points, state, failure, card, cardState, cardFailure, load, openCard, clear }
})
