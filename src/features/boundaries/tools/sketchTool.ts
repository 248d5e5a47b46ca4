// Drawing point by point: a new grid (绘制), a split line (分割), the piece that is given (划转), a measure (测量).
import type { Position } from '../../../geo/coverage/types'
import type { MapTool, Pointer } from '../../../map/pointer'
import { EMPTY_SKETCH } from '../deskStore'
import { samePlace } from '../locate'
import type { Bench } from './bench'
import { cellAt, reachOf, snapped } from './reach'

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
  let trail: Position[] | null = null
  const kind = (): SketchTool | null => (isSketchTool(desk.tool) ? desk.tool : null)

  /** Giving begins with two cells, splitting with one: clicks choose them first. */
  const choosing = (): boolean => desk.tool === 'give' && desk.picked.length < 2

  function place(pointer: Pointer): { at: Position; on: 'vertex' | 'line' | null } {
    return store.coverage ? snapped(store.coverage, view.pixels, view.degrees, pointer) : { at: pointer.at, on: null }
  }

  function put(at: Position): void {
    const { points } = desk.sketch
    const last = points.at(-1)
    if (last && samePlace(last, at)) return
    desk.sketch = { ...desk.sketch, points: [...points, at], cursor: at, done: false }
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
      finish()
      return
    }
    put(place(pointer).at)
  }

  function choose(pointer: Pointer): void {
    if (!store.coverage) return
    const id = cellAt(store.coverage, store.shapes, pointer.at)
    if (id === null) return
    desk.picked = desk.picked.includes(id) ? desk.picked.filter((each) => each !== id) : [...desk.picked, id]
  }

  function hover(pointer: Pointer | null): string {
    if (!pointer || !store.coverage) {
      desk.sketch = { ...desk.sketch, cursor: null }
      return ''
    }
    if (choosing()) {
      desk.hovered = cellAt(store.coverage, store.shapes, pointer.at)
      return desk.hovered === null ? '' : 'pointer'
    }
    desk.hovered = null
    if (desk.sketch.done) return ''
    const { at, on } = place(pointer)
    desk.sketch = { ...desk.sketch, cursor: at, snapped: on !== null }
    return 'crosshair'
  }

  // With Shift held the line follows the hand; a finger's drag pans, so freehand there is by a pen or a mouse.
  function down(pointer: Pointer): boolean {
    if (!pointer.shift || choosing() || desk.sketch.done) return false
    trail = [place(pointer).at]
    return true
  }

  function drag(pointer: Pointer): void {
    if (!trail) return
    const last = trail.at(-1)!
    const [a, b] = [view.pixels(last), view.pixels(pointer.at)]
    if (a && b && Math.hypot(a.x - b.x, a.y - b.y) < 5) return
    trail.push(pointer.at)
    desk.sketch = { ...desk.sketch, cursor: null, points: [...desk.sketch.points, ...trail] }
    trail = [trail.at(-1)!]
  }

  function drop(pointer: Pointer): void {
    trail = null
    put(place(pointer).at)
    finish()
  }

  return {
    down,
    drag,
    drop,
    cancel: () => {
      trail = null
      desk.sketch = EMPTY_SKETCH
    },
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
