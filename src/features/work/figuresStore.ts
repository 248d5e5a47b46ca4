import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { rpc } from '../../db/rpc'

/** A term that is near, ends today or has passed, of something that waits for the person. */
export interface WorkNotice {
  hazard_id: string
  step: string
  kind: 'soon' | 'today' | 'overdue'
  due_at: string
  why: string
  read_at: string | null
  code: string
  title: string
  severity: 'major' | 'general'
  grid: string | null
}

interface Notices {
  status: string
  waiting: number
  total: number
  unread: number
  overdue: number
  /** Open warnings that wait for the person; not among `waiting`. */
  warnings: number
  as_of: string
  next_at: string
  rows: WorkNotice[]
}

const NONE = { waiting: 0, total: 0, unread: 0, overdue: 0, warnings: 0 }
/** What changed may be written in many steps; the figures are asked for once after them. */
const SETTLE_MS = 1_500
/** A timer of a browser holds at most 24 days; a look an hour is nothing. */
const LONGEST_MS = 3_600_000

/** How much waits and how many notices are unread: for the bell, the badge of the page and that of the app. */
export const useWorkFigures = defineStore('workFigures', () => {
  const figures = shallowRef(NONE)
  const notices = shallowRef<WorkNotice[] | null>(null)
  const failed = ref(false)
  /** Whether the figures have been heard: until then nothing says that nothing waits. */
  const known = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = Number.POSITIVE_INFINITY
  let asked = 0

  function take({ waiting, total, unread, overdue, warnings, as_of, next_at }: Notices): void {
    figures.value = { waiting, total, unread, overdue, warnings }
    known.value = true
    badge(waiting + warnings)
    // by the server's clock: that of a device may be wrong by minutes
    plan(Math.min(Math.max(Date.parse(next_at) - Date.parse(as_of) + 500, 5_000), LONGEST_MS))
  }

  /** Asks for the figures; with `list` for the notices too. */
  async function load(list = false): Promise<void> {
    const mine = ++asked
    const answer = await rpc<Notices>('my_notices', { p_limit: list ? 50 : 0 }, { retry: true })
    if (mine !== asked) return
    failed.value = !answer.ok
    if (!answer.ok || answer.data.status !== 'ok') return
    if (list) notices.value = answer.data.rows
    take(answer.data)
  }

  /** Marks notices of these hazards as read; without ids all of them. */
  async function read(hazards: string[] | null): Promise<void> {
    const mine = ++asked
    const answer = await rpc<Notices>('read_notices', { p_hazards: hazards })
    if (mine !== asked || !answer.ok || answer.data.status !== 'ok') return
    const now = new Date().toISOString()
    notices.value =
      notices.value?.map((notice) =>
        notice.read_at || (hazards && !hazards.includes(notice.hazard_id)) ? notice : { ...notice, read_at: now },
      ) ?? null
    take(answer.data)
  }

  /** Something changed: asks soon, once for many. */
  const touch = (): void => plan(SETTLE_MS)

  function plan(wait: number): void {
    if (Date.now() + wait >= due) return
    due = Date.now() + wait
    clearTimeout(timer)
    timer = setTimeout(() => {
      due = Number.POSITIVE_INFINITY
      void load()
    }, wait)
  }

  /** Asks no more by itself; what is known stays. */
  function pause(): void {
    clearTimeout(timer)
    due = Number.POSITIVE_INFINITY
  }

  function clear(): void {
    asked++
    pause()
    figures.value = NONE
    known.value = false
    notices.value = null
    badge(0)
  }

  return { figures, notices, failed, known, load, read, touch, pause, clear }
})

/** The figure on the icon of the installed app, where there is one. */
function badge(n: number): void {
  if (typeof navigator === 'undefined' || !('setAppBadge' in navigator)) return
  const app = navigator as Navigator & { setAppBadge(n: number): Promise<void>; clearAppBadge(): Promise<void> }
  // Refused where the page is not installed: then there is no icon either.
  void (n > 0 ? app.setAppBadge(n) : app.clearAppBadge()).catch(() => undefined)
}
