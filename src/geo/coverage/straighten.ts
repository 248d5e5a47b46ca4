import { replaceStretch } from './stretch'
import type { Coverage, Edit } from './types'

/** Makes a border straight between two of its vertices. Reasons: FIXED, NO_SUCH_VERTEX, ZERO_AREA. */
export const straighten = (coverage: Coverage, arc: number, from: number, to: number): Edit =>
  replaceStretch(coverage, arc, from, to, () => [])
