import { describe, expect, it } from 'vitest'
import { cellText, exportTable, moment, tabbed } from '../../../src/features/ledgers/cells'
import { COLUMNS, moveColumn, readLayout, shownColumns } from '../../../src/features/ledgers/columns'
import {
  type HazardRow,
  type LedgerFilter,
  readQuery,
  rpcFilter,
  SORTS,
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
      { category: [0, 3, 12] },
      { source: ['patrol', 'public'], mine: true, listed: true, due_from: '2026-01-01', due_to: '2026-02-01' },
      { enterprise: '00000000-0000-4000-8000-000000000021', closed_from: '2026-01-01', acknowledged: false },
      { work: ['all'] },
      ...SORTS.flatMap((sort) => [{ sort }, ...(sort === 'found_at' ? [] : [{ sort: `-${sort}` }])]),
    ]
    for (const filter of filters) expect(readQuery('hazards', writeQuery('hazards', filter))).toEqual(filter)
    expect(readQuery('enterprises', { level: '1,2' })).toEqual({ level: [1, 2] })
    expect(writeQuery('hazards', { status: [...STATES] })).toEqual({ status: 'all' })
  })

  it('leaves out what it cannot understand instead of guessing', () => {
    expect(
      readQuery('hazards', {
        sector: 'x,-1,2.5',
        category: 'fire,-2,1.5',
        severity: 'huge',
        status: 'gone',
        from: '1.1.2026',
        overdue: 'yes',
        q: '  ',
        level: '1',
        source: 'rumour',
        enterprise: "x'; drop",
        due_from: 'soon',
        mine: '1',
        sort: 'colour',
        acknowledged: 'perhaps',
      }),
    ).toEqual({})
    expect(readQuery('enterprises', { level: ['1', '9'], severity: 'major', overdue: 'true' })).toEqual({ level: [1] })
  })

  it('names the grid by its id towards the database', () => {
    expect(rpcFilter({ grid: '120119106', overdue: true }, 7)).toEqual({ grid: 7, overdue: true })
    expect(rpcFilter({ grid: 'gone', sort: 'due_at' }, null)).toEqual({})
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
    category: '消防安全',
    enterprise: null,
    grid: null,
    found_at: '2026-11-20T16:30:00+00:00',
    due_at: null,
    closed_at: null,
    overdue: true,
    listed_level: null,
    version: 3,
  }

  it('say times in Beijing time and codes in words', () => {
    expect(moment('2026-11-20T16:30:00Z')).toBe('2026-11-21 00:30')
    expect(moment(null)).toBe('')
    expect(moment('nonsense')).toBe('')
    expect(cellText('hazards', row, 'state', word)).toBe('待复查')
    expect(cellText('hazards', row, 'grid', word)).toBe('未落入任何网格')
    expect(cellText('hazards', row, 'category', word)).toBe('消防安全')
    expect(cellText('hazards', { ...row, category: null }, 'category', word)).toBe('')
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
    const columns = shownColumns(
      'hazards',
      { columns: ['code', 'title', 'severity', 'category', 'overdue', 'found_at'] },
      'zh-CN',
    )
    const table = exportTable('hazards', columns, [row, row], word)
    expect(table.columns.map((c) => c.title)).toEqual(['编号', '隐患', '级别', '隐患类别', '逾期', '发现时间'])
    expect(table.rows).toEqual(
      [row, row].map(() => ['YH-20261120-0001', '=HYPERLINK("x")', '重大', '消防安全', '是', '2026-11-21 00:30']),
    )
  })

  it('go to the clipboard as a spreadsheet takes them', () => {
    const columns = shownColumns('hazards', { columns: ['code', 'title'] }, 'zh-CN')
    expect(tabbed('hazards', columns, [{ ...row, title: '一\t二\n三' }], word)).toBe(
      '编号\t隐患\nYH-20261120-0001\t一 二 三',
    )
  })
})

describe('columns', () => {
  it('are the usual ones until somebody chooses', () => {
    const usual = shownColumns('hazards', {}, 'zh-CN').map(({ key }) => key)
    expect(usual).toEqual(COLUMNS.hazards.filter(({ extra }) => !extra).map(({ key }) => key))
    expect(shownColumns('hazards', { columns: ['title', 'code'], widths: { title: 300 } }, 'zh-CN')).toMatchObject([
      { key: 'title', px: 300 },
      { key: 'code', px: 160 },
    ])
  })

  it('of a stranger are read with care', () => {
    expect(
      readLayout('hazards', {
        columns: ['code', 'code', 7, 'evil'],
        widths: { code: 1e9, evil: 3, title: 'x' },
        dense: 1,
      }),
    ).toEqual({
      columns: ['code'],
      widths: { code: 720 },
    })
    for (const nonsense of [null, 7, 'x', { columns: 'code' }, { columns: [] }])
      expect(readLayout('hazards', nonsense).columns).toBeUndefined()
  })

  it('move in front of another, or to the end', () => {
    expect(moveColumn(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b'])
    expect(moveColumn(['a', 'b', 'c'], 'a', null)).toEqual(['b', 'c', 'a'])
    expect(moveColumn(['a', 'b', 'c'], 'b', 'b')).toEqual(['a', 'b', 'c'])
  })
})
