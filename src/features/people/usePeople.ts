import { computed, ref, shallowRef } from 'vue'
import { downloadFile, removeFile, uploadFile } from '../../db/files'
import { type Failure, rpc } from '../../db/rpc'
import type { AppointmentEvent, Candidate, PersonFields, Position, Refusal, StaffAnswer } from './person'

const BUCKET = 'portraits'
type Written = { status: 'ok'; user_id: string } | { status: 'rejected'; errors: Refusal[] }
/** Done, or why not, in words. */
export type Outcome = { ok: true; user_id: string } | { ok: false; refusal: Refusal }

/** Who holds which position in a grid and below it, and the ways to change it. */
export function usePeople() {
  const state = ref<'idle' | 'loading' | 'ready' | 'missing' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  const answer = shallowRef<StaffAnswer | null>(null)
  const faces = new Map<string, Promise<string | null>>()
  let asked = 0
  let shown: number | null = null

  async function load(grid: number): Promise<void> {
    const mine = ++asked
    if (grid !== shown) state.value = 'loading'
    shown = grid
    const got = await rpc<StaffAnswer | { status: 'not_found' }>('grid_staff', { p_grid: grid }, { retry: true })
    if (mine !== asked) return
    failure.value = got.ok ? null : got.error
    if (!got.ok) state.value = answer.value?.grid_id === grid ? 'ready' : 'failed'
    else if (got.data.status === 'ok') {
      answer.value = got.data
      state.value = 'ready'
    } else state.value = 'missing'
  }

  async function write(name: string, args: Record<string, unknown>): Promise<Outcome> {
    const got = await rpc<Written>(name, args)
    if (!got.ok) return { ok: false, refusal: { field: '', code: got.error.code, message: got.error.message } }
    if (got.data.status === 'rejected') return { ok: false, refusal: got.data.errors[0]! }
    if (shown !== null) await load(shown)
    return { ok: true, user_id: got.data.user_id }
  }

  /** `again`: although somebody of that name is known. */
  const appoint = (grid: number, person: { user_id: string } | PersonFields, position: Position, again = false) =>
    write('appoint', { p_grid: grid, p_person: again ? { ...person, new: true } : person, p_position: position })

  /** `confirmed`: although the grid is left without a leader. */
  const dismiss = (grid: number, user: string, position: Position, confirmed = false) =>
    write('dismiss', { p_grid: grid, p_user: user, p_position: position, p_confirm: confirmed })

  const update = (user: string, fields: Partial<PersonFields>) =>
    write('update_person', { p_user: user, p_fields: fields })

  /** Uploads a portrait, shows it, and only then removes the one before. */
  async function setPortrait(user: string, portrait: Blob, before: string | null): Promise<Outcome> {
    const path = `${user}/${crypto.randomUUID()}.jpg`
    const sent = await uploadFile(BUCKET, path, await portrait.arrayBuffer(), 'image/jpeg')
    if (!sent.ok)
      return { ok: false, refusal: { field: 'photo_path', code: sent.error.code, message: sent.error.message } }
    const done = await write('update_person', { p_user: user, p_fields: { photo_path: path } })
    const useless = done.ok ? before : path
    if (useless) await removeFile(BUCKET, useless)
    return done
  }

  async function clearPortrait(user: string, before: string): Promise<Outcome> {
    const done = await write('update_person', { p_user: user, p_fields: { photo_path: null } })
    if (done.ok) await removeFile(BUCKET, before)
    return done
  }

  /** An address of the portrait for this page; null when it cannot be read. */
  function faceOf(path: string): Promise<string | null> {
    const known = faces.get(path)
    if (known) return known
    const face = downloadFile(BUCKET, path).then((file) => (file.ok ? URL.createObjectURL(file.data) : null))
    faces.set(path, face)
    return face
  }

  function close(): void {
    for (const face of faces.values()) void face.then((address) => address && URL.revokeObjectURL(address))
    faces.clear()
  }

  async function find(words: string, signal: AbortSignal): Promise<Candidate[] | Failure> {
    const got = await rpc<Candidate[]>('find_people', { p_query: words, p_limit: 12 }, { retry: true, signal })
    return got.ok ? got.data : got.error
  }

  async function history(
    grid: number,
    before: number | null,
  ): Promise<{ events: AppointmentEvent[]; next: number | null } | Failure> {
    const got = await rpc<{ events: AppointmentEvent[]; next: number | null }>(
      'appointment_history',
      { p_grid: grid, p_before: before, p_limit: 20 },
      { retry: true },
    )
    return got.ok ? got.data : got.error
  }

  const grids = computed(() => answer.value?.grids ?? [])
  const admin = computed(() => answer.value?.admin ?? false)
  return {
    state,
    failure,
    grids,
    admin,
    load,
    appoint,
    dismiss,
    update,
    setPortrait,
    clearPortrait,
    faceOf,
    close,
    find,
    history,
  }
}

export type People = ReturnType<typeof usePeople>
