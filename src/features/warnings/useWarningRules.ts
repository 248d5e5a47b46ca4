import { computed, onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Refusal, told } from '../../map/refusal'
import { changesOf, draftOf, faultsOf, type RuleDraft, type RulePreview, type WarningRule } from './rules'

interface Rules {
  may_change: boolean
  rules: WarningRule[]
}
interface Judged {
  status: 'valid' | 'committed'
  preview: RulePreview[]
  raised?: number
}

/** The rules that hold, a draft of other ones, and what these would raise. */
export function useWarningRules() {
  const rules = shallowRef<WarningRule[]>([])
  const mayChange = ref(false)
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const failure = shallowRef<Failure | null>(null)
  const draft = reactive<RuleDraft>({})
  const note = ref('')
  const preview = shallowRef<RulePreview[] | null>(null)
  const busy = ref<'preview' | 'save' | null>(null)
  const raised = ref<number | null>(null)
  /** The draft that the preview is of. */
  let seen = ''
  let over = false

  const changes = computed(() => changesOf(draft, rules.value))
  const faults = computed(() => faultsOf(draft, rules.value))
  const changed = computed(() => Object.keys(changes.value).length > 0)
  const previewed = computed(() => preview.value !== null && seen === JSON.stringify(changes.value))

  async function load(): Promise<void> {
    const answer = await rpc<Rules>('list_warning_rules', {}, { retry: true })
    if (over) return
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) {
      if (!rules.value.length) state.value = 'failed'
      return
    }
    const kept = changed.value
    rules.value = answer.data.rules
    mayChange.value = answer.data.may_change
    // what somebody typed is not typed over
    if (!kept) undo()
    state.value = 'ready'
  }

  function undo(): void {
    Object.assign(draft, draftOf(rules.value))
    preview.value = null
    failure.value = null
  }

  async function ask(dryRun: boolean): Promise<Judged | null> {
    busy.value = dryRun ? 'preview' : 'save'
    const wanted = changes.value
    const answer: Result<Judged> = told(
      await rpc<Judged | Refusal>('set_warning_rules', {
        p_rules: wanted,
        p_options: { dry_run: dryRun, note: note.value.trim() || null },
      }),
      (data) => 'preview' in data,
    )
    busy.value = null
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok || over) return null
    preview.value = answer.data.preview
    seen = JSON.stringify(wanted)
    return answer.data
  }

  const look = async () => {
    raised.value = null
    await ask(true)
  }
  /** Writes the draft; true when it holds now. */
  async function save(): Promise<boolean> {
    const done = await ask(false)
    if (!done) return false
    raised.value = done.raised ?? 0
    note.value = ''
    rules.value = rules.value.map((rule) => ({
      ...rule,
      enabled: draft[rule.kind]?.enabled ?? rule.enabled,
      parameters: Object.fromEntries(
        Object.entries(draft[rule.kind]?.parameters ?? {}).map(([word, value]) => [word, Number(value)]),
      ),
    }))
    preview.value = null
    await load()
    return true
  }

  onScopeDispose(() => {
    over = true
  })
  return {
    rules,
    mayChange,
    state,
    failure,
    draft,
    note,
    preview,
    previewed,
    busy,
    raised,
    changed,
    faults,
    load,
    undo,
    look,
    save,
  }
}
