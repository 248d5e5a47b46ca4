// 选择: click selects, handles are dragged and every neighbour follows, two vertices make a stretch.
import { beginDrag, type Drag, type DragTarget } from '../../../geo/coverage/drag'
import { type Handle, handlesOf, nearestArc } from '../../../geo/coverage/handles'
import { onLattice } from '../../../geo/coverage/lattice'
import type { Position } from '../../../geo/coverage/types'
import type { MapTool, Pointer } from '../../../map/pointer'
import { asFeature, CELL_SOURCE, drawnId, LIVE_SOURCE, MARK_SOURCE } from '../boundaryLayer'
import type { Command } from '../command'
import { pointsOf, samePlace, stretchAt } from '../locate'
import type { Bench } from './bench'
import { movedStretch } from './nudge'
import { cellAt, handleAt, reachOf } from './reach'

/** Ids of what follows the pointer. */
const HAND = 1
const RING = 2
const REACH = 3

interface Grip {
  target: DragTarget
  /** How far along the borders vertices come along, metres; as it was when the drag was begun or the reach changed. */
  soft_m: number
  /** Where the dragged vertex was; of a stretch or a new vertex, where it was grabbed. */
  from: Position
  command: (to: Position) => Command
  drag: Drag | null
  /** Where it was last moved to. */
  to: Position
  /** An existing vertex under the pointer, to be joined with. */
  join: Position | null
  /** The borders that follow. */
  arcs: ReadonlySet<number>
}

export function selectTool(bench: Bench): MapTool {
  const { store, desk, view } = bench
  let grip: Grip | null = null
  let trail: Position[] | null = null

  const handleUnder = (pointer: Pointer): Handle | null => handleAt(desk.handles, view.pixels, pointer)
  const arcPoints = (arc: number) => store.coverage?.arcs.get(arc)?.points ?? []

  const soft = () => (desk.soft_m ? { soft_m: desk.soft_m } : {})

  function gripOf(handle: Handle): Grip {
    if (handle.kind === 'mid') {
      const [a, b] = [arcPoints(handle.arc)[handle.index], arcPoints(handle.arc)[handle.index + 1]]
      const between = [a, b] as [Position, Position]
      return {
        target: { kind: 'insert', arc: handle.arc, segment: handle.index, at: handle.at },
        from: handle.at,
        command: (to) => ({ op: 'insert', between, grabbed: handle.at, to, ...soft() }),
        soft_m: desk.soft_m,
        drag: null,
        to: handle.at,
        join: null,
        arcs: new Set([handle.arc]),
      }
    }
    return {
      target: { kind: 'vertex', arc: handle.arc, index: handle.index },
      from: handle.at,
      command: (to) => ({ op: 'move', from: handle.at, to, ...soft() }),
      soft_m: desk.soft_m,
      drag: null,
      to: handle.at,
      join: null,
      arcs: arcsFrom(handle.at, handle.arc),
    }
  }

  function arcsFrom(at: Position, own: number): Set<number> {
    const arcs = new Set([own])
    for (const arc of store.coverage?.arcs.values() ?? []) {
      const [first, last] = [arc.points[0], arc.points.at(-1)]
      if ((first && samePlace(first, at)) || (last && samePlace(last, at))) arcs.add(arc.id)
    }
    return arcs
  }

  /** The selected stretch, when the pointer is on it. */
  function stretchUnder(pointer: Pointer): Grip | null {
    const [held, place, coverage] = [desk.stretchHandle, desk.stretch, store.coverage]
    if (!held || !place || !coverage) return null
    const near = nearestArc(coverage, pointer.at, view.degrees(reachOf(pointer)))
    if (!near || near.arc !== held.arc || near.segment < held.from || near.segment >= held.to) return null
    return {
      target: { kind: 'stretch', arc: held.arc, from: held.from, to: held.to, grabbed: near.at },
      from: near.at,
      command: (to) => ({ op: 'stretch', stretch: place, grabbed: near.at, moved: to }),
      soft_m: 0,
      drag: null,
      to: near.at,
      join: null,
      arcs: new Set([held.arc]),
    }
  }

  /** Whether a point lies between the ends of the selected stretch: dragged, it takes the whole stretch along. */
  function withinStretch({ arc, index, kind }: Handle): boolean {
    const held = desk.stretchHandle
    if (!held || held.arc !== arc) return false
    return kind === 'mid' ? index >= held.from && index < held.to : index > held.from && index < held.to
  }

  function down(pointer: Pointer): boolean {
    grip = null
    trail = null
    if (!store.mayEdit || !store.coverage) return false
    if (desk.redrawing && desk.stretchHandle) {
      trail = [pointer.at]
      return true
    }
    const handle = handleUnder(pointer)
    if (handle && !withinStretch(handle)) grip = handle.fixed ? null : gripOf(handle)
    else grip = stretchUnder(pointer) ?? (handle && gripOf(handle))
    return grip !== null || handle !== null
  }

  function drag(pointer: Pointer): void {
    if (trail) {
      trail.push(pointer.at)
      view.updateFeatures(LIVE_SOURCE, [asFeature({ type: 'LineString', coordinates: trail }, { role: 'line' }, HAND)])
      return
    }
    if (!grip || !store.coverage) return
    const bends = grip.target.kind !== 'stretch'
    // the reach can be changed by its keys while one drags
    if (!grip.drag || (bends && grip.soft_m !== desk.soft_m)) {
      if (bends) grip.soft_m = desk.soft_m
      const begun = beginDrag(store.coverage, bends ? { ...grip.target, ...soft() } : grip.target)
      if (!begun.ok) {
        store.refusal = begun.reason
        grip = null
        return
      }
      grip.drag = begun.drag
      desk.dragging = true
      desk.hovered = null
      store.refusal = null
    }
    const join = grip.target.kind === 'stretch' ? null : joinUnder(pointer, grip)
    grip.join = join
    grip.to = join ?? pointer.at
    const { shapes, issues } = grip.drag.move(pointer.at)
    const marked = new Set([...desk.picked, desk.selected])
    const features = [...shapes].map(([id, geometry]) => {
      const level = store.coverage?.cells.get(id)?.level ?? 0
      return asFeature(geometry, { id, level }, drawnId(id))
    })
    view.updateFeatures(CELL_SOURCE, features)
    const marks = features.filter((feature) => marked.has(Number(feature.properties?.id)))
    if (marks.length)
      view.updateFeatures(
        MARK_SOURCE,
        marks.map((feature) => ({ ...feature, properties: { role: 'selected' } })),
      )
    const hand = asFeature({ type: 'Point', coordinates: pointer.at }, { role: 'hand' }, HAND)
    const ring = join ? [asFeature({ type: 'Point', coordinates: join }, { role: 'snap' }, RING)] : []
    const reach = grip.soft_m ? [asFeature(circle(grip.from, grip.soft_m), { role: 'dash' }, REACH)] : []
    view.updateFeatures(
      LIVE_SOURCE,
      [hand, ...ring, ...reach],
      [...(join ? [] : [RING]), ...(reach.length ? [] : [REACH])],
    )
    store.live = issues
  }

  /**
   * Another vertex close to the pointer, that the dragged one would be joined with. Not the plain vertices of its own
   * borders: where they stand close together, every small move would end on one.
   */
  function joinUnder(pointer: Pointer, held: Grip): Position | null {
    const { coverage } = store
    if (!coverage || pointer.alt) return null
    // less than what is hit: joining is meant, hitting is helped
    const reach = pointer.touch ? 12 : 8
    const wide = view.degrees(reach)
    const [lon, lat] = pointer.at
    let best: { at: Position; far: number } | null = null
    for (const handle of handlesOf(coverage, [lon - wide, lat - wide, lon + wide, lat + wide])) {
      if (handle.kind === 'mid' || samePlace(handle.at, held.from)) continue
      if (handle.kind === 'vertex' && held.arcs.has(handle.arc)) continue
      const at = view.pixels(handle.at)
      const far = at ? Math.hypot(at.x - pointer.x, at.y - pointer.y) : Infinity
      if (far <= reach && far < (best?.far ?? Infinity)) best = { at: handle.at, far }
    }
    return best?.at ?? null
  }

  function drop(): void {
    const held = grip
    grip = null
    if (trail) {
      redraw(trail)
      return
    }
    desk.dragging = false
    store.live = null
    view.updateFeatures(LIVE_SOURCE, [], [HAND, RING, REACH])
    if (!held?.drag) return
    const place = desk.stretch
    const joined =
      held.join !== null && held.target.kind === 'vertex' && store.run({ op: 'snap', from: held.from, to: held.join })
    const done = joined || store.runEdit(held.command(held.to), held.drag.finish())
    if (!done) {
      view.restore()
      return
    }
    if (held.target.kind !== 'stretch') desk.vertex = joined ? held.join : bench.vertexNear(held.to)
    else if (place && store.coverage) {
      // still in hand, so that one can go on with it
      const now = movedStretch(place, held.from, held.to)
      desk.stretch = stretchAt(store.coverage, now.from, now.to, now.via) ? now : null
      desk.vertex = desk.stretch ? now.from : null
    }
  }

  function redraw(points: Position[]): void {
    trail = null
    view.restore()
    const place = desk.stretch
    if (!place || points.length < 2) return
    const [first, last] = [points[0]!, points.at(-1)!]
    const far = (a: Position, b: Position) => Math.hypot(a[0] - b[0], a[1] - b[1])
    // drawn from whichever end
    const forward = far(first, place.from) + far(last, place.to) <= far(first, place.to) + far(last, place.from)
    const line = forward ? points : [...points].reverse()
    if (store.run({ op: 'redraw', stretch: place, points: line })) {
      desk.redrawing = false
      desk.stretch = { from: place.from, to: place.to, via: onLattice(line[line.length >> 1]!) }
    }
  }

  function cancel(): void {
    grip = null
    trail = null
    desk.dragging = false
    store.live = null
    view.restore()
  }

  function click(pointer: Pointer): void {
    const handle = handleUnder(pointer)
    if (handle && handle.kind !== 'mid') {
      choose(handle, pointer.shift)
      return
    }
    if (handle || !store.coverage) return
    desk.stretch = null
    desk.vertex = null
    desk.select(cellAt(store.coverage, store.shapes, pointer.at))
  }

  /** Selects a vertex; with Shift, the stretch from the one that was selected to this one. */
  function choose(handle: Handle, extend: boolean): void {
    const before = desk.vertex
    if (extend && before && store.coverage && !samePlace(before, handle.at)) {
      const found = stretchAt(store.coverage, before, handle.at)
      if (found) {
        const points = pointsOf(store.coverage, found)
        const via = points[Math.floor(points.length / 2)]
        desk.stretch = { from: before, to: handle.at, ...(via && points.length > 2 ? { via } : {}) }
        return
      }
      store.refusal = { code: 'UNKNOWN_ARC', at: handle.at }
      return
    }
    desk.stretch = null
    desk.vertex = handle.at
  }

  /** On a border: a vertex more. */
  function doubleClick(pointer: Pointer): void {
    const { coverage } = store
    if (!coverage || !store.mayEdit || handleUnder(pointer)) return
    const near = nearestArc(coverage, pointer.at, view.degrees(reachOf(pointer)))
    const [a, b] = near ? [arcPoints(near.arc)[near.segment], arcPoints(near.arc)[near.segment + 1]] : []
    if (!near || !a || !b) return
    if (store.run({ op: 'add', between: [a, b], at: near.at })) desk.vertex = bench.vertexNear(near.at)
  }

  function hover(pointer: Pointer | null): string {
    if (!pointer || !store.coverage) {
      desk.hovered = null
      return ''
    }
    if (desk.redrawing) return 'crosshair'
    const handle = handleUnder(pointer)
    if ((!handle || withinStretch(handle)) && stretchUnder(pointer)) return 'move'
    if (handle) return handle.fixed ? 'not-allowed' : handle.kind === 'mid' ? 'copy' : 'grab'
    desk.hovered = cellAt(store.coverage, store.shapes, pointer.at)
    return desk.hovered === null ? '' : 'pointer'
  }

  function longPress(pointer: Pointer): void {
    const handle = handleUnder(pointer)
    // a finger has no Shift: the second vertex held makes the stretch
    if (handle && handle.kind !== 'mid') choose(handle, desk.vertex !== null)
    else doubleClick(pointer)
  }

  return { down, drag, drop, cancel, click, doubleClick, hover, longPress }
}

/** A circle of so many metres around a place, to look at. */
function circle([lon, lat]: Position, metres: number): GeoJSON.LineString {
  const high = metres / 111_195
  const wide = high / Math.cos((lat * Math.PI) / 180)
  const coordinates = Array.from({ length: 49 }, (_, i): Position => {
    const turn = (i / 48) * 2 * Math.PI
    return [lon + wide * Math.cos(turn), lat + high * Math.sin(turn)]
  })
  return { type: 'LineString', coordinates }
}
