import { computed, ref, shallowRef, watch } from 'vue'
import type { Failure } from '../../db/rpc'
import { askRules, type Changes, changedIn, type Draft, draftOf, faultsOf, type Rules, sendRules } from './riskRules'

/** The rules, a draft of other ones, and what these would change: looked at before they can be put in force. */
export function useRiskRules() {
  const rules = shallowRef<Rules | null>(null)
  const draft = ref<Draft | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const changes = shallowRef<Changes | null>(null)
  const busy = ref<'load' | 'look' | 'save' | null>('load')
  const saved = ref(false)

  const now = computed(() => rules.value?.versions.find(({ id }) => id === rules.value?.current) ?? null)
  const faults = computed(() => (draft.value ? faultsOf(draft.value) : []))
  const changed = computed(() =>
    draft.value && now.value && !faults.value.length ? changedIn(draft.value, now.value) : null,
  )
  const past = computed(() => Boolean(draft.value && rules.value && draft.value.effectiveFrom < rules.value.today))
  // what was looked at was looked at as it was typed
  watch(
    () => JSON.stringify([draft.value?.weights, draft.value?.scales, draft.value?.thresholds]),
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
    failure.value = answer.ok ? null : answer.failure
    if (!answer.ok) return
    rules.value = answer.data
    undo()
  }

  function undo(): void {
    draft.value = now.value && rules.value ? draftOf(now.value, rules.value.today) : null
    failure.value = null
  }

  async function send(dryRun: boolean): Promise<void> {
    if (!draft.value || !changed.value) return
    busy.value = dryRun ? 'look' : 'save'
    const answer = await sendRules(changed.value, draft.value, dryRun)
    busy.value = null
    failure.value = answer.ok ? null : answer.failure
    if (!answer.ok) return
    if (dryRun) changes.value = answer.data
    else {
      await load()
      saved.value = true
    }
  }

  void load()
  return { rules, now, draft, failure, changes, busy, saved, faults, changed, past, load, undo, send }
}
