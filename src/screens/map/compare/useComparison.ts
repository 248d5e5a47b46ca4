import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { Failure } from '../../../db/rpc'
import type { RiskRow } from '../../../features/risk/risk'
import { askRisk } from '../../../features/risk/riskStore'
import { monthsBefore } from '../../../features/riskTime/day'
import type { MapLink } from '../mapLink'

interface Inputs {
  link: () => MapLink
  /** The past day in the link; null for today. */
  on: () => string | null
  today: () => string
  /** The day that the first map shows now. */
  day: () => string | null
  sectors: () => readonly { id: number; code: string; name: string }[]
  /** Changes when the risk of today does. */
  print: () => unknown
}

/** What is compared first: a past day with today, today with the same day a month before. */
export function versusOf(day: string, today: string): Partial<MapLink> {
  return day < today ? { versus: { day }, on: null } : { versus: { day: monthsBefore(day, 1) } }
}

/** The other half of a comparison: what it shows, asked for once, and again when today is in it and changes. */
export function useComparison(inputs: Inputs) {
  const rows = shallowRef<readonly RiskRow[]>([])
  const failure = shallowRef<Failure | null>(null)
  /** Day (null: today) and sector of the other half; null while nothing is compared. */
  const side = computed(() => {
    const { versus, sector } = inputs.link()
    if (!versus) return null
    if ('sector' in versus) return { day: inputs.on(), sector: versus.sector }
    return { day: versus.day && versus.day < inputs.today() ? versus.day : null, sector }
  })
  const sectorOf = (id: number | null | undefined) => inputs.sectors().find((sector) => sector.id === id) ?? null
  const codeOf = (id: number | null) => sectorOf(id)?.code ?? null
  const bySector = computed(() => {
    const { versus } = inputs.link()
    return versus !== null && 'sector' in versus
  })
  const left = computed(() => ({ day: side.value?.day ?? null, sector: sectorOf(side.value?.sector)?.name ?? null }))
  const right = computed(() => ({ day: inputs.day(), sector: sectorOf(inputs.link().sector)?.name ?? null }))
  let turn = 0
  async function load(fresh: boolean): Promise<void> {
    const mine = ++turn
    const asked = side.value
    if (fresh) rows.value = []
    if (!asked) return
    const answer = await askRisk({ sector: codeOf(asked.sector), on: asked.day, days: 7 })
    if (mine !== turn) return
    failure.value = answer.ok ? null : answer.error
    if (answer.ok) rows.value = answer.data
  }
  watch(
    () => side.value && `${side.value.day} ${codeOf(side.value.sector)}`,
    () => void load(true),
    { immediate: true },
  )
  watch(inputs.print, () => side.value && side.value.day === null && void load(false))
  onScopeDispose(() => {
    turn++
  })
  const levels = computed(() => new Map(rows.value.map((row) => [row.grid_id, row.level])))
  /** What the pointer is on has two levels while two pictures are compared. */
  const tip = computed(() =>
    side.value ? { left: left.value, right: right.value, sectors: bySector.value, levels: levels.value } : null,
  )
  return { side, left, right, bySector, rows, levels, tip, failure }
}
