import { defineStore } from 'pinia'
import { useLoaded } from '../../db/loaded'
import { useOpenCard } from '../../db/openCard'
import { rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { type HazardCardData, type HazardPoints, NO_HAZARDS } from './hazard'

/** More than this and the map shows what it got and says so; a county has a fifth of it. */
const LIMIT = 20_000

/** What we know of the hazards on the map, and the card of the one that is open. */
export const useHazards = defineStore('hazards', () => {
  const {
    data: points,
    state,
    failure,
    load,
    clear: clearPoints,
  } = useLoaded(NO_HAZARDS, async () => {
    const args = { p_kind: 'hazard', p_bbox: null, p_filter: {}, p_limit: LIMIT }
    const answer = await rpc<HazardPoints | Refusal>('map_points', args)
    if (!answer.ok) return answer
    if (!('id' in answer.data)) return { ok: false, error: refused(answer.data) }
    return { ok: true, data: { ...NO_HAZARDS, ...answer.data } }
  })
  const { card, cardState, cardFailure, openCard, closeCard } = useOpenCard<string, HazardCardData>((id) =>
    rpc('hazard_card', { p_hazard: id }),
  )

  function clear(): void {
    clearPoints()
    closeCard()
  }

  return { points, state, failure, card, cardState, cardFailure, load, openCard, clear }
})
