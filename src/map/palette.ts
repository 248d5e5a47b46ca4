// The colours of the map come from the tokens of the page, so that there is one place to change them.

export type Theme = 'light' | 'dark'

export interface Palette {
  theme: Theme
  /** Index is the level: 0 not judged, 1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低. */
  risk: [string, string, string, string, string]
  accent: string
  text: string
  text2: string
  surface: string
  line: string
  /** How large letters and symbols are: 1 at a desk, more on a wall that is read from across the room. */
  scale: number
}

const RISK = ['#c3cacc', '#e63031', '#f48400', '#f1dd00', '#00b0f0'] as const

/** What the tokens say where no page is there to ask (tests), and should one of them be missing. */
export const FALLBACK: Record<Theme, Palette> = {
  light: {
    theme: 'light',
    risk: [...RISK],
    accent: '#0f8b8d',
    text: '#182225',
    text2: '#536166',
    surface: '#ffffff',
    line: '#b9c4c7',
    scale: 1,
  },
  dark: {
    theme: 'dark',
    risk: ['#4a5559', RISK[1], RISK[2], RISK[3], RISK[4]],
    accent: '#35c2c4',
    text: '#e7edee',
    text2: '#a7b5ba',
    surface: '#182023',
    line: '#46555b',
    scale: 1,
  },
}

/** Reads the palette of the theme shown now. */
export function readPalette(theme: Theme): Palette {
  const base = FALLBACK[theme]
  if (typeof document === 'undefined') return base
  const style = getComputedStyle(document.documentElement)
  const token = (name: string, fallback: string) => style.getPropertyValue(`--sg-${name}`).trim() || fallback
  return {
    theme,
    risk: base.risk.map((colour, level) => token(`risk-${level}`, colour)) as Palette['risk'],
    accent: token('accent', base.accent),
    text: token('text', base.text),
    text2: token('text-2', base.text2),
    surface: token('surface', base.surface),
    line: token('line-strong', base.line),
    scale: wallScale(),
  }
}

/** From this width in CSS pixels a screen is a wall; the panels grow with it (mapScreen.css). */
export const WALL = '(min-width: 2560px)'
const wallScale = (): number => (globalThis.matchMedia?.(WALL).matches ? 1.6 : 1)

/** The theme that the page is in. */
export const currentTheme = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light')

/** `#rrggbb` with an opacity of 0..1 as a CSS colour; any other notation is returned as it is. */
export function withAlpha(colour: string, alpha: number): string {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  if (!match) return colour
  const [r, g, b] = match.slice(1).map((part) => Number.parseInt(part, 16))
  return `rgba(${r},${g},${b},${alpha})`
}
