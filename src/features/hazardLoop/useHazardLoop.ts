import { computed, ref, shallowRef } from 'vue'
import { uploadFile } from '../../db/files'
import { useOpenCard } from '../../db/openCard'
import { type Failure, rpc } from '../../db/rpc'
import {
  type Action,
  type Candidates,
  type HazardNow,
  type LoopCard,
  type LoopEvent,
  type Reason,
  type StepAnswer,
  toFields,
} from './loop'

/** What somebody saw when they began a step, and what stands there now. */
export interface Conflict {
  seen: string
  now: HazardNow
}

/** One hazard, its history, and the one door through which it takes a step. */
export function useHazardLoop(hazard: string) {
  const { card, cardState, cardFailure, openCard } = useOpenCard<string, LoopCard>((id) =>
    rpc('hazard_card', { p_hazard: id }),
  )
  const events = shallowRef<LoopEvent[]>([])
  const candidates = shallowRef<Candidates | null>(null)
  const seal = shallowRef<{ intact: boolean; events: number; head: string | null } | null>(null)
  /** The step whose form is open, and the hazard as it was when it opened. */
  const open = shallowRef<{ action: Action; card: LoopCard; event: string } | null>(null)
  const busy = ref(false)
  const reasons = shallowRef<Reason[]>([])
  const failure = shallowRef<Failure | null>(null)
  const conflict = shallowRef<Conflict | null>(null)

  async function load(): Promise<void> {
    const [, history, verified] = await Promise.all([
      openCard(hazard),
      rpc<{ status: string; events?: LoopEvent[] }>('hazard_history', { p_hazard: hazard }, { retry: true }),
      rpc<{ intact: boolean; events: number; head: string | null }>(
        'verify_history',
        { p_hazard: hazard },
        { retry: true },
      ),
    ])
    if (history.ok) events.value = history.data.events ?? []
    seal.value = verified.ok && 'intact' in verified.data ? verified.data : null
  }

  async function begin(action: Action): Promise<void> {
    if (!card.value) return
    reasons.value = []
    failure.value = null
    conflict.value = null
    if (action === 'assign') {
      const answer = await rpc<Candidates | { status: string }>(
        'hazard_candidates',
        { p_hazard: hazard },
        { retry: true },
      )
      candidates.value = answer.ok && 'people' in answer.data ? answer.data : null
      if (!answer.ok) failure.value = answer.error
    }
    open.value = { action, card: card.value, event: crypto.randomUUID() }
  }

  function cancel(): void {
    open.value = null
    reasons.value = []
    failure.value = null
    conflict.value = null
  }

  /** Photos first, then the step; the same number for a second try, so that a step sent twice is one. */
  async function take(values: Record<string, string>, photos: readonly Blob[]): Promise<boolean> {
    const step = open.value
    if (!step || busy.value) return false
    busy.value = true
    failure.value = null
    reasons.value = []
    try {
      const paths: string[] = []
      for (const photo of photos) {
        const path = `${hazard}/${crypto.randomUUID()}.jpg`
        const sent = await uploadFile('hazards', path, await photo.arrayBuffer(), 'image/jpeg')
        if (!sent.ok) {
          failure.value = sent.error
          return false
        }
        paths.push(path)
      }
      const answer = await rpc<StepAnswer>('advance_hazard', {
        p_hazard: hazard,
        p_version: step.card.version,
        p_action: step.action,
        p_fields: { ...toFields(step.action, step.card, values), photos: paths, event_id: step.event },
      })
      if (!answer.ok) {
        failure.value = answer.error
        return false
      }
      const { status, hazard: now } = answer.data
      if (status === 'ok') {
        cancel()
        await load()
        return true
      }
      if (status === 'conflict' && now) {
        conflict.value = { seen: step.card.state, now }
        await load()
        return false
      }
      reasons.value = answer.data.reasons
      return false
    } finally {
      busy.value = false
    }
  }

  /** After a conflict: the same words on what stands there now, when the step may still be taken. */
  function goOn(): void {
    const step = open.value
    conflict.value = null
    if (step && card.value?.steps.includes(step.action)) open.value = { ...step, card: card.value }
    else cancel()
  }

  const steps = computed(() => card.value?.steps ?? [])
  return {
    card,
    cardState,
    cardFailure,
    events,
    candidates,
    seal,
    open,
    steps,
    busy,
    reasons,
    failure,
    conflict,
    load,
    begin,
    cancel,
    take,
    goOn,
  }
}
