import { type County, one, type Person, people } from './fixtures.ts'

export const STATES = ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'] as const
export type State = (typeof STATES)[number]
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

/** What advance_hazard() answers. */
export interface Answer {
  status: 'ok' | 'rejected' | 'conflict'
  hazard: { id: string; state: State; version: number; steps: Action[] } | null
  reasons: { field: string | null; code: string; message: string }[]
}

export interface HazardRow {
  state: State
  version: number
  severity: string
  sector_id: number
  assigned_to: string | null
  assigned_by: string | null
  rectifier: string | null
  reviewer: string | null
  closed_at: unknown
  submitted_at: unknown
  due_at: unknown
  listed_level: string | null
  listed_at: unknown
  published_at: unknown
  delisted_at: unknown
  extension_until: unknown
  escalated_to: number | null
  assurance_person: string | null
}

interface Circumstances {
  severity?: 'general' | 'major'
  to?: string
  due?: string
  listed?: boolean
  lon?: number
}

export type Loop = ReturnType<typeof makeLoop>

/** Hands that report a hazard of enterprise a in v11 and take it through its steps. */
export function makeLoop(c: County) {
  const five = () => ({
    assurance_person: '责任人',
    assurance_funds: 50_000.5,
    assurance_measures: '停用并更换',
    assurance_deadline: '2999-01-01',
    assurance_plan: '现场预案',
  })
  /** What a step needs at least, so that only right and state decide. */
  const fields: Record<Action, object> = {
    verify: {},
    reject: { note: '不属实' },
    assign: { to: people.village },
    start: five(),
    submit: { note: '已整改' },
    pass: { note: '合格' },
    return: { note: '仍有渗漏' },
    reopen: { note: '又出现' },
    list: {},
    delist: { note: '已完成' },
    extend: { until: '2999-01-01', note: '设备未到货' },
  }
  const day = async (days: number) =>
    (await one<{ day: string }>(c.db, 'select (private.today() + $1::int)::text as day', [days])).day
  const complete = async (action: Action, given?: object): Promise<object> => {
    const all: Record<string, unknown> = { ...(given ?? fields[action]) }
    if (all.assurance_deadline === '2999-01-01') all.assurance_deadline = await day(5)
    if (all.until === '2999-01-01') all.until = await day(150)
    return all
  }
  const read = (id: string) => one<HazardRow>(c.db, 'select * from public.hazards where id = $1', [id])
  const step = async (
    who: Person | 'anon' | 'service_role',
    id: string,
    version: number | null,
    action: Action,
    given?: object,
  ) =>
    c.call<Answer>(who, 'advance_hazard', {
      p_hazard: id,
      p_version: version,
      p_action: action,
      p_fields: typeof given === 'string' ? given : await complete(action, given),
    })
  const must = async (who: Person, id: string, action: Action, given?: object) => {
    const answer = await step(who, id, (await read(id)).version, action, given)
    if (answer.status !== 'ok') throw new Error(`${who} ${action}: ${JSON.stringify(answer.reasons)}`)
    return answer
  }
  const bring = async (
    state: State,
    { severity = 'general', to = people.village, due, listed, lon = 117.05 }: Circumstances,
  ) => {
    const answer = await c.call<{ hazard: { id: string } }>('member', 'report_hazard', {
      p_hazard: {
        client_id: crypto.randomUUID(),
        title: '储罐渗漏',
        lon,
        lat: 40.15,
        sector: 'whp',
        severity,
        enterprise_id: '00000000-0000-4000-8000-000000000021',
      },
    })
    const { id } = answer.hazard
    if (state === 'reported') return { id }
    await must('town', id, state === 'rejected' ? 'reject' : 'verify')
    if (state === 'verified' || state === 'rejected') return { id }
    await must('town', id, 'assign', { to, due })
    if (listed && severity === 'major') {
      await must('leader', id, 'list')
      await must('leader', id, 'list', { publish: true })
    }
    if (state === 'assigned') return { id }
    await must('village', id, 'start')
    if (state === 'rectifying') return { id }
    await must('village', id, 'submit')
    if (state === 'submitted') return { id }
    await must('town', id, 'pass')
    return { id }
  }
  const undo = new Error('taken back')
  /** A step that is taken back whatever became of it. */
  const attempt = async (who: Person, id: string, version: number, action: Action, given?: object): Promise<Answer> => {
    const all = await complete(action, given)
    let answer: Answer | undefined
    await c
      .as(who)
      .transaction(async (session) => {
        const { rows } = await session.query<{ value: Answer }>(
          'select public.advance_hazard(p_hazard => $1, p_version => $2, p_action => $3, p_fields => $4) as value',
          [id, version, action, JSON.stringify(all)],
        )
        answer = rows[0]!.value
        throw undo
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error
      })
    return answer!
  }
  return {
    five,
    day,
    read,
    step,
    must,
    bring,
    attempt,
    verify: (id: string) =>
      c.call<{ status: string; intact: boolean; events: number; faults: { seq: number; code: string }[] }>(
        'admin',
        'verify_history',
        {
          p_hazard: id,
        },
      ),
    dueDay: async (id: string) =>
      (
        await one<{ day: string }>(
          c.db,
          `select (due_at at time zone 'Asia/Shanghai')::date::text as day from public.hazards where id = $1`,
          [id],
        )
      ).day,
  }
}
