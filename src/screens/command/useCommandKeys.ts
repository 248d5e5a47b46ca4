import { useEventListener } from '@vueuse/core'
import { neighbour } from '../../features/command/command'
import type { CommandLink } from '../../features/command/commandLink'
import { useShortcuts } from '../../ui/shortcuts'

interface Deeds {
  sectors(): readonly { id: number }[]
  grids(): readonly { id: number; code: string }[]
  link(): CommandLink
  months(): { today: string }
  chooseSector(id: number): void
  chooseGrid(code: string): void
  /** Null: now. */
  chooseMonth(on: string | null): void
  home(): void
  back(): void
  full(): void
  briefing(): void
  tour(): void
  picture(): void
}

/** The month before or after one (`2026-01`); null for the running one and what is to come. */
export function monthBeside(month: string, by: 1 | -1, today: string): string | null {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const next = new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
  return next >= today.slice(0, 7) ? null : next
}

/**
 * The keyboard of the command screen: a wall has no pointer. Arrows walk through the rankings, Esc takes a step back.
 * @param t the words for the list of keys, under command.key
 */
export function useCommandKeys(deeds: Deeds, t: (key: string) => string): void {
  const label = (word: string) => () => t(`command.key.${word}`)
  const sector = (by: 1 | -1) => {
    const next = neighbour(deeds.sectors(), deeds.link().sector, by)
    if (next) deeds.chooseSector(next.id)
  }
  let walked: { code: string; id: number } | null = null
  const grid = (by: 1 | -1) => {
    // the ranking of what is above stays while one walks through it
    const rows = deeds.grids()
    if (rows.length)
      siblings = rows.some(({ code }) => siblings.some((each) => each.code === code)) || !walked ? rows : siblings
    const next = neighbour(siblings, walked?.id ?? null, by)
    if (!next) return
    walked = next
    deeds.chooseGrid(next.code)
  }
  let siblings: readonly { id: number; code: string }[] = []
  const month = (by: 1 | -1) => {
    const { today } = deeds.months()
    const { on } = deeds.link()
    if (by > 0 && on === null) return
    deeds.chooseMonth(monthBeside(on?.slice(0, 7) ?? today.slice(0, 7), by, today))
  }
  useShortcuts([
    // arrows are not matched by their name: see below; here for the list
    { keys: '↓', label: label('sectorDown'), run: () => sector(1) },
    { keys: '↑', label: label('sectorUp'), run: () => sector(-1) },
    { keys: '→', label: label('gridNext'), run: () => grid(1) },
    { keys: '←', label: label('gridBack'), run: () => grid(-1) },
    { keys: '[', label: label('monthBack'), run: () => month(-1) },
    { keys: ']', label: label('monthNext'), run: () => month(1) },
    { keys: 'h', label: label('home'), run: deeds.home },
    { keys: 'f', label: label('full'), run: deeds.full },
    { keys: 'b', label: label('briefing'), run: deeds.briefing },
    { keys: 's', label: label('snapshot'), run: deeds.picture },
    { keys: 't', label: label('tour'), run: deeds.tour },
  ])
  const arrows: Record<string, () => void> = {
    ArrowDown: () => sector(1),
    ArrowUp: () => sector(-1),
    ArrowRight: () => grid(1),
    ArrowLeft: () => grid(-1),
  }
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (document.querySelector('dialog[open]')) return
    // the map moves by arrows while it has the focus
    const own = event.target instanceof Element && event.target.closest('canvas, input, select, textarea')
    if (event.key === 'Escape') deeds.back()
    else if (!own && arrows[event.key]) {
      event.preventDefault()
      arrows[event.key]?.()
    }
  })
}
