// One step back and forth: of what is being drawn first, then of what has been done.
import { computed } from 'vue'
import { useBoundaries } from './boundaryStore'
import { useDesk } from './deskStore'
import { stepBack, stepForth } from './tools/sketching'
import { isSketchTool } from './tools/sketchTool'

export function useSteps() {
  const store = useBoundaries()
  const desk = useDesk()
  const drawing = () => isSketchTool(desk.tool) && desk.sketch.points.length > 0
  const back = computed(() => (isSketchTool(desk.tool) ? stepBack(desk.sketch) : null))
  const forth = computed(() => (isSketchTool(desk.tool) ? stepForth(desk.sketch) : null))

  function undo(): void {
    if (desk.dragging) return
    if (back.value) {
      desk.sketch = back.value
      store.refusal = null
    } else if (!drawing()) store.undo()
  }
  function redo(): void {
    if (desk.dragging) return
    if (forth.value) desk.sketch = forth.value
    else if (!drawing()) store.redo()
  }

  return {
    undo,
    redo,
    canUndo: computed(() => back.value !== null || (!drawing() && store.canUndo)),
    canRedo: computed(() => forth.value !== null || (!drawing() && store.canRedo)),
  }
}
