// Steps of a drawing that is no command yet: points put, moved, taken back. Each can be undone until it is finished. Pure.
import type { Position } from '../../../geo/coverage/types'
import type { Pointer } from '../../../map/pointer'
import { samePlace } from '../locate'
import { type Project, reachOf } from './reach'

/** What is being drawn: an area, or lines; not yet a command. */
export interface Sketch {
  points: readonly Position[]
  /** Lines that are finished, of a split by several. */
  lines: readonly (readonly Position[])[]
  /** Where the pointer is. */
  cursor: Position | null
  /** The next point will stand exactly on something that is there. */
  snapped: boolean
  /** Nothing more is added: what it shall be called is being asked. */
  done: boolean
  /** The cursor is moved by keys: it is drawn, as there is no pointer. */
  byKeys?: boolean
  /** How it was before each step, and what was taken back: see below. */
  past?: readonly Pick<Sketch, 'points' | 'lines'>[]
  future?: readonly Pick<Sketch, 'points' | 'lines'>[]
}
export const EMPTY_SKETCH: Sketch = { points: [], lines: [], cursor: null, snapped: false, done: false }

/** What of a drawing an undo brings back. */
export type Drawn = Pick<Sketch, 'points' | 'lines'>

/** A point of the drawing; `line`: of the finished lines, −1 is the one in hand. */
export interface SketchPoint {
  line: number
  index: number
}

const drawnOf = ({ points, lines }: Sketch): Drawn => ({ points, lines })

/** The drawing after one more step; `next` may leave out what stays. */
export const stepped = (sketch: Sketch, next: Partial<Drawn>): Sketch => ({
  ...sketch,
  ...next,
  done: false,
  past: [...(sketch.past ?? []), drawnOf(sketch)],
  future: [],
})

/** Points put behind the last one; one upon the last is none. */
export function put(sketch: Sketch, ...more: Position[]): Sketch {
  const points = [...sketch.points]
  for (const at of more) {
    const last = points.at(-1)
    if (!last || !samePlace(last, at)) points.push(at)
  }
  return points.length === sketch.points.length ? sketch : stepped(sketch, { points })
}

/** A point somewhere else. */
export function movePoint(sketch: Sketch, { line, index }: SketchPoint, to: Position): Partial<Drawn> {
  if (line < 0) return { points: sketch.points.with(index, to) }
  return { lines: sketch.lines.map((points, i) => (i === line ? points.with(index, to) : points)) }
}

/** Without its last point. */
export const withoutLast = (sketch: Sketch): Sketch =>
  sketch.points.length ? { ...stepped(sketch, { points: sketch.points.slice(0, -1) }), cursor: null } : sketch

/** Put away; an undo brings it back. */
export const dropped = (sketch: Sketch): Sketch => {
  const { past, future } = stepped(sketch, {})
  return { ...EMPTY_SKETCH, past: past ?? [], future: future ?? [] }
}

/** The drawing one step earlier; null when there is none. */
export function stepBack(sketch: Sketch): Sketch | null {
  const past = sketch.past ?? []
  const before = past.at(-1)
  if (!before || sketch.done) return null
  const future = [...(sketch.future ?? []), drawnOf(sketch)]
  return { ...sketch, ...before, cursor: null, past: past.slice(0, -1), future }
}

/** The step that was taken back, again; null when there is none. */
export function stepForth(sketch: Sketch): Sketch | null {
  const future = sketch.future ?? []
  const after = future.at(-1)
  if (!after || sketch.done) return null
  return {
    ...sketch,
    ...after,
    cursor: null,
    past: [...(sketch.past ?? []), drawnOf(sketch)],
    future: future.slice(0, -1),
  }
}

/** The point of the drawing under the pointer. */
export function pointAt(
  sketch: Sketch,
  project: Project,
  pointer: Pick<Pointer, 'x' | 'y' | 'touch'>,
): SketchPoint | null {
  let best: { point: SketchPoint; far: number } | null = null
  const look = (points: readonly Position[], line: number) =>
    points.forEach((at, index) => {
      const pixel = project(at)
      const far = pixel ? Math.hypot(pixel.x - pointer.x, pixel.y - pointer.y) : Number.POSITIVE_INFINITY
      if (far <= reachOf(pointer) && (!best || far < best.far)) best = { point: { line, index }, far }
    })
  look(sketch.points, -1)
  sketch.lines.forEach(look)
  return (best as { point: SketchPoint } | null)?.point ?? null
}
