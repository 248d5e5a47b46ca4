import type { Shape } from './symbols'

/** Risk level: 1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低, 0 nothing to judge. */
export type Level = 0 | 1 | 2 | 3 | 4

export const LEVELS = [1, 2, 3, 4, 0] as const

/** The glyph that stands beside the colour everywhere, on screen and in print. */
export const LEVEL_GLYPH: Record<Level, string> = { 1: '▲', 2: '◆', 3: '■', 4: '●', 0: '○' }
export const LEVEL_SHAPE: Record<Level, Shape> = { 1: 'triangle', 2: 'diamond', 3: 'square', 4: 'circle', 0: 'circle' }

/** Anything to a level; what is not 1..4 is 0. */
export const toLevel = (value: unknown): Level => {
  const level = Number(value)
  return level === 1 || level === 2 || level === 3 || level === 4 ? level : 0
}
