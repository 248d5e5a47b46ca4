// One tool for the map, whichever is in hand: the map is told once.
import type { MapTool } from '../../../map/pointer'
import type { Bench } from './bench'
import { pickTool } from './pickTool'
import { selectTool } from './selectTool'
import { isSketchTool, sketchTool } from './sketchTool'

export function toolbox(bench: Bench, finish: () => void): MapTool {
  const [select, sketch, pick] = [selectTool(bench), sketchTool(bench, finish), pickTool(bench)]
  const now = (): MapTool => {
    if (!bench.store.mayEdit && bench.desk.tool !== 'measure') return select
    if (bench.desk.tool === 'select') return select
    return isSketchTool(bench.desk.tool) ? sketch : pick
  }
  return {
    down: (pointer) => now().down(pointer),
    drag: (pointer) => now().drag(pointer),
    drop: (pointer) => now().drop(pointer),
    cancel: () => now().cancel(),
    click: (pointer) => now().click(pointer),
    doubleClick: (pointer) => now().doubleClick(pointer),
    hover: (pointer) => now().hover(pointer),
    longPress: (pointer) => now().longPress(pointer),
  }
}
