import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { contains } from '../../geo/contains'
import { type Handle, handlesOf } from '../../geo/coverage/handles'
import type { CellId, Position } from '../../geo/coverage/types'
import type { Box } from '../../map/camera'
import { useBoundaries } from './boundaryStore'
import type { StretchPlace } from './command'
import { samePlace, stretchAt, vertexAt } from './locate'
import { dropped, EMPTY_SKETCH, type Sketch, withoutLast } from './tools/sketching'

export const TOOLS = ['select', 'draw', 'split', 'merge', 'give', 'fill', 'retire', 'measure'] as const
export type ToolName = (typeof TOOLS)[number]
export const TOOL_KEYS: Record<ToolName, string> = {
  select: 'v',
  draw: 'd',
  split: 's',
  merge: 'm',
  give: 't',
  fill: 'f',
  retire: 'r',
  measure: 'l',
}

export { EMPTY_SKETCH, type Sketch }

/** More handles than these in the window help nobody. */
const MOST_HANDLES = 500

/** What is in hand: the tool, what is selected, what is being drawn. Nothing of it is kept. */
export const useDesk = defineStore('boundaryDesk', () => {
  const store = useBoundaries()
  const tool = ref<ToolName>('select')
  const selected = ref<CellId | null>(null)
  const hovered = ref<CellId | null>(null)
  const vertex = shallowRef<Position | null>(null)
  const stretch = shallowRef<StretchPlace | null>(null)
  /** merge: the first is what the others go into; give: from, to. */
  const picked = shallowRef<readonly CellId[]>([])
  /** A place inside the gap that is chosen. */
  const gapAt = shallowRef<Position | null>(null)
  const sketch = shallowRef<Sketch>(EMPTY_SKETCH)
  /** The stretch that is selected is being drawn anew by hand. */
  const redrawing = ref(false)
  const dragging = ref(false)
  /** How far along the borders neighbouring vertices come along with a dragged one, metres; 0: not at all. */
  const soft_m = ref(0)
  /** What Tab has come to on the map. */
  const walked = ref<CellId | null>(null)
  /** The last that pointed was a finger: no keys, larger targets, words for hands. */
  const touch = ref(typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches)
  /** One finger draws a line instead of moving the map. */
  const freehand = ref(false)
  const box = shallowRef<Box | null>(null)
  const zoom = ref(12)

  const level = computed(() => store.coverage?.level ?? 0)
  const cell = computed(() => {
    const id = selected.value
    return id !== null && store.coverage?.cells.has(id) ? id : null
  })
  const gap = computed(() => {
    const at = gapAt.value
    return (at && store.gaps.find((each) => contains(each.polygon, at))) ?? null
  })
  const vertexHandle = computed(() => {
    const [coverage, at] = [store.coverage, vertex.value]
    const found = coverage && at && vertexAt(coverage, at)
    return found ? { ...found, at, arc: found.arc } : null
  })
  const stretchHandle = computed(() => {
    const [coverage, place] = [store.coverage, stretch.value]
    return coverage && place ? stretchAt(coverage, place.from, place.to, place.via) : null
  })
  const arcsOfCell = computed(() => {
    const id = cell.value
    const rings = id === null ? [] : (store.coverage?.cells.get(id)?.polygons.flat(2) ?? [])
    return new Set(rings.map((arc) => (arc < 0 ? ~arc : arc)))
  })

  /** Ends of those arcs: a junction is told with one arc, which may be a neighbour's. */
  const junctionsOfCell = computed(() => {
    const places = new Set<string>()
    for (const id of arcsOfCell.value) {
      const points = store.coverage?.arcs.get(id)?.points
      for (const at of [points?.[0], points?.at(-1)]) if (at) places.add(at.join())
    }
    return places
  })

  /** What can be grabbed now: of the selected cell everything, else only the junctions. */
  const handles = computed((): Handle[] => {
    const { coverage } = store
    if (!coverage || !box.value || !store.mayEdit || tool.value !== 'select' || dragging.value) return []
    const mine = arcsOfCell.value
    const chosen = vertex.value
    const held = stretchHandle.value
    // room for a third point between two others; a finger needs more of it
    const room = (touch.value ? 44 : 24) * degreesPerPixel(zoom.value)
    const shown = handlesOf(coverage, box.value).filter((handle) => {
      if (chosen && handle.kind !== 'mid' && samePlace(handle.at, chosen)) return true
      const arc = coverage.arcs.get(handle.arc)
      if (mine.size && handle.kind === 'node') return junctionsOfCell.value.has(handle.at.join())
      if (!arc?.levels.includes(coverage.level)) return false
      if (!mine.size) return handle.kind === 'node' && !handle.fixed
      if (!mine.has(handle.arc)) return false
      if (handle.kind !== 'mid') return true
      // a stretch in hand is moved as one
      if (held?.arc === handle.arc && handle.index >= held.from && handle.index < held.to) return false
      const [a, b] = [arc.points[handle.index], arc.points[handle.index + 1]]
      if (handle.fixed || !a || !b) return false
      return Math.hypot(a[0] - b[0], (a[1] - b[1]) / Math.cos((a[1] * Math.PI) / 180)) > room
    })
    return shown.length > MOST_HANDLES ? shown.filter((handle) => handle.kind === 'node').slice(0, MOST_HANDLES) : shown
  })

  /** Lets go of whatever is in hand; the selected cell stays. */
  function letGo(): void {
    sketch.value = EMPTY_SKETCH
    picked.value = []
    gapAt.value = null
    redrawing.value = false
    store.refusal = null
  }

  /** Takes the last point back. @returns whether there was one */
  function dropPoint(): boolean {
    if (!sketch.value.points.length) return false
    sketch.value = withoutLast(sketch.value)
    return true
  }

  function take(next: ToolName): void {
    // a tool is not changed in the middle of its work
    if (dragging.value) return
    letGo()
    vertex.value = null
    stretch.value = null
    freehand.value = false
    const keeps = cell.value
    tool.value = next
    if (keeps !== null && (next === 'merge' || next === 'give')) picked.value = [keeps]
  }

  function select(id: CellId | null): void {
    if (selected.value !== id) {
      vertex.value = null
      stretch.value = null
      redrawing.value = false
    }
    selected.value = id
  }

  /** Puts one thing away. @returns whether there was something. */
  function putAway(): boolean {
    if (sketch.value.points.length || sketch.value.lines.length) {
      // what was picked before stays
      sketch.value = dropped(sketch.value)
      store.refusal = null
    } else if (redrawing.value || picked.value.length || gapAt.value) letGo()
    else if (tool.value !== 'select') take('select')
    else if (stretch.value || vertex.value) {
      stretch.value = null
      vertex.value = null
    } else if (selected.value !== null) select(null)
    else return false
    return true
  }

  function reset(): void {
    dragging.value = false
    take('select')
    select(null)
    hovered.value = null
  }

  return {
    tool,
    selected,
    cell,
    hovered,
    vertex,
    stretch,
    picked,
    gapAt,
    gap,
    sketch,
    redrawing,
    dragging,
    soft_m,
    walked,
    touch,
    freehand,
    box,
    zoom,
    level,
    vertexHandle,
    stretchHandle,
    handles,
    letGo,
    dropPoint,
    take,
    select,
    putAway,
    reset,
  }
})

/** Degrees of longitude per pixel at a zoom (512 px tiles, Web Mercator). */
export const degreesPerPixel = (zoom: number): number => 360 / (512 * 2 ** zoom)
