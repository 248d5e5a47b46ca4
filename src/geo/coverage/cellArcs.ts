import type { Cell } from './types'

/** Numbers of the arcs around a cell, each once. */
export const arcsOf = (cell: Cell): number[] => [...new Set(cell.polygons.flat(2).map((ref) => (ref < 0 ? ~ref : ref)))]
