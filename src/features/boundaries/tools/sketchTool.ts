// Drawing point by point: a new grid (绘制), a split line (分割), the piece that is given (划转), a measure (测量).
import type { Position } from '../../../geo/coverage/types'
import type { MapTool, Pointer } from '../../../map/pointer'
import type { Bench } from './bench'
import { choosable, pick } from './choosing'
import { cellAt, reachOf, snapped } from './reach'
import { movePoint, pointAt, put, type SketchPoint, stepped } from './sketching'

/** What each tool draws, and from how many points on it is something. */
export const SKETCHES = {
  draw: { closed: true, least: 3 },
  split: { closed: false, least: 2 },
  give: { closed: true, least: 2 },
  measure: { closed: false, least: 2 },
} as const
export type SketchTool = keyof typeof SKETCHES

export const isSketchTool = (tool: string): tool is SketchTool => tool in SKETCHES

/** @param finish what to do with the points once they are drawn (measure: nothing, they stay) */
export function sketchTool(bench: Bench, finish: () => void): MapTool {
  const { store, desk, view } = bench
  /** The line that follows the hand, and the drawing before. */
  let stroke: { points: Position[]; before: typeof desk.sketch } | null = null
  /** A point of the drawing that is dragged, and the drawing before. */
  let held: { point: SketchPoint; before: typeof desk.sketch; moved: boolean } | null = null
  const kind = (): SketchTool | null => (isSketchTool(desk.tool) ? desk.tool : null)

  /** Giving begins with two cells, splitting with one: clicks choose them first. */
  const choosing = (): boolean => desk.tool === 'give' && desk.picked.length < 2

  function place(pointer: Pointer): { at: Position; on: 'vertex' | 'line' | null } {
    return store.coverage ? snapped(store.coverage, view.pixels, view.degrees, pointer) : { at: pointer.at, on: null }
  }

  function add(...points: Position[]): void {
    const at = points.at(-1)
    store.refusal = null
    desk.sketch = { ...put(desk.sketch, ...points), cursor: at ?? null, byKeys: false }
  }

  function onFirst(pointer: Pointer): boolean {
    const first = desk.sketch.points[0]
    const at = first && view.pixels(first)
    return Boolean(at && Math.hypot(at.x - pointer.x, at.y - pointer.y) <= reachOf(pointer))
  }

  function click(pointer: Pointer): void {
    const what = kind()
    if (!what || !store.coverage || desk.sketch.done) return
    if (choosing()) {
      choose(pointer)
      return
    }
    const shape = SKETCHES[what]
    if (shape.closed && desk.sketch.points.length > 2 && onFirst(pointer)) {
      // a ring, and meant as one
      if (what === 'give') add(desk.sketch.points[0]!)
      finish()
      return
    }
    add(place(pointer).at)
  }

  function choose(pointer: Pointer): void {
    if (!store.coverage) return
    const id = cellAt(store.coverage, store.shapes, pointer.at)
    if (id !== null) pick(store, desk, id)
  }

  function hover(pointer: Pointer | null): string {
    if (!pointer || !store.coverage) {
      desk.sketch = { ...desk.sketch, cursor: null }
      return ''
    }
    if (choosing()) {
      const id = cellAt(store.coverage, store.shapes, pointer.at)
      const barred = id !== null && choosable(store.coverage, desk.tool, desk.picked)?.has(id) === false
      desk.hovered = barred ? null : id
      return barred ? 'not-allowed' : id === null ? '' : 'pointer'
    }
    desk.hovered = null
    if (desk.sketch.done) return ''
    const { at, on } = place(pointer)
    desk.sketch = { ...desk.sketch, cursor: at, snapped: on !== null, byKeys: false }
    return graspable(pointer) ? 'grab' : 'crosshair'
  }

  /** The point under the pointer that a drag would move. */
  const graspable = (pointer: Pointer): SketchPoint | null =>
    kind() === null || choosing() || desk.sketch.done ? null : pointAt(desk.sketch, view.pixels, pointer)

  // With Shift held the line follows the hand; a point that is there can be moved. Everything else pans.
  function down(pointer: Pointer): boolean {
    stroke = null
    held = null
    if (choosing() || desk.sketch.done || !kind()) return false
    if (pointer.shift) {
      stroke = { points: [place(pointer).at], before: desk.sketch }
      return true
    }
    const point = graspable(pointer)
    if (point) held = { point, before: desk.sketch, moved: false }
    return point !== null
  }

  function drag(pointer: Pointer): void {
    if (held) {
      const moved = movePoint(held.before, held.point, place(pointer).at)
      desk.sketch = { ...held.before, ...moved, cursor: null, snapped: false }
      held.moved = true
      return
    }
    if (!stroke) return
    const [a, b] = [view.pixels(stroke.points.at(-1)!), view.pixels(pointer.at)]
    if (a && b && Math.hypot(a.x - b.x, a.y - b.y) < 5) return
    stroke.points.push(pointer.at)
    desk.sketch = { ...stroke.before, cursor: null, points: [...stroke.before.points, ...stroke.points] }
  }

  function drop(pointer: Pointer): void {
    if (held) {
      const { before, point, moved } = held
      held = null
      if (!moved) return
      store.refusal = null
      desk.sketch = { ...stepped(before, movePoint(before, point, place(pointer).at)), cursor: null }
      return
    }
    const drawn = stroke
    stroke = null
    if (!drawn) return
    // one stroke, one step
    desk.sketch = drawn.before
    add(...drawn.points, place(pointer).at)
    finish()
  }

  function cancel(): void {
    const before = held?.before ?? stroke?.before
    if (before) desk.sketch = { ...before, cursor: null }
    held = null
    stroke = null
  }

  return {
    down,
    drag,
    drop,
    cancel,
    click,
    doubleClick: (pointer) => {
      const what = kind()
      if (!what || choosing()) return
      if (desk.sketch.points.length >= SKETCHES[what].least) finish()
      else click(pointer)
    },
    hover,
    longPress: () => finish(),
  }
}
