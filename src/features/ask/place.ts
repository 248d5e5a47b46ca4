// What `place_card` answers of a point of the map.
import { type Failure, rpc } from '../../db/rpc'
import type { LinePerson } from '../../map/card/ResponsibleLines.vue'
import { type Refusal, refused } from '../../map/refusal'

interface Near {
  id: string
  metres: number
}

interface Listed<Row> {
  total: number
  rows: Row[]
}

export interface Place {
  status: 'ok'
  lon: number
  lat: number
  /** The moment that is told of. */
  at: string
  radius_m: number
  /** From the smallest grid up; empty outside every grid of one's scope. */
  territorial: { grid_id: number; code: string; name: string; level: number; people: LinePerson[] }[]
  /** Every sector, with the enterprises of it within the radius. */
  industry: {
    sector_id: number
    sector: string
    enterprises: number
    department: string | null
    officers: LinePerson[]
  }[]
  enterprises: Listed<Near & { name: string; level: number; sector_id: number; sector: string }>
  hazards: Listed<Near & { code: string; title: string; severity: 'major' | 'general'; overdue: boolean }>
  accidents: Listed<Near & { title: string; grade: number; occurred_at: string; deaths: number }>
}

/**
 * Asks for a point (WGS84, degrees). `on`: a past day in China (YYYY-MM-DD) or null for now.
 * @returns the place, or why not, in words
 */
export async function askPlace(
  at: readonly [number, number],
  on: string | null,
  signal: AbortSignal,
): Promise<{ place: Place } | { failure: Failure }> {
  const answer = await rpc<Place | Refusal>(
    'place_card',
    { p_lon: at[0], p_lat: at[1], p_on: on },
    { signal, retry: true },
  )
  if (!answer.ok) return { failure: answer.error }
  return answer.data.status === 'ok' ? { place: answer.data as Place } : { failure: refused(answer.data as Refusal) }
}

/** The sectors one thinks of here: the chosen one, else those with an enterprise near, the most common first. */
export function sectorsHere(place: Place, chosen: number | null): Place['industry'] {
  const [own] = place.industry.filter(({ sector_id }) => sector_id === chosen)
  if (own) return [own]
  return place.industry.filter(({ enterprises }) => enterprises > 0).sort((a, b) => b.enterprises - a.enterprises)
}
