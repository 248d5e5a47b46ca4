import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { dropDraft, keepDraft, readDraft } from '../../db/drafts'
import type { OutboxEntry } from '../../db/outbox'
import { useOutbox } from './outboxStore'
import { argsOf, isEmpty, type Missing, missing, newReport, photoPath, type Report, type Source } from './report'

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
  let touched = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const entry = computed(() => outbox.entries.find(({ id }) => id === handed.value) ?? null)

  function change(part: Partial<Report>): void {
    touched = true
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
    if (kept && !touched) report.value = kept.value
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
      args: argsOf(report.value, source, new Date()),
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

  /** A new, empty one. The place stays: the next hazard is usually a few steps on. */
  function again(): void {
    const { at, place, accuracy } = report.value
    report.value = { ...newReport(), at, place, accuracy }
    handed.value = null
    faults.value = []
    touched = false
  }

  watch(handed, (id) => id && scrollTo({ top: 0 }))

  return { report, faults, entry, handed, refused, busy, change, restore, send, again }
}

/** An entry that was taken back becomes the report being written: same id, so it can never become two hazards. */
export async function reopen(user: string, entry: OutboxEntry): Promise<void> {
  const { args, files } = entry
  const report: Report = {
    ...newReport(),
    client_id: entry.id,
    at: [Number(args.lon), Number(args.lat)],
    place: 'hand',
    enterprise_id: typeof args.enterprise_id === 'string' ? args.enterprise_id : null,
    sector: Number(args.sector) || null,
    severity: args.severity === 'major' ? 'major' : 'general',
    title: String(args.title ?? ''),
    description: String(args.description ?? ''),
    photos: files.flatMap((file) => {
      const id = /([^/]+)\.jpg$/.exec(file.path)?.[1]
      return id && file.blob ? [{ id, blob: file.blob }] : []
    }),
  }
  await keepDraft(`report:${user}`, report)
}
