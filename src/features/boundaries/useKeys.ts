// The editor by keyboard: tools by letter, arrows that nudge, and the keys every drawing program has.
import { useEventListener } from '@vueuse/core'
import { useShortcuts } from '../../ui/shortcuts'
import { useBoundaries } from './boundaryStore'
import { degreesPerPixel, TOOL_KEYS, TOOLS, useDesk } from './deskStore'
import { vertexNear } from './locate'
import { isSketchTool, SKETCHES } from './tools/sketchTool'

export interface KeyActions {
  t: (key: string) => string
  finish: () => void
  save: () => void
  /** Breaks off a drag; whether there was one. */
  abortDrag: () => boolean
  busy: () => boolean
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Listens while the caller's scope lives. */
export function useKeys({ t, finish, save, abortDrag, busy }: KeyActions): void {
  const store = useBoundaries()
  const desk = useDesk()

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
    { keys: 'Enter', label: () => t('boundaries.finish'), run: () => {} },
  ])

  /** One pixel, ten with Shift, a tenth with Alt. */
  function nudge([dx, dy]: [number, number], event: KeyboardEvent): boolean {
    const from = desk.vertex
    if (!from || !store.mayEdit || desk.tool !== 'select') return false
    const step = degreesPerPixel(desk.zoom) * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1)
    const round = (value: number) => Math.round(value * 1e7) / 1e7
    const high = step * Math.cos((from[1] * Math.PI) / 180)
    const to: [number, number] = [round(from[0] + dx * step), round(from[1] + dy * high)]
    if (store.run({ op: 'move', from, to }) && store.coverage) desk.vertex = vertexNear(store.coverage, to, step * 24)
    return true
  }

  function remove(): boolean {
    if (isSketchTool(desk.tool) && desk.sketch.points.length) {
      desk.sketch = { ...desk.sketch, points: desk.sketch.points.slice(0, -1), done: false }
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
    const enough =
      (isSketchTool(desk.tool) && desk.sketch.points.length >= SKETCHES[desk.tool].least) ||
      (desk.tool === 'merge' && desk.picked.length > 1)
    if (enough && !desk.sketch.done) finish()
    return enough
  }

  function handle(event: KeyboardEvent): boolean {
    const { key } = event
    if (event.ctrlKey || event.metaKey) {
      const letter = key.toLowerCase()
      if (busy()) return letter === 's'
      if (letter === 'z') event.shiftKey ? store.redo() : store.undo()
      else if (letter === 'y') store.redo()
      else if (letter === 's') save()
      else return false
      return true
    }
    const arrow = ARROWS[key]
    if (arrow) return nudge(arrow, event)
    if (key === 'Delete' || key === 'Backspace') return remove()
    if (key === 'Enter') return event.target instanceof HTMLButtonElement ? false : done()
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
