// How far a drawing has come: what the bars for mouse and fingers have in common.
import { computed } from 'vue'
import { useDesk } from './deskStore'
import { isSketchTool, SKETCHES } from './tools/sketchTool'

export function useSketchState() {
  const desk = useDesk()
  const enough = computed(
    () => isSketchTool(desk.tool) && desk.sketch.points.length >= SKETCHES[desk.tool].least && !desk.sketch.done,
  )
  return {
    /** What is drawn or picked is enough to be done. */
    canFinish: computed(() => enough.value || (desk.tool === 'merge' && desk.picked.length > 1)),
    /** Something can be put away. */
    busy: computed(
      () => desk.sketch.points.length > 0 || desk.picked.length > 0 || desk.redrawing || desk.gap !== null,
    ),
  }
}
