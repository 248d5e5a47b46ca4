// Random hands on the tools, with the stores behind them and no map: whatever they do, what is wrong is listed, nothing
// is lost, and undo goes all the way back. SEED and RUNS in the environment go on for longer.
import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import type { Opened } from '../../../../src/features/boundaries/boundaryRpc'
import { useBoundaries } from '../../../../src/features/boundaries/boundaryStore'
import { degreesPerPixel, TOOLS, useDesk } from '../../../../src/features/boundaries/deskStore'
import { useFinishing } from '../../../../src/features/boundaries/finishing'
import { makeBench } from '../../../../src/features/boundaries/tools/bench'
import { besides, pick } from '../../../../src/features/boundaries/tools/choosing'
import { makeHandwork, mercator } from '../../../../src/features/boundaries/tools/handwork'
import { makeNudge } from '../../../../src/features/boundaries/tools/nudge'
import { REACHES } from '../../../../src/features/boundaries/tools/softReach'
import { toolbox } from '../../../../src/features/boundaries/tools/toolbox'
import { useSteps } from '../../../../src/features/boundaries/useSteps'
import { checkCoverage } from '../../../../src/geo/coverage/check'
import { areaOf, gapsOf } from '../../../../src/geo/coverage/read'
import type { Position } from '../../../../src/geo/coverage/types'
import type { Pointer } from '../../../../src/map/pointer'
import { readCounty } from '../../../../supabase/seed/county'
import { randomFrom } from '../../../geo/coverage/randomGround'

/** A township of the demo county, as `open_boundaries` answers it. */
function demoTownship(code: string): Opened {
  const county = readCounty()
  const township = county.townships.find((each) => each.code === code)!
  const villages = county.villages.filter((each) => each.township === code)
  const grid = (id: number, each: { code: string; name: string; boundary: GeoJSON.MultiPolygon }, level: number) => ({
    type: 'Feature' as const,
    id,
    geometry: each.boundary,
    properties: {
      id,
      code: each.code,
      name: each.name,
      level,
      kind: 'area' as const,
      parent_id: level === 2 ? null : 1,
      version: 1,
      leader: null,
      population: null,
    },
  })
  return {
    status: 'ok',
    may_edit: true,
    next_code: `${code}999`,
    grid: grid(1, township, 2),
    cells: { type: 'FeatureCollection', features: villages.map((each, i) => grid(i + 2, each, 3)) },
    units: { type: 'FeatureCollection', features: [] },
  }
}

const township = demoTownship('120119106')

/** One sitting. @returns what was done, by command */
function sitting(seed: number, acts: number): Map<string, number> {
  setActivePinia(createPinia())
  const [store, desk] = [useBoundaries(), useDesk()]
  store.begin(township)
  const next = randomFrom(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const all = township.grid.geometry.coordinates.flat(3) as number[]
  const lons = all.filter((n) => n > 90)
  const lats = all.filter((n) => n < 90)
  const whole = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] as const

  function look(): void {
    desk.zoom = 11.5 + next() * 4
    const [wide, high] = [1000 * degreesPerPixel(desk.zoom), 600 * degreesPerPixel(desk.zoom)]
    const lon = whole[0] + next() * (whole[2] - whole[0])
    const lat = whole[1] + next() * (whole[3] - whole[1])
    desk.box = [lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2]
  }
  const pixels = (at: Position) => mercator(desk.zoom)(at)
  const bench = makeBench(store, desk, {
    pixels,
    degrees: (n) => n * degreesPerPixel(desk.zoom),
    updateFeatures: () => {},
    restore: () => {},
  })
  const finishing = useFinishing(async () => null)
  const { undo, redo } = useSteps()
  const tool = toolbox(bench, finishing.finish)
  const nudge = makeNudge(store, desk)
  const hands = makeHandwork(store, desk, () => {})
  const place = (): Position => {
    const [w, s, e, n] = desk.box!
    return [w + next() * (e - w), s + next() * (n - s)]
  }
  const near = ([lon, lat]: Position, reach: number): Position => {
    const step = reach * degreesPerPixel(desk.zoom)
    return [lon + (next() - 0.5) * step, lat + (next() - 0.5) * step]
  }
  const point = (at: Position): Pointer => ({
    at,
    ...pixels(at)!,
    touch: next() < 0.1,
    shift: next() < 0.15,
    ctrl: false,
    alt: next() < 0.1,
    areas: () => [],
  })
  function drag(from: Position, ...path: Position[]): void {
    const start = point(from)
    if (!tool.down(start)) return
    for (const at of path) {
      if (next() < 0.1) desk.soft_m = one(REACHES)
      tool.drag({ ...start, at, ...pixels(at)! })
    }
    const last = path.at(-1)!
    if (next() < 0.05) tool.cancel()
    else tool.drop({ ...start, at: last, ...pixels(last)! })
  }
  const someone = (): number | null => {
    const ids = [...store.shapes.keys()]
    return ids.length ? one(ids) : null
  }
  let time = 0
  const doings: (() => void)[] = [
    look,
    () => desk.take(one(TOOLS)),
    () => desk.take('select'),
    () => tool.click(point(place())),
    () => tool.click(point(place())),
    () => desk.handles.length && tool.click(point(one(desk.handles).at)),
    () => tool.doubleClick(point(place())),
    () => tool.longPress(point(desk.handles.length ? one(desk.handles).at : place())),
    () => tool.hover(next() < 0.1 ? null : point(place())),
    ...Array.from({ length: 4 }, () => () => {
      const from = desk.handles.length ? one(desk.handles).at : place()
      const reach = next() < 0.8 ? 120 : 900
      drag(from, near(from, reach), near(from, reach))
    }),
    () => {
      // the selected stretch
      const held = desk.stretch
      if (held) drag(held.via ?? held.from, near(held.from, 100))
    },
    // a stroke through everything
    () => {
      desk.take(one(['split', 'draw', 'give']))
      if (desk.tool === 'give') {
        tool.click({ ...point(place()), shift: false })
        tool.click({ ...point(place()), shift: false })
      }
      const [from, to] = [place(), place()]
      const start = { ...point(from), shift: true }
      if (!tool.down(start)) return
      for (let i = 1; i <= 6; i++) {
        const at = near([from[0] + ((to[0] - from[0]) * i) / 6, from[1] + ((to[1] - from[1]) * i) / 6], 40)
        tool.drag({ ...start, at, ...pixels(at)! })
      }
      tool.drop({ ...start, at: to, ...pixels(to)! })
    },
    () => {
      time += next() < 0.2 ? 3000 : 100
      const by = [next() < 0.5 ? 1 : 0, next() < 0.5 ? -10 : 1] as const
      if (hands.drawing()) hands.moveCross([by[0] * 60, by[1] * 9])
      else for (let i = 0; i < 3; i++) nudge(by, time)
    },
    () => hands.putPoint(),
    () => hands.walkVertices(next() < 0.5 ? 1 : -1, next() < 0.4),
    () => hands.insertVertex(),
    () => finishing.finish(),
    () => desk.vertex && store.run({ op: 'delete', at: desk.vertex }),
    () => desk.stretch && store.run({ op: 'straighten', stretch: desk.stretch }),
    () => desk.stretch && store.run({ op: 'simplify', stretch: desk.stretch, tolerance_m: next() * 100 }),
    () => {
      if (desk.stretch) desk.redrawing = !desk.redrawing
    },
    () => desk.tool === 'retire' && desk.cell !== null && store.run({ op: 'retire', cell: desk.cell }),
    // what takes several gestures to come about by chance
    () => {
      desk.take('merge')
      const id = someone()
      if (id === null) return
      pick(store, desk, id)
      for (const other of [...besides(store.coverage!, id)].slice(0, 1 + Math.floor(next() * 3)))
        pick(store, desk, other)
      finishing.finish()
    },
    () => {
      const id = someone()
      const taker = id === null ? undefined : one([...besides(store.coverage!, id)])
      if (id === null || taker === undefined) return
      desk.select(null)
      desk.take('give')
      pick(store, desk, id)
      pick(store, desk, taker)
      const middle = one(store.shapes.get(next() < 0.5 ? id : taker)!.geometry.coordinates[0]![0]!) as Position
      for (let i = 0; i < 2 + next() * 5; i++) tool.click({ ...point(near(middle, 260)), shift: false })
      finishing.finish()
    },
    () => {
      const id = someone()
      if (id === null) return
      desk.take('retire')
      desk.select(id)
      store.run({ op: 'retire', cell: id })
    },
    () => {
      const gap = store.gaps[0]
      if (!gap) return
      desk.take(one(['fill', 'draw']))
      const middle = one(gap.polygon.coordinates[0]!) as Position
      for (let i = 0; i < 4; i++) tool.click({ ...point(near(middle, 200)), shift: false })
      finishing.finish()
    },
    () => {
      desk.take('select')
      desk.select(someone())
      for (let i = 0; i < 1 + next() * 5; i++) hands.walkVertices(1, i > 0)
      if (next() < 0.3) desk.redrawing = desk.stretch !== null
      if (desk.stretch) drag(desk.stretch.via ?? desk.stretch.from, near(desk.stretch.from, 60), desk.stretch.to)
    },
    () => {
      const id = someone()
      if (id !== null) finishing.describe(id)
    },
    () => desk.putAway(),
    undo,
    undo,
    redo,
  ]
  /** What is asked is answered, put away, or another line is drawn first. */
  function answer(): void {
    const asked = finishing.asking.value
    if (!asked) return
    const how = next()
    if (how < 0.2) finishing.putAway()
    else if (how < 0.35 && asked.op === 'split') finishing.more()
    else {
      const order = asked.entries.map((_, i) => i)
      if (next() < 0.5) order.reverse()
      finishing.named(
        asked.entries.map(({ code }, i) => ({
          code,
          name: `名${i}`,
          leader: null,
          ...(asked.pieces ? { piece: order[i]! } : {}),
        })),
      )
    }
  }

  const tally = new Map<string, number>()
  look()
  for (let i = 0; i < acts; i++) {
    const before = store.session!.at
    one(doings)()
    answer()
    const { coverage } = store
    const where = `seed ${seed}, act ${i}, after ${JSON.stringify(store.session!.commands[store.session!.at - 1])}`
    expect(desk.dragging, where).toBe(false)
    if (store.session!.at === before || !coverage) continue
    const op = store.session!.commands[store.session!.at - 1]?.op ?? 'undo'
    tally.set(op, (tally.get(op) ?? 0) + 1)
    const wrong = checkCoverage(coverage).filter((issue) => issue.severity === 'error')
    const listed = store.issues.filter((issue) => issue.severity === 'error')
    expect(listed.length > 0, `${where}: ${JSON.stringify(wrong)}`).toBe(wrong.length > 0)
    expect(store.blocked, where).toBe(wrong.length > 0)
    expect([...store.details.keys()].sort(), where).toEqual([...coverage.cells.keys()].sort())
    if (wrong.length) {
      // as a person would; else nothing sound can be done any more
      if (next() < 0.7) store.undo()
      continue
    }
    const ground = [...coverage.cells.keys()].reduce((sum, id) => sum + areaOf(coverage, id), 0)
    const free = gapsOf(coverage).reduce((sum, gap) => sum + gap.area_m2, 0)
    expect(Math.abs(areaOf(coverage, 1) - ground - free), where).toBeLessThan(2)
  }
  while (store.session!.at > 0) store.undo()
  expect(store.changes).toEqual([])
  return tally
}

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
const runs = Number(process.env.RUNS ?? 3)

it(`random hands leave nothing wrong unsaid (SEED=${seed})`, { timeout: 4_000_000 }, () => {
  const sum = new Map<string, number>()
  for (let run = 0; run < runs; run++) {
    for (const [op, n] of sitting(seed + run, 120)) sum.set(op, (sum.get(op) ?? 0) + n)
  }
  if (process.env.TALLY) console.info([...sum].sort().join('\n'))
  expect(sum.size).toBeGreaterThan(2)
})
