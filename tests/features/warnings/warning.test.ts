import { describe, expect, it } from 'vitest'
import { warningTable } from '../../../src/features/warnings/exportWarnings'
import messages from '../../../src/features/warnings/messages'
import {
  ago,
  askOf,
  formatFilter,
  KINDS,
  nextStep,
  parseFilter,
  recordLink,
  tilesOf,
  type WarningFilter,
  type WarningRow,
} from '../../../src/features/warnings/warning'

const ID = '5afe0000-0000-4000-8000-000000000002'
const row: WarningRow = {
  id: ID,
  kind: 'index_up',
  level: 2,
  raised_at: '2026-11-22T01:05:00Z',
  grid: { id: 9, code: '120119106', name: '别山镇' },
  place: ['别山镇'],
  sector: null,
  enterprise: null,
  reason: '别山镇风险指数 7 天内由 48.2 升至 66.9（+18.7）',
  figures: { before: 48.23, after: 66.91, rise: 18.68 },
  records: [{ kind: 'hazard', id: ID }],
  owner: { user_id: ID, name: '孟宪国', phone: '13900000036', position: 'leader', grid: '别山镇' },
  department: null,
  state: 'open',
  cause_gone_at: null,
  acknowledged_at: null,
  acknowledged_by: null,
  settled_at: null,
  settled_by: null,
  note: null,
  row_version: 1,
  steps: ['acknowledge', 'handle', 'false_alarm'],
}

describe('the link', () => {
  it('is the filter, there and back', () => {
    const filters: WarningFilter[] = [
      { state: 'open' },
      { state: 'all', grid: '120119106', kind: 'repeats', level: 1 },
      { state: 'handled', sector: '危险化学品', owner: 'me', from: '2026-11-01', to: '2026-11-22' },
      { state: 'false_alarm', enterprise: ID, open: ID, rules: true },
    ]
    for (const filter of filters) expect(parseFilter(formatFilter(filter))).toEqual(filter)
    expect(formatFilter({ state: 'open' })).toEqual({})
  })

  it('leaves out what it cannot read', () => {
    expect(
      parseFilter({
        state: 'gone',
        kind: 'x',
        level: '7',
        owner: 'you',
        from: '昨天',
        to: ['2026-01-01'],
        open: '1',
        enterprise: "'",
        grid: '',
        sector: 'x'.repeat(61),
        rules: 'true',
      }),
    ).toEqual({ state: 'open' })
  })

  it('asks for conditions, not for what is open', () => {
    expect(askOf({ state: 'all', grid: '1', open: ID, rules: true })).toEqual({ state: 'all', grid: '1' })
  })
})

describe('a warning', () => {
  it('has one next step: seen, then settled', () => {
    expect(nextStep(row)).toBe('acknowledge')
    expect(nextStep({ steps: ['handle', 'false_alarm'] })).toBe('handle')
    expect(nextStep({ steps: ['reopen'] })).toBe('reopen')
    expect(nextStep({ steps: [] })).toBeNull()
  })

  it('shows the figures it has, rounded to what is read', () => {
    expect(tilesOf(row)).toEqual([
      { key: 'before', value: '48.2' },
      { key: 'after', value: '66.9' },
      { key: 'rise', value: '+18.7' },
    ])
    // the last day of a term in China is the day before in Greenwich
    expect(tilesOf({ kind: 'overdue_major', figures: { days: 3, due_at: '2026-11-18T15:59:00+00:00' } })).toEqual([
      { key: 'overdueDays', value: '3' },
      { key: 'due', value: '2026-11-18' },
    ])
    expect(tilesOf({ kind: 'unpatrolled', figures: { periods: 2, last: null } })).toEqual([
      { key: 'periods', value: '2' },
    ])
    for (const kind of KINDS) expect(tilesOf({ kind, figures: {} })).toEqual([])
  })

  it('leads to its records, where they have a page', () => {
    expect(recordLink({ kind: 'hazard', id: ID })).toEqual({ path: `/hazards/${ID}` })
    expect(recordLink({ kind: 'enterprise', id: ID })).toEqual({ path: `/enterprises/${ID}` })
    expect(recordLink({ kind: 'accident', id: ID })).toEqual({ path: '/accidents', query: { open: ID } })
    expect(recordLink({ kind: 'duty', id: '1:9:2026-11-16:1' })).toBeNull()
  })

  it('says how long ago, in whole units', () => {
    const now = Date.parse('2026-11-22T12:00:00Z')
    const at = (minutes: number) => ago(new Date(now - minutes * 60_000).toISOString(), now)
    expect([at(0), at(59), at(60), at(1_439), at(1_440)]).toEqual([
      { key: 'now', n: 0 },
      { key: 'minutes', n: 59 },
      { key: 'hours', n: 1 },
      { key: 'hours', n: 23 },
      { key: 'days', n: 1 },
    ])
    // a clock that is ahead
    expect(at(-5)).toEqual({ key: 'now', n: 0 })
  })

  it('has words for everything that is shown', () => {
    const words = (path: string) =>
      path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], messages['zh-CN'].warnings)
    for (const kind of KINDS) {
      expect(words(`kind.${kind}`)).toBeTypeOf('string')
      expect(words(`rules.means.${kind}`)).toBeTypeOf('string')
    }
    for (const tile of KINDS.flatMap((kind) =>
      tilesOf({
        kind,
        figures: {
          before: 1,
          after: 1,
          rise: 1,
          mean: 1,
          above: 1,
          days: 1,
          due_at: '2026-01-01',
          times: 1,
          open: 1,
          periods: 1,
          last: '2026-01-01',
          licences: 1,
          expired: '2026-01-01',
        },
      }),
    ))
      expect(words(`figure.${tile.key}`), tile.key).toBeTypeOf('string')
  })
})

it('an export has every warning, its people and what was done', () => {
  const t = (key: string) => key
  const done: WarningRow = {
    ...row,
    state: 'handled',
    acknowledged_by: '方敏',
    acknowledged_at: '2026-11-22T01:10:00Z',
    settled_by: '孟宪国',
    settled_at: '2026-11-22T02:00:00Z',
    note: '已约谈',
  }
  const { columns, rows } = warningTable([row, done], t)
  expect(rows).toHaveLength(2)
  for (const line of rows) expect(line).toHaveLength(columns.length)
  expect(rows[0]).toContain('2026-11-22 09:05')
  expect(rows[1]).toEqual(
    expect.arrayContaining(['方敏 2026-11-22 09:10', '孟宪国 2026-11-22 10:00', '已约谈', '13900000036', 1]),
  )
})
