// Pointing at grids: which to merge (合并), which gap to fill (补盲), which to retire (撤销).
import { contains } from '../../../geo/contains'
import type { MapTool, Pointer } from '../../../map/pointer'
import type { Bench } from './bench'
import { choosable, pick } from './choosing'
import { cellAt } from './reach'

export function pickTool(bench: Bench): MapTool {
  const { store, desk } = bench

  const gapUnder = (pointer: Pointer) => store.gaps.find((gap) => contains(gap.polygon, pointer.at)) ?? null

  function click(pointer: Pointer): void {
    const { coverage } = store
    if (!coverage) return
    const id = cellAt(coverage, store.shapes, pointer.at)
    if (desk.tool === 'fill') {
      const gap = gapUnder(pointer)
      if (gap) desk.gapAt = pointer.at
      else if (id !== null && desk.gapAt && store.run({ op: 'fill', gap: desk.gapAt, into: id })) {
        desk.gapAt = null
        desk.select(id)
      }
      return
    }
    if (id === null) return
    if (desk.tool === 'merge') pick(store, desk, id)
    else desk.select(id)
  }

  function hover(pointer: Pointer | null): string {
    const { coverage } = store
    const id = pointer && coverage ? cellAt(coverage, store.shapes, pointer.at) : null
    const barred = id !== null && coverage !== null && choosable(coverage, desk.tool, desk.picked)?.has(id) === false
    desk.hovered = barred ? null : id
    if (barred) return 'not-allowed'
    return desk.hovered !== null || (pointer && desk.tool === 'fill' && gapUnder(pointer)) ? 'pointer' : ''
  }

  const nothing = () => {}
  return {
    down: () => false,
    drag: nothing,
    drop: nothing,
    cancel: nothing,
    click,
    doubleClick: nothing,
    hover,
    longPress: click,
  }
}
