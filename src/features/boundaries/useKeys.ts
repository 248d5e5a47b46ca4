// The editor by keyboard: tools by letter, arrows that nudge, and the keys every drawing program has.
import { useEventListener } from '@vueuse/core'
import type { Position } from '../../geo/coverage/types'
import { useShortcuts } from '../../ui/shortcuts'
import { useBoundaries } from './boundaryStore'
import { TOOL_KEYS, TOOLS, useDesk } from './deskStore'
import { makeHandwork } from './tools/handwork'
import { makeNudge } from './tools/nudge'
import { withoutLast } from './tools/sketching'
import { isSketchTool, SKETCHES } from './tools/sketchTool'
import { nextReach } from './tools/softReach'
import { useSteps } from './useSteps'

export interface KeyActions {
  t: (key: string) => string
  finish: () => void
  save: () => void
  /** Breaks off a drag; whether there was one. */
  abortDrag: () => boolean
  busy: () => boolean
  /** Brings a place that is out of sight into sight. */
  look: (at: Position) => void
  /** Shows everything, or goes nearer by so many levels. */
  whole: () => void
  zoomBy: (step: number) => void
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}
/** With and without Shift, and as a Chinese keyboard writes them. */
const [NEXT, BEFORE] = [
  ['.', '>', '。', '》'],
  [',', '<', '，', '《'],
]
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Listens while the caller's scope lives. */
export function useKeys({ t, finish, save, abortDrag, busy, look, whole, zoomBy }: KeyActions): void {
  const store = useBoundaries()
  const desk = useDesk()
  const { undo, redo } = useSteps()
  const nudge = makeNudge(store, desk)
  const hands = makeHandwork(store, desk, look)

  useShortcuts([
    ...TOOLS.map((tool) => ({
      keys: TOOL_KEYS[tool],
      label: () => t(`boundaries.tool.${tool}`),
      run: () => {
        if (store.mayEdit || tool === 'select' || tool === 'measure') desk.take(tool)
      },
    })),
    // told here, done below: these are no plain letters
    { keys: 'Ctrl Z', label: () => t('boundaries.undo'), run: () => {} },
    { keys: 'Ctrl Y', label: () => t('boundaries.redo'), run: () => {} },
    { keys: 'Ctrl S', label: () => t('boundaries.save'), run: () => {} },
    { keys: 'Del', label: () => t('boundaries.vertex.delete'), run: () => {} },
    { keys: '← ↑ → ↓', label: () => t('boundaries.nudge'), run: () => {} },
    { keys: '. ,', label: () => t('boundaries.keys.vertices'), run: () => {} },
    { keys: 'Shift .', label: () => t('boundaries.keys.stretch'), run: () => {} },
    { keys: 'I', label: () => t('boundaries.keys.insert'), run: () => {} },
    { keys: '] [', label: () => t('boundaries.keys.soft'), run: () => {} },
    { keys: '␣', label: () => t('boundaries.keys.point'), run: () => {} },
    { keys: 'Enter', label: () => t('boundaries.finish'), run: () => {} },
    { keys: '+ −', label: () => t('boundaries.keys.zoom'), run: () => {} },
    { keys: 'Home', label: () => t('boundaries.whole'), run: whole },
  ])

  /** One pixel, ten with Shift, a tenth with Alt; the cross of a drawing goes in larger steps. */
  function arrow([dx, dy]: [number, number], event: KeyboardEvent): boolean {
    if (hands.drawing()) {
      const step = event.shiftKey ? 48 : event.altKey ? 1 : 8
      return hands.moveCross([dx * step, dy * step])
    }
    const step = event.shiftKey ? 10 : event.altKey ? 0.1 : 1
    return nudge([dx * step, dy * step], event.timeStamp)
  }

  function remove(): boolean {
    if (isSketchTool(desk.tool) && desk.sketch.points.length) {
      desk.sketch = withoutLast(desk.sketch)
      return true
    }
    if (!store.mayEdit || desk.tool !== 'select') return false
    if (desk.vertex) {
      if (store.run({ op: 'delete', at: desk.vertex })) desk.vertex = null
      return true
    }
    if (desk.cell === null) return false
    desk.take('retire')
    return true
  }

  function done(): boolean {
    // what Tab has come to is picked first: the map does that
    if (desk.tool === 'merge' && desk.walked !== null && !desk.picked.includes(desk.walked)) return false
    const enough =
      (isSketchTool(desk.tool) && desk.sketch.points.length >= SKETCHES[desk.tool].least) ||
      (desk.tool === 'merge' && desk.picked.length > 1)
    if (enough && !desk.sketch.done) finish()
    return enough
  }

  function zoom(step: number): boolean {
    zoomBy(step)
    return true
  }

  function soften(way: 1 | -1): boolean {
    if (!store.mayEdit || desk.tool !== 'select') return false
    desk.soft_m = nextReach(desk.soft_m, way)
    return true
  }

  function handle(event: KeyboardEvent): boolean {
    const { key } = event
    // what is dragged is settled first: only its reach can be changed, or it is broken off
    if (desk.dragging) {
      if (key === 'Escape') abortDrag()
      else if (key === ']' || key === '[') soften(key === ']' ? 1 : -1)
      return true
    }
    if (event.ctrlKey || event.metaKey) {
      const letter = key.toLowerCase()
      if (busy()) return letter === 's'
      if (letter === 'z') event.shiftKey ? redo() : undo()
      else if (letter === 'y') redo()
      else if (letter === 's') save()
      else return false
      return true
    }
    const way = ARROWS[key]
    if (way) return arrow(way, event)
    if (event.altKey) return false
    const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, [role=option]') !== null
    if (key === ' ') return !onButton && hands.putPoint()
    if (NEXT.includes(key)) return hands.walkVertices(1, event.shiftKey)
    if (BEFORE.includes(key)) return hands.walkVertices(-1, event.shiftKey)
    if (key === 'i' || key === 'I') return hands.insertVertex()
    if (key === ']' || key === '[') return soften(key === ']' ? 1 : -1)
    if (key === '+' || key === '=' || key === '-') return zoom(key === '-' ? -1 : 1)
    if (key === 'Delete' || key === 'Backspace') return remove()
    if (key === 'Enter') return onButton ? false : done()
    if (key === 'Escape') return abortDrag() || desk.putAway()
    return false
  }

  // Before the map, which pans by arrows.
  useEventListener(
    window,
    'keydown',
    (event: KeyboardEvent) => {
      if (event.defaultPrevented || typing(event.target) || document.querySelector('dialog[open]')) return
      if (!handle(event)) return
      event.preventDefault()
      event.stopPropagation()
    },
    { capture: true },
  )
}
