import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { dropDraft, keepDraft, readDraft } from '../../db/drafts'
import type { OutboxEntry } from '../../db/outbox'
import { useOutbox } from './outboxStore'
import { argsOf, isEmpty, type Missing, missing, newReport, photoPath, type Report, type Source } from './report'
import { saidOf } from './sent'

const KEEP_AFTER_MS = 400
const BUCKET = 'hazards'

/** The report being written: kept on the phone while it is, handed to the outbox when it is done. */
export function useReport(user: string) {
  const outbox = useOutbox()
  const report = shallowRef<Report>(newReport())
  /** What keeps it from being sent; empty until the person tried. */
  const faults = ref<Missing[]>([])
  /** The entry it has become. */
  const handed = ref<string | null>(null)
  const refused = ref(false)
  const busy = ref(false)
  const key = `report:${user}`
  let timer: ReturnType<typeof setTimeout> | undefined

  const entry = computed(() => outbox.entries.find(({ id }) => id === handed.value) ?? null)

  function change(part: Partial<Report>): void {
    report.value = { ...report.value, ...part }
    if (faults.value.length) faults.value = missing(report.value)
    clearTimeout(timer)
    timer = setTimeout(keep, KEEP_AFTER_MS)
  }

  function keep(): void {
    clearTimeout(timer)
    timer = undefined
    if (handed.value) return
    void (isEmpty(report.value) ? dropDraft(key) : keepDraft(key, report.value))
  }
  // A phone may end a page that is not looked at without another word.
  const onHidden = () => document.visibilityState === 'hidden' && timer !== undefined && keep()
  document.addEventListener('visibilitychange', onHidden)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onHidden)
    if (timer !== undefined) keep()
  })

  /** What was begun and not sent, should there be something. Never replaces what was written meanwhile. */
  async function restore(): Promise<void> {
    const kept = await readDraft<Report>(key)
    if (kept && isEmpty(report.value)) {
      const { at, place, accuracy } = kept.value.place === 'hand' || !report.value.at ? kept.value : report.value
      // what was begun by an older version lacks what has come since
      report.value = { ...newReport(), ...kept.value, at, place, accuracy }
    }
    // Should a crash have come between handing it over and forgetting the draft, it is in the outbox already.
    if (outbox.entries.some(({ id }) => id === report.value.client_id)) again()
  }

  /** Hands it to the outbox. @returns whether it is kept there. */
  async function send(source: Source): Promise<boolean> {
    faults.value = missing(report.value)
    if (faults.value.length || busy.value) return false
    busy.value = true
    const { client_id, photos } = report.value
    const kept = await outbox.add({
      id: client_id,
      call: 'report_hazard',
      args: { p_hazard: argsOf(report.value, source, new Date()) },
      files: photos.map(({ id, blob }) => ({ bucket: BUCKET, path: photoPath(client_id, id), blob })),
    })
    busy.value = false
    refused.value = !kept
    if (!kept) return false
    handed.value = client_id
    clearTimeout(timer)
    timer = undefined
    await dropDraft(key)
    return true
  }

  /** What was handed over comes back to be corrected. */
  async function edit(): Promise<void> {
    const taken = handed.value ? await outbox.take(handed.value) : null
    if (!taken) return
    handed.value = null
    change(reportOf(taken))
  }

  /** A new, empty one. The place stays: the next hazard is usually a few steps on. */
  function again(): void {
    const { at, place, accuracy } = report.value
    report.value = { ...newReport(), at, place, accuracy }
    handed.value = null
    faults.value = []
  }

  watch(handed, (id) => id && scrollTo({ top: 0 }))

  return { report, faults, entry, handed, refused, busy, change, restore, send, edit, again }
}

/** An entry that was taken back becomes the report being written when the form is opened next. */
export async function reopen(user: string, entry: OutboxEntry): Promise<void> {
  await keepDraft(`report:${user}`, reportOf(entry))
}

// The same id, so it can never become two hazards.
function reportOf(entry: OutboxEntry): Report {
  const { files } = entry
  const said = saidOf(entry)
  return {
    ...newReport(),
    client_id: entry.id,
    at: [Number(said.lon), Number(said.lat)],
    place: 'hand',
    enterprise_id: typeof said.enterprise_id === 'string' ? said.enterprise_id : null,
    sector: Number(said.sector) || null,
    category: Number(said.category) || null,
    severity: said.severity === 'major' ? 'major' : 'general',
    title: String(said.title ?? ''),
    description: String(said.description ?? ''),
    photos: files.flatMap((file) => {
      const id = /([^/]+)\.jpg$/.exec(file.path)?.[1]
      return id && file.blob ? [{ id, blob: file.blob }] : []
    }),
  }
}
