// What fingers need beside the tools: a finger has no Shift, so freehand drawing is switched on.
import type { MapTool, Pointer } from '../../map/pointer'
import type { useDesk } from './deskStore'
import { isSketchTool } from './tools/sketchTool'

/** @param tool the tool in hand, which knows nothing of fingers but their reach */
export function touchTool(tool: MapTool, desk: ReturnType<typeof useDesk>): MapTool {
  const told = (pointer: Pointer): void => {
    if (desk.touch !== pointer.touch) desk.touch = pointer.touch
  }
  const drawing = (pointer: Pointer): Pointer =>
    pointer.touch && desk.freehand && isSketchTool(desk.tool) ? { ...pointer, shift: true } : pointer

  return {
    ...tool,
    down: (pointer) => {
      told(pointer)
      return tool.down(drawing(pointer))
    },
    drag: (pointer) => tool.drag(drawing(pointer)),
    drop: (pointer) => tool.drop(drawing(pointer)),
    hover: (pointer) => {
      if (pointer) told(pointer)
      return tool.hover(pointer)
    },
    // a finger that rests while it draws freehand means nothing else
    longPress: (pointer) => {
      if (!(desk.freehand && isSketchTool(desk.tool))) tool.longPress(pointer)
    },
  }
}
