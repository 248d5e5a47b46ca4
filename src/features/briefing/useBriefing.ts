import { ref } from 'vue'
import { usePart } from '../../db/part'
import { type Result, rpc } from '../../db/rpc'
import { download } from '../../map/poster'
import { type Refusal, refused } from '../../map/refusal'
import { loadPrintFont, PRINT_FONT } from '../../ui/printFont'
import type { Briefing } from './briefing'
import { A4, briefingSheets } from './briefingSheet'
import { type BriefingDocument, type Run, textOf } from './document'

async function ask(grid: number | null, sector: string | null, from: string, to: string): Promise<Result<Briefing>> {
  const answer = await rpc<Briefing | Refusal>(
    'risk_briefing',
    { p_grid: grid, p_sector: sector, p_from: from, p_to: to },
    { retry: true },
  )
  if (!answer.ok) return answer
  return answer.data.status === 'ok'
    ? { ok: true, data: answer.data as Briefing }
    : { ok: false, error: refused(answer.data as Refusal) }
}

/** The figures of a briefing: of what was asked last, or none. A paper of something else would be printed unseen. */
export const useBriefing = () =>
  usePart<Briefing | null, [number | null, string | null, string, string]>(null, ask, ref(false))

/** What a browser measures with the typeface of the paper; ems. */
function measurer(): (words: string, weight: 400 | 700) => number {
  const context = document.createElement('canvas').getContext('2d')
  const known = new Map<string, number>()
  return (words, weight) => {
    const key = `${weight}${words}`
    const found = known.get(key)
    if (found !== undefined) return found
    if (context) context.font = `${weight} 100px ${PRINT_FONT}`
    const width = (context?.measureText(words).width ?? words.length * 100) / 100
    known.set(key, width)
    return width
  }
}

/** The ways a briefing leaves the screen. */
export function useBriefingOutput(options: {
  document: () => BriefingDocument | null
  locale: () => string
  href: (run: Run) => string | undefined
  pageWords: (n: number, all: number) => string
  sourceWords: () => string
}) {
  const making = ref(false)
  const outcome = ref<'copied' | 'copyFailed' | 'pdfFailed' | null>(null)

  async function pdf(): Promise<void> {
    const briefing = options.document()
    if (!briefing || making.value) return
    making.value = true
    outcome.value = null
    try {
      const locale = options.locale()
      // what is measured must be there before it is
      await loadPrintFont(textOf(briefing, locale))
      const sheets = briefingSheets(briefing, {
        locale,
        measure: measurer(),
        href: options.href,
        pageWords: options.pageWords,
        sourceWords: options.sourceWords(),
      })
      const { paintPdf } = await import('../../ui/sheet/paintPdf')
      const file = await paintPdf(sheets, { size: A4, scale: 1, title: briefing.title })
      if (file)
        download(file, `${briefing.title.replace(/[\\/:*?"<>|]/g, '_')}-${new Date().toLocaleDateString('sv-SE')}.pdf`)
    } catch (cause) {
      console.warn('safegrid: no briefing was made', cause)
      outcome.value = 'pdfFailed'
    } finally {
      making.value = false
    }
  }

  async function copy(): Promise<void> {
    const briefing = options.document()
    if (!briefing) return
    try {
      await navigator.clipboard.writeText(textOf(briefing, options.locale()))
      outcome.value = 'copied'
    } catch {
      outcome.value = 'copyFailed'
    }
  }

  return { making, outcome, pdf, copy }
}
