// A step taken on a phone (start, submit, review …) as an entry of the outbox: kept, sent once, in its turn. Pure.
import type { NewEntry, OutboxEntry } from '../../db/outbox'
import { actionOf, type WorkItem } from './work'

const CALL = 'advance_hazard'
const BUCKET = 'hazards'

/** Which step leads where, of those that a phone may take without a network. */
const LEADS_TO: Record<string, string> = {
  verify: 'verified',
  reject: 'rejected',
  start: 'rectifying',
  submit: 'submitted',
  pass: 'closed',
  return: 'rectifying',
}

/** Whether a step needs nothing that only the server knows (who may be given the work). */
export const worksOffline = (action: string): boolean => action !== 'assign'

/** Where a hazard stands as far as a step goes. */
export interface Standing {
  state: string
  version: number
  steps: readonly string[]
}

export interface StepPhoto {
  id: string
  blob: Blob
}

/**
 * The entry of a step.
 * @param id made on the phone: the server takes the same step once
 * @param place where the person stands, EPSG:4326 degrees; null when the device does not say
 */
export function stepEntry(
  id: string,
  hazard: { id: string; version: number },
  action: string,
  fields: Readonly<Record<string, unknown>>,
  photos: readonly StepPhoto[],
  place: readonly [number, number] | null,
  title: string,
): NewEntry {
  const files = photos.map((photo) => ({ bucket: BUCKET, path: `${hazard.id}/${photo.id}.jpg`, blob: photo.blob }))
  return {
    id,
    call: CALL,
    title,
    thread: hazard.id,
    args: {
      p_hazard: hazard.id,
      p_version: hazard.version,
      p_action: action,
      p_fields: {
        ...fields,
        ...(place ? { lon: round(place[0]), lat: round(place[1]) } : {}),
        photos: files.map(({ path }) => path),
        event_id: id,
      },
    },
    files,
  }
}

// Seven decimals are a centimetre.
const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7

/** Whether an entry is a step, of any hazard or of this one. */
export const isStep = (entry: Pick<OutboxEntry, 'call' | 'args'>, hazard?: string): boolean =>
  entry.call === CALL && (hazard === undefined || entry.args.p_hazard === hazard)

export const hazardOf = (entry: OutboxEntry): string => String(entry.args.p_hazard)
export const stepOf = (entry: OutboxEntry): string => String(entry.args.p_action)
const saidOf = (entry: OutboxEntry) => (entry.args.p_fields ?? {}) as Record<string, unknown>

/** What the person wrote, by the fields of the form. */
export function valuesOf(entry: OutboxEntry): Record<string, string> {
  const { photos: _photos, event_id: _event, lon: _lon, lat: _lat, ...words } = saidOf(entry)
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, String(value)]))
}

/** How the hazard will stand when these steps have arrived: so the next one can be taken before they have. */
export function foreseen(now: Standing, waiting: readonly OutboxEntry[]): Standing {
  return waiting.reduce<Standing>((standing, entry) => {
    const action = stepOf(entry)
    // the same person goes on: who started submits, everything else is for others
    return {
      state: LEADS_TO[action] ?? standing.state,
      version: standing.version + 1,
      steps: action === 'start' ? ['submit'] : [],
    }
  }, now)
}

/** What the server says stands now, when it said no because somebody was quicker. */
export function conflictOf(entry: OutboxEntry): {
  state: string
  version: number
  steps: string[]
  last: { action: string; by: string | null; role: string | null; at: string } | null
} | null {
  const answer = entry.reason?.answer as { status?: string; hazard?: ReturnType<typeof conflictOf> } | undefined
  return answer?.status === 'conflict' ? (answer.hazard ?? null) : null
}

/** The same words on what stands now. */
export const onVersion = (entry: OutboxEntry, version: number): Record<string, unknown> => ({
  ...entry.args,
  p_version: version,
})

/** A row of the list as where the hazard stands, for when there is no network to ask. */
export function standingOf(item: WorkItem): Standing {
  const action = actionOf(item.step)
  const both = action === 'pass' ? ['pass', 'return'] : action === 'verify' ? ['verify', 'reject'] : []
  return { state: item.state, version: item.version, steps: both.length ? both : action ? [action] : [] }
}
