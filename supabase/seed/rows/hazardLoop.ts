import { between, normal, pick, type Random, weighted } from '../random.ts'
import type { Crew } from './people.ts'
import { personName } from './words.ts'

/** The steps of one hazard: times in milliseconds since 1970, never in another order than the loop's. */
export interface Loop {
  state: 'reported' | 'verified' | 'assigned' | 'rectifying' | 'submitted' | 'closed' | 'rejected'
  found_at: number
  reported_by: string
  verified_by: string | null
  verified_at: number | null
  assigned_to: string | null
  assigned_by: string | null
  assigned_at: number | null
  rectifier: string | null
  submitted_at: number | null
  reviewer: string | null
  closed_at: number | null
  due_at: number | null
  assurance_person: string | null
  assurance_funds: number | null
  assurance_measures: string | null
  /** Milliseconds; stored as a date. */
  assurance_deadline: number | null
  assurance_plan: string | null
  funds_spent: number | null
  listed_level: 'county' | 'province' | null
  listed_at: number | null
  delisted_at: number | null
  version: number
}

export interface Circumstances {
  found: number
  now: number
  major: boolean
  /** 1 = ordinary; larger: slower, and more is left lying. */
  slow: number
  title: string
  village: Crew
  township: Crew
  /** Who rectifies when the enterprise has an account. */
  owner: string | null
  dutyId: string
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * reported → verified → assigned → rectifying → submitted → closed, or rejected: each step some time after the one
 * before, and only those that lie before `now` have happened. Who reviews is never who rectified. A major hazard
 * stays `assigned` until it has its five assurances.
 */
export function runLoop(next: Random, c: Circumstances): Loop {
  const loop = empty(c.found, reporter(next, c))
  const verified = c.found + between(next, 1, 40) * HOUR
  if (verified >= c.now) return loop
  const [head, deputy] = [c.township.leader!, c.township.deputy!]
  loop.version++
  loop.verified_by = deputy.id
  loop.verified_at = verified
  if (!c.major && next() < 0.028) return { ...loop, state: 'rejected' }
  loop.state = 'verified'

  const assigned = verified + between(next, 1, 36) * HOUR
  if (assigned >= c.now) return loop
  // an ordinary one is the village's members' to see to as often as its leader's
  const [leader, member] = [c.village.leader?.id, c.village.members[0]?.id]
  const hands = !c.major && Math.floor(c.found / HOUR) % 2 ? (member ?? leader) : (leader ?? member)
  const rectifier = c.owner ?? hands ?? c.township.members[0]!.id
  const term = (c.major ? pick(next, [120, 180, 240]) : pick(next, [15, 30, 30, 60, 90])) * DAY
  Object.assign(loop, { state: 'assigned', version: loop.version + 1, assigned_at: assigned, assigned_by: head.id })
  Object.assign(loop, { assigned_to: rectifier, due_at: endOfDay(assigned + term) })

  let start = assigned + between(next, 2, 30) * HOUR
  if (c.major) {
    // most find person, funds and plan within weeks; some drag on
    const assured = assigned + (next() < 0.3 ? between(next, 30, 110) : between(next, 1, 24)) * DAY
    if (assured >= c.now) return loop
    assure(next, loop, c.title, c.slow)
    start = Math.max(start, assured)
    list(next, loop, assured)
  }
  if (start >= c.now) return loop
  Object.assign(loop, { state: 'rectifying', version: loop.version + 1, rectifier })

  // some is done early, most in time, a few long after; what is slow is slower where much is wrong
  const late = next() < 0.12 * c.slow
  const share = late ? 1.1 + next() * (c.major ? 0.7 : 3) : Math.min(1, Math.max(0.1, 0.7 + normal(next) * 0.25))
  const submitted = Math.max(start + 3 * HOUR, assigned + term * share)
  if (submitted >= c.now) return loop
  Object.assign(loop, { state: 'submitted', version: loop.version + 1, submitted_at: submitted })
  loop.funds_spent = c.major ? thousands(next, 20, 420) : next() < 0.5 ? null : between(next, 2, 60) * 100

  const closed = submitted + between(next, 4, c.major ? 160 : 90) * HOUR
  if (closed >= c.now) return loop
  const reviewers = [deputy, ...c.township.members, ...(c.major ? [head] : [])].filter((p) => p.id !== rectifier)
  Object.assign(loop, {
    state: 'closed',
    version: loop.version + 1,
    closed_at: closed,
    reviewer: pick(next, reviewers).id,
  })
  if (loop.listed_at !== null) loop.delisted_at = closed
  return loop
}

function empty(found: number, reported_by: string): Loop {
  return {
    state: 'reported',
    found_at: found,
    reported_by,
    version: 1,
    verified_by: null,
    verified_at: null,
    assigned_to: null,
    assigned_by: null,
    assigned_at: null,
    rectifier: null,
    submitted_at: null,
    reviewer: null,
    closed_at: null,
    due_at: null,
    assurance_person: null,
    assurance_funds: null,
    assurance_measures: null,
    assurance_deadline: null,
    assurance_plan: null,
    funds_spent: null,
    listed_level: null,
    listed_at: null,
    delisted_at: null,
  }
}

function reporter(next: Random, c: Circumstances): string {
  const crew = [
    ...c.village.members,
    ...c.village.members,
    ...(c.village.leader ? [c.village.leader] : []),
    ...c.township.members,
  ]
  return next() < 0.04 ? c.dutyId : pick(next, crew).id
}

/** 五落实. */
function assure(next: Random, loop: Loop, title: string, slow: number): void {
  loop.assurance_person = personName(next)
  loop.assurance_funds = thousands(next, 30, 500)
  loop.assurance_measures = `停用相关部位并设警戒；委托有资质单位制定整改方案；专人盯守至“${title}”消除。`
  loop.assurance_deadline = loop.due_at
  loop.assurance_plan = `现场处置预案已演练，${slow > 1.5 ? '每日两次' : '每日一次'}巡查并报告。`
}

/** 挂牌督办. */
function list(next: Random, loop: Loop, at: number): void {
  const level = weighted(next, [
    ['none', 58],
    ['county', 37],
    ['province', 5],
  ] as const)
  if (level === 'none') return
  loop.listed_level = level
  loop.listed_at = at
}

function thousands(next: Random, from: number, to: number): number {
  return between(next, from, to) * 1_000
}

/** 23:59 of that day in the county (UTC+8). */
function endOfDay(time: number): number {
  return Math.floor((time + 8 * HOUR) / DAY) * DAY + DAY - 8 * HOUR - 60_000
}
