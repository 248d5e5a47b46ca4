import { ref, shallowRef } from 'vue'
import { useOpenCard } from '../../db/openCard'
import { type Failure, rpc } from '../../db/rpc'
import { type BasicData, type ConfirmDraft, corrections, type Licence, type Portrait } from './portrait'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type Answer =
  | { status: 'ok' }
  | { status: 'rejected'; errors: { field: string | null; message: string }[] }
  | { status: 'conflict'; message: string; version: number; current: BasicData }
  | { status: 'conflict'; message: string; licence: Licence | null }
  | { status: 'not_found' }

/** One enterprise as its page shows it, and the confirmation of its basic data. */
export function usePortrait<Point, Source>(enterprise: string) {
  const { card, cardState, cardFailure, openCard } = useOpenCard<string, Portrait<Point, Source>>(async (id) => {
    // an answer without an id is one of nothing
    if (!UUID.test(id)) return { ok: true, data: {} }
    const answer = await rpc<Omit<Portrait<Point, Source>, 'id'> & { status: string }>(
      'enterprise_portrait',
      { p_enterprise: id },
      { retry: true },
    )
    if (!answer.ok) return answer
    return { ok: true, data: answer.data.status === 'ok' ? { ...answer.data, id } : {} }
  })
  const busy = ref(false)
  const faults = shallowRef<{ field: string | null; message: string }[]>([])
  const failure = shallowRef<Failure | null>(null)
  const conflict = shallowRef<{ message: string; version: number; current: BasicData } | null>(null)
  /** What somebody else made of a licence meanwhile; `licence` null: taken away. */
  const licenceConflict = shallowRef<{ message: string; licence: Licence | null } | null>(null)

  function forget(): void {
    faults.value = []
    failure.value = null
    conflict.value = null
    licenceConflict.value = null
  }

  async function send(name: string, args: Record<string, unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    forget()
    const answer = await rpc<Answer>(name, args)
    busy.value = false
    if (!answer.ok) failure.value = answer.error
    else if (answer.data.status === 'rejected') faults.value = answer.data.errors
    else if (answer.data.status === 'conflict') {
      if ('licence' in answer.data) licenceConflict.value = answer.data
      else conflict.value = answer.data
    } else {
      // also when it is gone meanwhile: then the page says so
      await openCard(enterprise)
      return true
    }
    return false
  }

  /** Confirms what was seen, with what differs from it corrected. True when it is done. */
  const confirm = (draft: ConfirmDraft, seen: BasicData, version: number) =>
    send('confirm_enterprise', { p_enterprise: enterprise, p_version: version, p_fields: corrections(draft, seen) })
  /** Adds, changes or (remove) takes away a licence. True when it is done. */
  const saveLicence = (licence: { id: string } & Record<string, unknown>) =>
    send('save_licence', { p_licence: { ...licence, enterprise_id: enterprise } })

  return {
    card,
    cardState,
    cardFailure,
    load: () => openCard(enterprise),
    busy,
    faults,
    failure,
    conflict,
    licenceConflict,
    forget,
    confirm,
    saveLicence,
  }
}
export type PortraitStore = Pick<
  ReturnType<typeof usePortrait>,
  'busy' | 'faults' | 'failure' | 'conflict' | 'licenceConflict' | 'load' | 'forget' | 'confirm' | 'saveLicence'
>
