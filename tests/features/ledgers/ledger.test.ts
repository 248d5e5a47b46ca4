import { describe, expect, it } from 'vitest'
import { cellText, exportTable, moment } from '../../../src/features/ledgers/cells'
import {
  COLUMNS,
  type HazardRow,
  type LedgerFilter,
  readQuery,
  rpcFilter,
  STATES,
  writeQuery,
} from '../../../src/features/ledgers/ledger'
import messages from '../../../src/features/ledgers/messages'

const word = (key: string): string =>
  key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], messages['zh-CN']) as string

describe('the filter of a ledger', () => {
  it('reads back from its own link', () => {
    const filters: LedgerFilter[] = [
      {},
      { grid: '120119106', severity: 'major', overdue: true },
      { sector: [3, 7], status: ['reported', 'submitted'], from: '2026-01-01', to: '2026-03-31', q: '报警器' },
      { status: [...STATES] },
      { unclaimed: true },
    ]
    for (const filter of filters) expect(readQuery('hazards', writeQuery('hazards', filter))).toEqual(filter)
    expect(readQuery('enterprises', { level: '1,2' })).toEqual({ level: [1, 2] })
    expect(writeQuery('hazards', { status: [...STATES] })).toEqual({ status: 'all' })
  })

  it('leaves out what it cannot understand instead of guessing', () => {
    expect(
      readQuery('hazards', {
        sector: 'x,-1,2.5',
        severity: 'huge',
        status: 'gone',
        from: '1.1.2026',
        overdue: 'yes',
        q: '  ',
        level: '1',
      }),
    ).toEqual({})
    expect(readQuery('enterprises', { level: ['1', '9'], severity: 'major', overdue: 'true' })).toEqual({ level: [1] })
  })

  it('names the grid by its id towards the database', () => {
    expect(rpcFilter({ grid: '120119106', overdue: true }, 7)).toEqual({ grid: 7, overdue: true })
    expect(rpcFilter({ grid: 'gone' }, null)).toEqual({})
  })
})

describe('cells', () => {
  const row: HazardRow = {
    id: 'h',
    code: 'YH-20261120-0001',
    title: '=HYPERLINK("x")',
    severity: 'major',
    state: 'submitted',
    source: 'patrol',
    sector: '工贸',
    enterprise: null,
    grid: null,
    found_at: '2026-11-20T16:30:00+00:00',
    due_at: null,
    closed_at: null,
    overdue: true,
  }

  it('say times in Beijing time and codes in words', () => {
    expect(moment('2026-11-20T16:30:00Z')).toBe('2026-11-21 00:30')
    expect(moment(null)).toBe('')
    expect(moment('nonsense')).toBe('')
    expect(cellText('hazards', row, 'state', word)).toBe('待复查')
    expect(cellText('hazards', row, 'grid', word)).toBe('未落入任何网格')
    expect(cellText('hazards', row, 'title', word)).toBe('=HYPERLINK("x")')
  })

  it('have words for every column and state in both languages', () => {
    for (const words of Object.values(messages)) {
      for (const kind of ['enterprises', 'hazards'] as const)
        for (const { key } of COLUMNS[kind]) expect(words.ledgers.column, key).toHaveProperty(key)
      for (const state of STATES) expect(words.ledgers.state).toHaveProperty(state)
    }
  })

  it('export one line a row, in the order of the columns', () => {
    const table = exportTable('hazards', COLUMNS.hazards, [row, row], word)
    expect(table.columns.map((c) => c.title).slice(0, 3)).toEqual(['编码', '隐患', '级别'])
    expect(table.rows).toHaveLength(2)
    expect(table.rows[0]).toEqual([
      'YH-20261120-0001',
      '=HYPERLINK("x")',
      '重大',
      '待复查',
      '',
      '未落入任何网格',
      '工贸',
      '2026-11-21 00:30',
      '',
      '巡查',
      '',
      '是',
    ])
  })
})
