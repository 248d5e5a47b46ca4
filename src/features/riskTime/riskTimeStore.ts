import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { type Result, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { openPlayback, type Playback, type PlaybackAnswer } from './playback'
import type { KnownDays, Trend } from './trend'

/** So many answers are kept: a person goes to and fro between a few grids, sectors and years. */
const KEPT = 24

/** What we know of the past: curves and years, each asked for once. A failure is not kept. */
export const useRiskTime = defineStore('riskTime', () => {
  /** The days that are written down; undefined until somebody asked. */
  const known = shallowRef<KnownDays | undefined>()
  let answers = new Map<string, Promise<Result<unknown>>>()
  /** Grows when curves are to be asked for again. */
  const turn = ref(0)

  function once<T extends { known: KnownDays }>(name: string, args: Record<string, unknown>): Promise<Result<T>> {
    const key = `${name} ${JSON.stringify(args)}`
    const kept = answers.get(key) as Promise<Result<T>> | undefined
    if (kept) return kept
    const mine = answers
    const asking = rpc<T | Refusal>(name, args, { retry: true }).then((answer): Result<T> => {
      const read = answer.ok && 'known' in answer.data ? answer.data : null
      if (mine === answers && read) known.value = read.known
      else mine.delete(key)
      if (!answer.ok) return answer
      return read ? { ok: true, data: read } : { ok: false, error: refused(answer.data as Refusal) }
    })
    answers.set(key, asking)
    const [oldest] = answers.keys()
    if (answers.size > KEPT && oldest) answers.delete(oldest)
    return asking
  }

  /** How a grid (null: the topmost of one's own) and sector (code; null: all) went between two days. */
  const trend = (grid: number | null, sector: string | null, from: string, to: string) =>
    once<Trend>('risk_trend', { p_grid: grid, p_sector: sector, p_from: from, p_to: to })

  /** All grids of a level over at most 13 months. */
  const playback = async (
    level: number,
    sector: string | null,
    from: string,
    to: string,
  ): Promise<Result<Playback>> => {
    const args = { p_level: level, p_sector: sector, p_from: from, p_to: to }
    const answer = await once<PlaybackAnswer>('risk_playback', args)
    return answer.ok ? { ok: true, data: openPlayback(answer.data) } : answer
  }

  /** Which days are written down, asked for once: by the curve of one day. */
  async function learnDays(day: string): Promise<void> {
    if (known.value === undefined) await trend(null, null, day, day)
  }

  /** A mark on the curves changed: whoever shows one asks again. */
  function forgetTrends(): void {
    for (const key of answers.keys()) if (key.startsWith('risk_trend ')) answers.delete(key)
    turn.value += 1
  }

  function clear(): void {
    answers = new Map()
    known.value = undefined
  }

  return { known, turn, trend, playback, learnDays, forgetTrends, clear }
})
