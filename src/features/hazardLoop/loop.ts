// The loop of a hazard as the page knows it: steps, what each asks for, what is sent. The database decides. Pure.
export const ACTIONS = [
  'verify',
  'reject',
  'assign',
  'start',
  'submit',
  'pass',
  'return',
  'reopen',
  'list',
  'delist',
  'extend',
] as const
export type Action = (typeof ACTIONS)[number]

interface Contact {
  user_id?: string
  name: string
  title?: string | null
  phone: string | null
  position?: string
}

/** What `hazard_card` answers, as far as this page shows it. Times are ISO, places EPSG:4326 degrees. */
export interface LoopCard {
  id: string
  client_id: string | null
  code: string
  title: string
  description: string | null
  severity: 'major' | 'general'
  state: string
  source: string
  overdue: boolean
  lon: number | null
  lat: number | null
  found_at: string
  due_at: string | null
  listed_level: 'county' | 'province' | null
  listed_at: string | null
  published_at: string | null
  delisted_at: string | null
  extension_until: string | null
  extension_asked_by_name: string | null
  escalated_to_name: string | null
  assigned_to_name: string | null
  rectifier_name: string | null
  assurance_person: string | null
  assurance_funds: number | string | null
  assurance_measures: string | null
  assurance_deadline: string | null
  assurance_plan: string | null
  photos: string[]
  version: number
  steps: Action[]
  clocks: { clock: string; due_at: string; done_at: string | null; overdue: boolean }[]
  sector: { id: number; name: string; department?: string | null } | null
  category: { id: number; name: string } | null
  enterprise: { id: string; name: string } | null
  breadcrumb: { id: number; code: string; name: string; level: number }[]
  responsible: {
    territorial: { grid_id: number; name: string; level: number; people: Contact[] }[]
    industry: { department: string | null; officers: Contact[] } | null
  }
}

const DAY = 86_400_000
const chinaDay = (time: number) => Math.floor((time + 8 * 3_600_000) / DAY)

/** How many days of the calendar in China a term (ISO) has passed; at least one, like everywhere a hazard is overdue. */
export const daysLate = (due: string, now: number): number => Math.max(1, chinaDay(now) - chinaDay(Date.parse(due)))

/** One step of `hazard_history`. */
export interface LoopEvent {
  seq: number
  action: string
  from_state: string | null
  to_state: string
  actor_name: string | null
  actor_role: string | null
  at: string
  lon: number | string | null
  lat: number | string | null
  note: string | null
  photos: string[]
  changes: Record<string, unknown>
  grid: string | null
  /** Name of the category that the step set. */
  category: string | null
  assigned_to: string | null
  escalated_to: string | null
}

export interface Candidates {
  status: 'ok'
  due: string
  latest: string
  people: { user_id: string; name: string; title: string | null; role: string; account: boolean }[]
}

/** Where a hazard stands after (or instead of) a step. */
export interface HazardNow {
  state: string
  version: number
  steps: Action[]
  last: { action: string; by: string | null; role: string | null; at: string; note: string | null } | null
}

export interface Reason {
  field: string | null
  code: string
  message: string
}

export interface StepAnswer {
  status: 'ok' | 'rejected' | 'conflict'
  hazard: HazardNow | null
  reasons: Reason[]
}

export interface Field {
  key: string
  kind: 'words' | 'line' | 'day' | 'money' | 'person' | 'category' | 'choice' | 'photos'
  /** Words of the label: hazardLoop.field.<label>. */
  label: string
  must?: boolean
  choices?: readonly string[]
  /** What stands there before anybody writes. */
  start?: string
}

const note = (label: string, must = false): Field => ({ key: 'note', kind: 'words', label, must })
const PHOTOS: Field = { key: 'photos', kind: 'photos', label: 'photos' }

/** What a step asks for, in the order of the form. */
export function fieldsOf(action: Action, card: LoopCard, candidates: Candidates | null = null): Field[] {
  switch (action) {
    case 'verify':
      return [
        { key: 'severity', kind: 'choice', label: 'severity', choices: ['general', 'major'], start: card.severity },
        { key: 'category', kind: 'category', label: 'category', start: String(card.category?.id ?? '') },
        note('found'),
        PHOTOS,
      ]
    case 'reject':
      return [note('why', true), PHOTOS]
    case 'assign':
      return [
        { key: 'to', kind: 'person', label: 'to', must: true },
        { key: 'due', kind: 'day', label: 'due', start: candidates?.due ?? '' },
        note('demand'),
      ]
    case 'start':
      return card.severity === 'major' ? [...five(card), note('note')] : [note('note')]
    case 'submit':
      return [note('done', true), { key: 'funds_spent', kind: 'money', label: 'spent' }, PHOTOS]
    case 'pass':
      return [note('reviewed'), PHOTOS]
    case 'return':
      return [note('missing', true), { key: 'due', kind: 'day', label: 'newDue' }, PHOTOS]
    case 'reopen':
      return [note('why', true), { key: 'due', kind: 'day', label: 'newDue' }, PHOTOS]
    case 'list':
      return publishes(card)
        ? [note('published')]
        : [
            { key: 'level', kind: 'choice', label: 'level', choices: ['county', 'province'], start: 'county' },
            note('note'),
          ]
    case 'delist':
      return [note('why', true)]
    case 'extend':
      return card.extension_until
        ? [{ key: 'grant', kind: 'choice', label: 'grant', choices: ['true', 'false'], start: 'true' }, note('note')]
        : [{ key: 'until', kind: 'day', label: 'until', must: true }, note('why', true)]
  }
}

/** 五落实. */
const five = (card: LoopCard): Field[] => [
  {
    key: 'assurance_person',
    kind: 'line',
    label: 'person',
    must: true,
    start: card.assurance_person ?? card.assigned_to_name ?? '',
  },
  { key: 'assurance_funds', kind: 'money', label: 'funds', must: true, start: String(card.assurance_funds ?? '') },
  { key: 'assurance_measures', kind: 'words', label: 'measures', must: true, start: card.assurance_measures ?? '' },
  {
    key: 'assurance_deadline',
    kind: 'day',
    label: 'deadline',
    must: true,
    start: card.assurance_deadline ?? dayOf(card.due_at),
  },
  { key: 'assurance_plan', kind: 'words', label: 'plan', must: true, start: card.assurance_plan ?? '' },
]

const listed = (card: LoopCard) => card.listed_at !== null && card.delisted_at === null
const publishes = (card: LoopCard) => listed(card) && card.published_at === null

/** Which words a step goes by: listing is filed, then published; an extension asked for, then decided. */
export function wordOf(action: Action, card: LoopCard): string {
  if (action === 'list' && publishes(card)) return 'publish'
  if (action === 'extend' && card.extension_until) return 'decide'
  if (action === 'assign' && card.state === 'assigned') return 'reassign'
  return action
}

const FORWARD: Record<string, Action> = {
  reported: 'verify',
  verified: 'assign',
  assigned: 'start',
  rectifying: 'submit',
  submitted: 'pass',
  closed: 'delist',
}

/** The one step that brings a hazard on, when it is the asker's; all others are behind "more". */
export function nextOf(card: Pick<LoopCard, 'state' | 'steps'>): Action | null {
  return card.steps.find((step) => step === FORWARD[card.state]) ?? null
}

/** What is sent for a filled form; empty fields are left out. */
export function toFields(
  action: Action,
  card: LoopCard,
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const { key, kind } of fieldsOf(action, card)) {
    const value = values[key]?.trim()
    if (kind !== 'photos' && value) out[key] = value
  }
  if (action === 'list' && publishes(card)) out.publish = true
  return out
}

/** Fields that must be filled and are not; the database asks again. */
export function unfilled(fields: readonly Field[], values: Readonly<Record<string, string>>): string[] {
  return fields.filter(({ key, must }) => must && !values[key]?.trim()).map(({ key }) => key)
}

/** The day in China of an ISO time, as a date field takes it; '' for none. */
export function dayOf(iso: string | null): string {
  if (!iso) return ''
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(iso))
}

/** Photos of the report, and those that came with the last submission. */
export function beforeAfter(card: LoopCard, events: readonly LoopEvent[]): { before: string[]; after: string[] } {
  const last = events.filter((event) => event.action === 'submit').at(-1)
  return { before: card.photos, after: last?.photos ?? [] }
}

/** A category that somebody may choose. */
export interface CategoryChoice {
  id: number
  name: string
  retired: boolean
}

/** Those in use, and the one that the hazard has. */
export const categoryChoices = (all: readonly CategoryChoice[], card: LoopCard): { id: number; name: string }[] => {
  const used = all.filter(({ retired }) => !retired)
  const own = card.category
  return own && !used.some(({ id }) => id === own.id) ? [own, ...used] : used
}
