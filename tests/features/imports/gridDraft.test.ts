import { describe, expect, it } from 'vitest'
import {
  draftGrids,
  type ExistingGrid,
  parentByPrefix,
  sendable,
  toChanges,
} from '../../../src/features/imports/gridDraft'
import { guessGridColumns, guessParents } from '../../../src/features/imports/gridGuess'
import { type GridOptions, startSession } from '../../../src/features/imports/importSession'
import { readGridFile } from '../../../src/files/readGridFile'
import { collection, squareGrid } from '../../files/make/geojson'

const COLUMNS = { code: 'code', name: 'name' }
const options = (change: Partial<GridOptions> = {}): GridOptions => ({ ...startSession().grids, ...change })
const existing = (code: string, id: number, parent_id: number | null, version = 1): ExistingGrid => ({
  id,
  code,
  name: `旧${code}`,
  level: parent_id === null ? 1 : 2,
  kind: 'area',
  parent_id,
  version,
})
const read = (...features: unknown[]) => readGridFile('grids.geojson', collection(features))
const grid = (code: string, name: string, more: Record<string, unknown> = {}, x = 117) => {
  const feature = squareGrid(code, name, x, 40)
  return { ...feature, properties: { ...feature.properties, ...more } }
}
const whys = (drafts: ReturnType<typeof draftGrids>) =>
  drafts.map((draft) => draft.problems.map((p) => p.why ?? p.code))

describe('drafts of grids', () => {
  it('find their parents by the longest code that begins theirs, in the file or in the county', async () => {
    expect(parentByPrefix('120119106001', new Set(['120119', '120119106', '120119107']))).toBe('120119106')
    expect(parentByPrefix('120119', new Set(['120119']))).toBeNull()
    const file = await read(grid('120119', '蓟州区'), grid('120119106', '别山镇'), grid('120119106001', '一村'))
    const drafts = draftGrids(file, COLUMNS, options(), [])
    expect(drafts.map((draft) => draft.parentCode)).toEqual([null, '120119', '120119106'])
    expect(whys(drafts)).toEqual([[], [], []])
    expect(toChanges(drafts, []).map(({ code, parent_id, parent_code }) => ({ code, parent_id, parent_code }))).toEqual(
      [
        { code: '120119', parent_id: null, parent_code: undefined },
        { code: '120119106', parent_id: undefined, parent_code: '120119' },
        { code: '120119106001', parent_id: undefined, parent_code: '120119106' },
      ],
    )
  })

  it('say which rows carry the same code, and where the other one is', async () => {
    const drafts = draftGrids(await read(grid('A', '甲'), grid('B', '乙'), grid('A', '丙')), COLUMNS, options(), [])
    expect(drafts[0]!.problems).toContainEqual(
      expect.objectContaining({ code: 'DUPLICATE_CODE', params: { value: 'A', row: 3 } }),
    )
    expect(drafts[2]!.problems).toContainEqual(
      expect.objectContaining({ code: 'DUPLICATE_CODE', params: { value: 'A', row: 1 } }),
    )
    expect(drafts[1]!.problems.some((problem) => problem.code === 'DUPLICATE_CODE')).toBe(false)
  })

  it('name a parent that is nowhere', async () => {
    const drafts = draftGrids(
      await read(grid('V1', '一村', { up: 'T9' })),
      { ...COLUMNS, parent: 'up' },
      options({ parentMode: 'column' }),
      [existing('T1', 1, null)],
    )
    expect(whys(drafts)).toEqual([['parentUnknown']])
    expect(drafts[0]!.problems[0]!.params).toEqual({ value: 'T9' })
  })

  it('allow one root in an empty county, none beside another, and no two', async () => {
    const two = await read(grid('A', '甲'), grid('B', '乙'))
    expect(whys(draftGrids(two, COLUMNS, options({ parentMode: 'root' }), []))).toEqual([
      ['severalRoots'],
      ['severalRoots'],
    ])
    const one = await read(grid('A', '甲'))
    expect(whys(draftGrids(one, COLUMNS, options({ parentMode: 'root' }), []))).toEqual([[]])
    expect(whys(draftGrids(one, COLUMNS, options({ parentMode: 'root' }), [existing('R', 1, null)]))).toEqual([
      ['parentMissing'],
    ])
  })

  it('reshape a code that exists with its version, or refuse it, as the person says', async () => {
    const file = await read(grid('T1', '新名'))
    const county = [existing('R', 1, null), existing('T1', 5, 1, 7)]
    const [change] = toChanges(draftGrids(file, COLUMNS, options(), county), county)
    expect(change).toMatchObject({ id: 5, version: 7, parent_id: 1, name: '新名' })
    expect(whys(draftGrids(file, COLUMNS, options({ existing: 'reject' }), county))).toEqual([['exists']])
    // A guess about the parent does not move it, a column that names another one does.
    expect(change!.parent_id).toBe(1)
    const moved = await read(grid('T1', '新名', { up: 'T2' }))
    const more = [...county, existing('T2', 6, 1)]
    const byColumn = draftGrids(moved, { ...COLUMNS, parent: 'up' }, options({ parentMode: 'column' }), more)
    expect(toChanges(byColumn, more)[0]).toMatchObject({ id: 5, parent_id: 6 })
  })

  it('keep what the reader left out as wrong rows in their place', async () => {
    const point = {
      type: 'Feature',
      properties: { code: 'P', name: '点' },
      geometry: { type: 'Point', coordinates: [117, 40] },
    }
    const drafts = draftGrids(await read(grid('A', '甲'), point, grid('AB', '乙')), COLUMNS, options(), [])
    expect(drafts.map((draft) => draft.index)).toEqual([0, 1, 2])
    expect(drafts[1]!.boundary).toBeNull()
    expect(drafts[1]!.problems[0]).toMatchObject({ code: 'NOT_A_POLYGON', severity: 'error' })
    expect(sendable(drafts, new Set()).map((draft) => draft.code)).toEqual(['A', 'AB'])
  })

  it('leave out what stands below a wrong or excluded grid of the same file, but not below one that exists', async () => {
    const file = await read(grid('1', ''), grid('11', '镇'), grid('111', '村'))
    const drafts = draftGrids(file, COLUMNS, options(), [])
    expect(sendable(drafts, new Set())).toEqual([])
    const county = [existing('1', 1, null)]
    expect(sendable(draftGrids(file, COLUMNS, options(), county), new Set()).map((d) => d.code)).toEqual(['11', '111'])
    expect(sendable(draftGrids(file, COLUMNS, options(), county), new Set([1])).map((d) => d.code)).toEqual([])
  })

  it('notice parents that run in a circle', async () => {
    const file = await read(grid('A', '甲', { up: 'B' }), grid('B', '乙', { up: 'A' }))
    const drafts = draftGrids(file, { ...COLUMNS, parent: 'up' }, options({ parentMode: 'column' }), [])
    expect(whys(drafts)).toEqual([['circle'], ['circle']])
  })

  it('say what is no code, and take full width for what it is', async () => {
    const file = await read(grid('别山 1!', '甲'), grid('１２０－１', '乙'))
    const drafts = draftGrids(file, COLUMNS, options(), [])
    expect(whys(drafts)[0]).toContain('badCode')
    expect(whys(drafts)[1]).not.toContain('badCode')
    expect(drafts[1]!.code).toBe('120-1')
  })

  it('read population and kind, and say what is no number and no kind', async () => {
    const file = await read(
      grid('A', '甲', { rk: '1,200', lx: '单位' }),
      grid('AB', '乙', { rk: '约三百', lx: '园区' }),
    )
    const drafts = draftGrids(file, { ...COLUMNS, population: 'rk', kind: 'lx' }, options(), [])
    expect(drafts[0]).toMatchObject({ population: 1200, kind: 'unit' })
    expect(whys(drafts)[1]).toEqual(['badKind', 'badCount'])
  })
})

describe('guesses about a file of grids', () => {
  it.each([
    [['编码', '名称', '上级编码', '人口'], { code: '编码', name: '名称', parent: '上级编码', population: '人口' }],
    [['OBJECTID', 'XZQDM', 'XZQMC'], { code: 'XZQDM', name: 'XZQMC' }],
    [['ZLDWDM', 'ZLDWMC', 'SHAPE_Area'], { code: 'ZLDWDM', name: 'ZLDWMC' }],
    [
      ['code', 'name', 'parent_code', 'kind', 'population'],
      { code: 'code', name: 'name', parent: 'parent_code', kind: 'kind', population: 'population' },
    ],
    [['foo', 'bar'], {}],
  ])('columns of %j', (names, columns) => {
    expect(guessGridColumns(names)).toEqual(columns)
  })

  it('parents: by column, by prefix, as the root, or under the root there is', async () => {
    const tree = await read(grid('12', '县'), grid('1201', '镇'), grid('1202', '乡'))
    const loose = await read(grid('X', '甲'), grid('Y', '乙'))
    const one = await read(grid('X', '甲'))
    const county = [existing('R', 1, null)]
    expect(guessParents(tree, { ...COLUMNS, parent: 'up' }, county)).toEqual({ parentMode: 'column' })
    expect(guessParents(tree, COLUMNS, [])).toEqual({ parentMode: 'prefix' })
    expect(guessParents(one, COLUMNS, [])).toEqual({ parentMode: 'root' })
    expect(guessParents(loose, COLUMNS, county)).toEqual({ parentMode: 'under', under: 'R' })
  })
})
