import { ref, shallowRef } from 'vue'
import { type Failure, rpc } from '../../db/rpc'
import { type HazardSource, type PointDraft, pointOf, type RiskPoint, type SourceDraft, sourceOf } from './riskPoint'

export interface Fault {
  field: string | null
  message: string
}
type Answer =
  | { status: 'ok' }
  | { status: 'rejected'; errors: Fault[] }
  | { status: 'conflict'; message: string; point?: RiskPoint | null }
  | { status: 'not_found' }

/** The one door through which risk points and major hazard sources of an enterprise are changed. */
export function usePrevention(enterprise: string) {
  const busy = ref(false)
  const faults = shallowRef<Fault[]>([])
  const failure = shallowRef<Failure | null>(null)
  /** What stands in the database now, when somebody else was quicker; `point` null: it is gone. */
  const conflict = shallowRef<{ message: string; point: RiskPoint | null } | null>(null)

  function forget(): void {
    faults.value = []
    failure.value = null
    conflict.value = null
  }

  async function send(name: string, args: Record<string, unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    forget()
    const answer = await rpc<Answer>(name, args)
    busy.value = false
    if (!answer.ok) {
      failure.value = answer.error
      return false
    }
    const { data } = answer
    if (data.status === 'rejected') faults.value = data.errors
    else if (data.status === 'conflict') conflict.value = { message: data.message, point: data.point ?? null }
    else if (data.status === 'not_found') conflict.value = { message: '', point: null }
    return data.status === 'ok'
  }

  return {
    busy,
    faults,
    failure,
    conflict,
    forget,
    /** True when it is saved. The id is made here, so a second try of the same draft is the same point. */
    save: (draft: PointDraft) => send('save_risk_point', { p_point: pointOf(draft, enterprise) }),
    remove: (point: Pick<RiskPoint, 'id' | 'version'>) =>
      send('remove_risk_point', { p_point: point.id, p_version: point.version }),
    saveSource: (draft: SourceDraft) => send('save_major_hazard_source', { p_source: sourceOf(draft, enterprise) }),
    removeSource: (source: Pick<HazardSource, 'id' | 'version'>) =>
      send('remove_major_hazard_source', { p_source: source.id, p_version: source.version }),
  }
}
export type Prevention = ReturnType<typeof usePrevention>
