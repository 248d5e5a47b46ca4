import { computed, ref, shallowRef, watch } from 'vue'
import type { Failure } from '../../db/rpc'
import {
  askRules,
  type Changes,
  changedIn,
  type Draft,
  draftOf,
  faultsOf,
  type PreventionRules,
  sendRules,
} from './preventionRules'

/** The thresholds, a draft of other ones, and what these would change: looked at before they can be put in force. */
export function usePreventionRules() {
  const rules = shallowRef<PreventionRules | null>(null)
  const draft = ref<Draft | null>(null)
  const failure = shallowRef<Failure | null>(null)
  /** Others hold by now, in words. */
  const conflict = ref('')
  const changes = shallowRef<Changes | null>(null)
  const busy = ref<'load' | 'look' | 'save' | null>('load')
  const saved = ref(false)

  const now = computed(() => rules.value?.versions.find(({ id }) => id === rules.value?.current) ?? null)
  const faults = computed(() => (draft.value ? faultsOf(draft.value) : []))
  const changed = computed(() =>
    draft.value && now.value && !faults.value.length ? changedIn(draft.value, now.value) : null,
  )
  // what was looked at was looked at as it was typed
  watch(
    () => JSON.stringify({ ...draft.value, note: '' }),
    () => {
      changes.value = null
    },
  )
  watch(
    draft,
    () => {
      saved.value = false
    },
    { deep: true },
  )

  async function load(): Promise<void> {
    busy.value = 'load'
    const answer = await askRules()
    busy.value = null
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    rules.value = answer.data
    undo()
  }

  function undo(): void {
    draft.value = now.value ? draftOf(now.value) : null
    failure.value = null
    conflict.value = ''
  }

  async function send(dryRun: boolean): Promise<void> {
    if (!draft.value || !changed.value || !rules.value) return
    busy.value = dryRun ? 'look' : 'save'
    const sent = await sendRules(changed.value, draft.value.note, rules.value.current, dryRun)
    busy.value = null
    failure.value = sent.kind === 'failed' ? sent.failure : null
    conflict.value = sent.kind === 'conflict' ? sent.message : ''
    if (sent.kind === 'conflict') {
      // what was typed stays beside what holds now
      const typed = draft.value
      const answer = await askRules()
      if (answer.ok) rules.value = answer.data
      draft.value = typed
      changes.value = null
    } else if (sent.kind === 'told' && dryRun) changes.value = sent.changes
    else if (sent.kind === 'told') {
      await load()
      saved.value = true
    }
  }

  void load()
  return { rules, now, draft, failure, conflict, changes, busy, saved, faults, changed, load, undo, send }
}
