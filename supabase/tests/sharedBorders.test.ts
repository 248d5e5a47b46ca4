import type { Polygon, Position } from 'geojson'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationCodes } from './answers.ts'
import { type County, openEmpty } from './fixtures.ts'
import { type Trial, trial } from './trial.ts'

// An edit on shared borders is accepted by a proof on the changed outlines alone. Here the proof meets random edits, right
// and wrong ones, and overlays of everything, which it does without, are the judge.
const N = 4
let c: County
let ids: number[]
beforeAll(async () => {
  c = await openEmpty()
  const answer = await c.call<{ status: string; grids: { id: number; code: string }[] }>(
    'admin',
    'commit_grid_boundaries',
    {
      p_changes: [
        { code: 'P', name: '区', boundary: outline() },
        ...cells(start()).map((boundary, k) => ({ code: `C${k}`, name: `村${k}`, parent_code: 'P', boundary })),
      ],
    },
  )
  expect(answer.status).toBe('committed')
  ids = answer.grids.slice(1).map((grid) => grid.id)
})
afterAll(() => c.db.close())

type Nodes = Position[][]
const round = (x: number) => Math.round(x * 1e7) / 1e7
const start = (): Nodes =>
  Array.from({ length: N + 1 }, (_, i) =>
    Array.from({ length: N + 1 }, (_, j) => [round(117 + i * 0.01), round(40 + j * 0.01)]),
  )

const polygon = (ring: Position[]): Polygon => ({ type: 'Polygon', coordinates: [[...ring, ring[0]!]] })
function cells(nodes: Nodes): Polygon[] {
  return Array.from({ length: N * N }, (_, k) => {
    const [i, j] = [k % N, Math.floor(k / N)]
    return polygon([nodes[i]![j]!, nodes[i + 1]![j]!, nodes[i + 1]![j + 1]!, nodes[i]![j + 1]!])
  })
}
function outline(): Polygon {
  const at = start()
  const all = Array.from({ length: N }, (_, k) => k)
  return polygon([
    ...all.map((k) => at[k]![0]!),
    ...all.map((k) => at[N]![k]!),
    ...all.map((k) => at[N - k]![N]!),
    ...all.map((k) => at[0]![N - k]!),
  ])
}

let seed = 11
const random = () => {
  seed = (seed * 48271) % 2147483647
  return seed / 2147483647
}
const pick = (n: number) => Math.floor(random() * n)

/** Square degrees: in common between siblings, outside of the parent, covered by none. */
async function disorder(t: Trial): Promise<{ common: number; outside: number; gap: number }> {
  const [found] = await t.rows<{ common: number; outside: number; gap: number }>(`
    select (select coalesce(sum(extensions.ST_Area(extensions.ST_Intersection(a.boundary, b.boundary))), 0)
        from public.grids a join public.grids b on b.parent_id = a.parent_id and b.id > a.id
        where a.retired_at is null and b.retired_at is null) as common,
      (select coalesce(sum(extensions.ST_Area(extensions.ST_Difference(k.boundary, p.boundary))), 0)
        from public.grids k join public.grids p on p.id = k.parent_id where k.retired_at is null) as outside,
      (select extensions.ST_Area(extensions.ST_Difference(p.boundary, (
          select extensions.ST_Union(k.boundary) from public.grids k where k.parent_id = p.id and k.retired_at is null)))
        from public.grids p where p.parent_id is null) as gap`)
  return found!
}

/** Moves an inner node; `whole`: in every cell that has it, else in one of them. */
function move(nodes: Nodes, whole: boolean): { k: number; boundary: Polygon }[] {
  const [i, j] = [1 + pick(N - 1), 1 + pick(N - 1)]
  const next = structuredClone(nodes)
  next[i]![j] = [round(117 + i * 0.01 + (random() - 0.5) * 0.012), round(40 + j * 0.01 + (random() - 0.5) * 0.012)]
  const touched = [0, 1, 2, 3].map((q) => i - 1 + (q % 2) + (j - 1 + (q >> 1)) * N)
  const changed = cells(next)
  const some = whole ? touched : [touched[pick(4)]!]
  return some.map((k) => ({ k, boundary: changed[k]! }))
}

test('every edit that is accepted leaves order behind, and every shared one is accepted', async () => {
  let accepted = 0
  let refused = 0
  for (let round = 0; round < 60; round++) {
    const whole = random() < 0.5
    const edits = move(start(), whole)
    await trial(c, async (t) => {
      const answer = await t.commit(edits.map(({ k, boundary }) => ({ id: ids[k], version: 1, boundary })))
      const found = await disorder(t)
      expect(found.common).toBeLessThan(1e-12)
      expect(found.outside).toBeLessThan(1e-12)
      if (answer.status === 'committed') {
        accepted++
        // square metres of about 94.3 km × 111 km a square degree, at 40° north
        const gap = answer.gaps.features.reduce((sum, f) => sum + f.properties.area_m2, 0)
        expect(gap / 9.48e9).toBeCloseTo(found.gap, 8)
        if (whole) expect(answer.gaps.features).toEqual([])
      } else {
        refused++
        expect(whole).toBe(false)
        expect(new Set(violationCodes(answer))).toEqual(new Set(['OVERLAP']))
      }
    })
  }
  expect(accepted).toBeGreaterThan(20)
  expect(refused).toBeGreaterThan(5)
})

test('cells that change places are accepted; one twice in the same place is not', async () => {
  const at = cells(start())
  await trial(c, async (t) => {
    const answer = await t.commit([
      { id: ids[5], version: 1, boundary: at[6] },
      { id: ids[6], version: 1, boundary: at[5] },
    ])
    expect(answer.status).toBe('committed')
    expect(await disorder(t)).toMatchObject({ common: 0, outside: 0 })
  })
  await trial(c, async (t) => {
    const twice = await t.commit([{ id: ids[5], version: 1, boundary: at[6] }])
    expect(violationCodes(twice)).toEqual(['OVERLAP'])
  })
})

test('split, merge and hand over: the same ground among other cells', async () => {
  const nodes = start()
  const [i, j] = [1, 1]
  const [a, b, d, e] = [nodes[i]![j]!, nodes[i + 1]![j]!, nodes[i + 1]![j + 1]!, nodes[i]![j + 1]!]
  await trial(c, async (t) => {
    const split = await t.commit([
      { id: ids[5], version: 1, boundary: polygon([a, b, d]) },
      { code: 'NEW', name: '新', parent_code: 'P', boundary: polygon([a, d, e]) },
    ])
    expect(split.status).toBe('committed')
    expect(split.gaps.features).toEqual([])
    const merged = await t.commit([
      { id: split.grids[1]!.id, version: 1, retire: true },
      { id: ids[5], version: 2, boundary: polygon([a, b, d, e]) },
    ])
    expect(merged.status).toBe('committed')
    const found = await disorder(t)
    expect(found.common + found.outside + found.gap).toBeLessThan(1e-12)
  })
})

test('what lay in a gap before still does: the edit beside it neither hides nor repeats it', async () => {
  const at = cells(start())
  await trial(c, async (t) => {
    const opened = await t.commit([{ id: ids[10], version: 1, retire: true }])
    expect(opened.gaps.features).toHaveLength(1)
    const nodes = start()
    nodes[1]![1] = [117.012, 40.011]
    const beside = await t.commit([0, 1, 4, 5].map((k) => ({ id: ids[k], version: 1, boundary: cells(nodes)[k] })))
    expect(beside.status).toBe('committed')
    expect(beside.gaps.features).toEqual([])
    const filled = await t.commit([{ code: 'FILL', name: '补', parent_code: 'P', boundary: at[10] }])
    expect(filled.status).toBe('committed')
    expect((await disorder(t)).gap).toBeLessThan(1e-12)
  })
})
