// 专项行动: what was undertaken, where and when. The link of the page says which are shown.
import type { LocationQuery } from 'vue-router'
import { type Failure, rpc } from '../../db/rpc'
import { type Refusal, told } from '../../map/refusal'

export type CampaignState = 'running' | 'coming' | 'ended'
export const STATES: readonly CampaignState[] = ['running', 'coming', 'ended']

export interface Campaign {
  id: number
  /** Of what was seen: another one by now is a conflict. */
  version: number
  name: string
  /** First and last day, YYYY-MM-DD. */
  from: string
  to: string
  state: CampaignState
  grid: { id: number; code: string; name: string }
  /** None: all of them. */
  sectors: { id: number; code: string; name: string }[]
  description: string | null
  may_change: boolean
  /** Who wrote it last, and when. */
  by: string | null
  at: string
}

export interface Campaigns {
  /** Today in China. */
  today: string
  counts: Record<CampaignState, number>
  /** The newest first. */
  rows: Campaign[]
  /** Grids whose campaigns the asker may announce; none for who leads nothing. */
  grids: { code: string; name: string; level: number }[]
}

export interface CampaignFilter {
  /** Code: campaigns of this grid, of those above and below it. */
  grid?: string
  state?: CampaignState
}

const isState = (word: unknown): word is CampaignState => STATES.includes(word as CampaignState)

/** What a link asks for. */
export function parseFilter({ grid, state }: LocationQuery): CampaignFilter {
  return { ...(typeof grid === 'string' && grid ? { grid } : {}), ...(isState(state) ? { state } : {}) }
}

/** The query of a link. */
export const formatFilter = ({ grid, state }: CampaignFilter): Record<string, string> => ({
  ...(grid ? { grid } : {}),
  ...(state ? { state } : {}),
})

export type Said<T> = { ok: true; data: T } | { ok: false; error: Failure }

/** The campaigns of a link. Out of scope: a failure with the code `NOT_FOUND`. */
export async function askCampaigns(filter: CampaignFilter): Promise<Said<Campaigns>> {
  const answer = told<Campaigns, Failure>(
    await rpc<Campaigns | Refusal>('list_campaigns', { p_filter: formatFilter(filter) }, { retry: true }),
    (data) => 'rows' in data,
  )
  return answer as Said<Campaigns>
}

/** What is typed. */
export interface CampaignDraft {
  id: number | null
  version: number | null
  name: string
  /** Code. */
  grid: string
  sectors: number[]
  from: string
  to: string
  description: string
}

/** An empty form: from today, for the grid of the page if one may. */
export const newDraft = ({ today, grids }: Campaigns, grid?: string): CampaignDraft => ({
  id: null,
  version: null,
  name: '',
  grid: grids.find(({ code }) => code === grid)?.code ?? grids[0]?.code ?? '',
  sectors: [],
  from: today,
  to: '',
  description: '',
})

/** A form with what is written down. */
export const draftOf = (campaign: Campaign): CampaignDraft => ({
  id: campaign.id,
  version: campaign.version,
  name: campaign.name,
  grid: campaign.grid.code,
  sectors: campaign.sectors.map(({ id }) => id).sort((a, b) => a - b),
  from: campaign.from,
  to: campaign.to,
  description: campaign.description ?? '',
})

const FIELDS = ['name', 'grid', 'sectors', 'from', 'to', 'description'] as const
export type CampaignField = (typeof FIELDS)[number]

/** Fields in which two forms differ, in the order of the form. */
export const differences = (mine: CampaignDraft, theirs: CampaignDraft): CampaignField[] =>
  FIELDS.filter((field) => {
    const [a, b] = [mine[field], theirs[field]]
    if (Array.isArray(a) && Array.isArray(b)) return [...a].sort().join() !== [...b].sort().join()
    return String(a).trim() !== String(b).trim()
  })

export type Saved =
  | { status: 'ok'; campaign: Campaign }
  | { status: 'conflict'; message: string; campaign: Campaign }
  | { status: 'rejected'; errors: { field: string | null; message: string }[] }
  | { status: 'not_found' }

export const saveCampaign = (draft: CampaignDraft) => rpc<Saved>('save_campaign', { p_campaign: draft })

export const removeCampaign = ({ id, version }: Campaign) =>
  rpc<Saved | { status: 'ok' }>('remove_campaign', { p_campaign: id, p_version: version })

/** How far a campaign is on a day: the how manieth day of how many; before its first day 0. */
export function progress({ from, to }: { from: string; to: string }, today: string): { day: number; of: number } {
  const days = (a: string, b: string) => Math.round((Date.parse(b) - Date.parse(a)) / 86_400_000)
  const of = days(from, to) + 1
  return { day: Math.min(Math.max(days(from, today) + 1, 0), of), of }
}
