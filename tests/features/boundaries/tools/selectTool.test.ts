// Dragging with the select tool: what is grabbed, and what is in hand afterwards.
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { useBoundaries } from '../../../../src/features/boundaries/boundaryStore'
import { degreesPerPixel, useDesk } from '../../../../src/features/boundaries/deskStore'
import { makeBench } from '../../../../src/features/boundaries/tools/bench'
import { mercator } from '../../../../src/features/boundaries/tools/handwork'
import { selectTool } from '../../../../src/features/boundaries/tools/selectTool'
import type { Position } from '../../../../src/geo/coverage/types'
import type { MapTool, Pointer } from '../../../../src/map/pointer'
import { MIDDLE, township } from '../make'

let store: ReturnType<typeof useBoundaries>
let desk: ReturnType<typeof useDesk>
let tool: MapTool
const [west, middle, east]: Position[] = [
  [117.03, 40.1],
  [117.05, 40.1],
  [117.07, 40.1],
]
beforeEach(() => {
  setActivePinia(createPinia())
  store = useBoundaries()
  desk = useDesk()
  store.begin(township())
  // a border with three points of its own
  let from: Position = [117, 40.1]
  for (const at of [west!, middle!, east!]) {
    store.run({ op: 'add', between: [from, MIDDLE], at })
    from = at
  }
  desk.zoom = 13
  desk.box = [116.9, 39.9, 117.3, 40.3]
  desk.select(11)
  const view = {
    pixels: (at: Position) => mercator(desk.zoom)(at),
    degrees: (pixels: number) => pixels * degreesPerPixel(desk.zoom),
    updateFeatures: () => {},
    restore: () => {},
  }
  tool = selectTool(makeBench(store, desk, view))
})
const point = (at: Position, shift = false): Pointer => ({
  at,
  ...mercator(desk.zoom)(at)!,
  touch: false,
  shift,
  ctrl: false,
  alt: true,
  areas: () => [],
})
function drag(from: Position, to: Position): void {
  expect(tool.down(point(from))).toBe(true)
  tool.drag(point(to))
  tool.drop(point(to))
}
function selectStretch(): void {
  tool.click(point(west!))
  tool.click(point(east!, true))
  expect(desk.stretchHandle).not.toBeNull()
}
const last = () => store.session!.commands.at(-1)!

it('a stretch in hand is dragged as a whole, by a vertex within it or by what lies between, and stays in hand', () => {
  for (const grabbed of [middle!, [117.04, 40.1] as Position]) {
    selectStretch()
    drag(grabbed, [grabbed[0], grabbed[1] - 0.004])
    expect(last().op).toBe('stretch')
    expect(desk.stretchHandle).not.toBeNull()
    expect(desk.stretch!.from[1]).toBeCloseTo(40.096, 6)
    expect(desk.vertex).toEqual(desk.stretch!.from)
    store.undo()
    desk.stretch = null
    desk.vertex = null
  }
})

it('its end is dragged alone', () => {
  selectStretch()
  drag(east!, [117.07, 40.095])
  expect(last()).toMatchObject({ op: 'move', from: east })
})

it('redrawn, it stays in hand too', () => {
  selectStretch()
  desk.redrawing = true
  drag(west!, [117.05, 40.09])
  expect(last().op).toBe('redraw')
  expect([desk.redrawing, desk.stretch?.from, desk.stretch?.to]).toEqual([false, west, east])
  expect(desk.stretchHandle).not.toBeNull()
})

it('points between vertices are offered where there is room, but not along a stretch in hand', () => {
  const mids = () => desk.handles.filter((handle) => handle.kind === 'mid').length
  // two borders: four segments along one, one along the other
  expect(mids()).toBe(5)
  selectStretch()
  expect(mids()).toBe(3)
  desk.zoom = 7
  expect(mids()).toBe(0)
})

it('takes neighbouring vertices along, and what is dragged stays in hand', () => {
  desk.soft_m = 5000
  drag(middle!, [117.05, 40.09])
  expect(last()).toMatchObject({ op: 'move', soft_m: 5000 })
  expect(desk.vertex).toEqual([117.05, 40.09])
  const points = store.shapes.get(11)!.geometry.coordinates.flat(2) as Position[]
  for (const lon of [117.03, 117.07]) {
    const lat = points.find((at) => at[0] === lon)![1]
    expect(lat).toBeLessThan(40.1)
    expect(lat).toBeGreaterThan(40.09)
  }
})
