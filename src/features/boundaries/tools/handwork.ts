// Without a pointer: a cross that arrows move and the space bar draws with, vertices one after another.
import { onLattice } from '../../../geo/coverage/lattice'
import type { Position } from '../../../geo/coverage/types'
import type { useBoundaries } from '../boundaryStore'
import type { StretchPlace } from '../command'
import { degreesPerPixel, type useDesk } from '../deskStore'
import { pointsOf, stretchAt } from '../locate'
import { type Project, snapped } from './reach'
import { put } from './sketching'
import { isSketchTool } from './sketchTool'
import { nextVertex } from './walkVertices'

/** Pixels of the Web Mercator map at a zoom; only differences count. */
export function mercator(zoom: number): Project {
  const world = 512 * 2 ** zoom
  return ([lon, lat]) => {
    const sine = Math.sin((lat * Math.PI) / 180)
    return { x: (lon / 360) * world, y: (-Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world }
  }
}

export function makeHandwork(
  store: ReturnType<typeof useBoundaries>,
  desk: ReturnType<typeof useDesk>,
  look: (at: Position) => void,
) {
  /** Whether arrows move the cross: a drawing tool is in hand, and what it is for has been picked. */
  const drawing = (): boolean =>
    isSketchTool(desk.tool) &&
    !desk.sketch.done &&
    (store.mayEdit || desk.tool === 'measure') &&
    !(desk.tool === 'give' && desk.picked.length < 2)

  function seen(at: Position): boolean {
    const { box } = desk
    return !box || (at[0] > box[0] && at[0] < box[2] && at[1] > box[1] && at[1] < box[3])
  }

  /** @param by pixels to the east and to the north. @returns false at the edge of the view: the map pans */
  function moveCross([east, north]: readonly [number, number]): boolean {
    const { box } = desk
    if (!box) return false
    const middle: Position = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
    const first = !desk.sketch.byKeys || desk.sketch.cursor === null
    const from = desk.sketch.cursor ?? desk.sketch.points.at(-1) ?? startOf() ?? middle
    const step = degreesPerPixel(desk.zoom)
    const to: Position = [from[0] + east * step, from[1] + north * step * Math.cos((from[1] * Math.PI) / 180)]
    const at = first && !desk.sketch.points.length ? from : to
    if (!seen(at)) {
      if (seen(from)) return false
      desk.sketch = { ...desk.sketch, cursor: middle, byKeys: true }
      return true
    }
    desk.sketch = { ...desk.sketch, cursor: onLattice(at), byKeys: true, snapped: false }
    return true
  }

  /** Where drawing begins: at the cell it is about. */
  function startOf(): Position | null {
    const id = desk.tool === 'give' ? desk.picked[0] : (desk.cell ?? undefined)
    return (id === undefined ? null : store.shapes.get(id)?.center) ?? null
  }

  /** A point where the cross stands: on a vertex or border that is near. */
  function putPoint(): boolean {
    const { coverage } = store
    const at = desk.sketch.cursor
    if (!drawing() || !at || !desk.sketch.byKeys || !coverage) return false
    const project = mercator(desk.zoom)
    const pixel = project(at) ?? { x: 0, y: 0 }
    const pointer = { at, ...pixel, touch: false, shift: false, ctrl: false, alt: false, areas: () => [] }
    const place = snapped(coverage, project, (pixels) => pixels * degreesPerPixel(desk.zoom), pointer)
    store.refusal = null
    desk.sketch = { ...put(desk.sketch, place.at), cursor: place.at, byKeys: true, snapped: place.on !== null }
    return true
  }

  /** The next vertex of the selected grid; with `extend`, the stretch grows by it. */
  function walkVertices(way: 1 | -1, extend: boolean): boolean {
    const { coverage } = store
    if (!coverage || desk.tool !== 'select' || desk.cell === null || desk.redrawing) return false
    const head = extend && desk.stretch ? desk.stretch.to : desk.vertex
    const next = nextVertex(coverage, desk.cell, head, way)
    if (!next) return true
    store.refusal = null
    if (extend && desk.vertex) {
      const from = desk.stretch?.from ?? desk.vertex
      const place = placeOf(from, next)
      if (place) desk.stretch = place
      else store.refusal = { code: 'UNKNOWN_ARC', at: next }
    } else {
      desk.stretch = null
      desk.vertex = next
    }
    if (!seen(next)) look(next)
    return true
  }

  function placeOf(from: Position, to: Position): StretchPlace | null {
    const found = store.coverage && stretchAt(store.coverage, from, to)
    if (!found || !store.coverage) return null
    const points = pointsOf(store.coverage, found)
    const via = points[points.length >> 1]
    return { from, to, ...(via && points.length > 2 ? { via } : {}) }
  }

  /** A vertex more, halfway to the next one of the grid. */
  function insertVertex(): boolean {
    const { coverage } = store
    if (!coverage || !store.mayEdit || desk.tool !== 'select' || desk.cell === null || !desk.vertex) return false
    const next = nextVertex(coverage, desk.cell, desk.vertex, 1)
    const before = nextVertex(coverage, desk.cell, desk.vertex, -1)
    for (const other of [next, before]) {
      if (!other) continue
      const at = onLattice([(desk.vertex[0] + other[0]) / 2, (desk.vertex[1] + other[1]) / 2])
      if (!store.run({ op: 'add', between: [desk.vertex, other], at })) continue
      desk.stretch = null
      desk.vertex = at
      break
    }
    return true
  }

  return { drawing, moveCross, putPoint, walkVertices, insertVertex }
}
