import { computed, nextTick, ref } from 'vue'
import { download } from '../../map/poster'
import type { Sheet } from '../../ui/sheet/shapes'
import { fileName, type Notice, PAPER_MM, type PaperSize } from './notice'

/** What the sheets are made into; each way says how far it is and can be stopped. */
export function useSheetOutput(sheetOf: (notice: Notice) => Sheet | null) {
  const work = ref<'idle' | 'print' | 'png' | 'pdf'>('idle')
  const done = ref(0)
  const all = ref(0)
  const outcome = ref<{ kind: 'done' | 'stopped' | 'fontFailed' | 'pictureFailed'; n: number } | null>(null)
  const busy = computed(() => work.value !== 'idle')
  let stopped = false

  async function run(
    kind: 'print' | 'png' | 'pdf',
    count: number,
    make: () => Promise<void>,
    otherwise: 'fontFailed' | 'pictureFailed',
  ) {
    if (busy.value) return
    work.value = kind
    done.value = 0
    all.value = count
    outcome.value = null
    stopped = false
    try {
      await make()
      outcome.value = { kind: stopped ? 'stopped' : 'done', n: done.value }
    } catch (cause) {
      console.warn('safegrid: no sheet was made', cause)
      outcome.value = { kind: otherwise, n: done.value }
    } finally {
      work.value = 'idle'
    }
  }

  /** Says how far it is, lets the screen draw, and tells whether to go on. */
  async function step(n: number): Promise<boolean> {
    done.value = n
    await new Promise((resolve) => setTimeout(resolve))
    return !stopped
  }

  const sheetsOf = (notices: readonly Notice[]) => notices.flatMap((notice) => sheetOf(notice) ?? [])

  const png = (notices: readonly Notice[]) =>
    run(
      'png',
      notices.length,
      async () => {
        const { paintPng } = await import('./paint/paintCanvas')
        for (const [i, sheet] of sheetsOf(notices).entries()) {
          download(await paintPng(sheet, 300), fileName(sheet.title, 'png'))
          if (!(await step(i + 1))) return
        }
      },
      'pictureFailed',
    )

  const pdf = (notices: readonly Notice[], paper: PaperSize, title: string) =>
    run(
      'pdf',
      notices.length,
      async () => {
        const { paintPdf } = await import('../../ui/sheet/paintPdf')
        const sheets = sheetsOf(notices)
        const scale = PAPER_MM[paper][0] / PAPER_MM.A3[0]
        const name = sheets.length === 1 ? (sheets[0]?.title ?? title) : '安全生产网格公示牌'
        const file = await paintPdf(sheets, { size: PAPER_MM[paper], scale, title: name }, step)
        if (file) download(file, fileName(title, 'pdf'))
      },
      'fontFailed',
    )

  /** `drawn` counts the sheets that stand on the page; the print dialog opens when all do. */
  const print = (notices: readonly Notice[], drawn: () => number) =>
    run(
      'print',
      notices.length,
      async () => {
        await nextTick()
        while (drawn() < notices.length) if (!(await step(drawn()))) return
        await step(drawn())
        window.print()
      },
      'pictureFailed',
    )

  const stop = () => {
    stopped = true
  }
  return { work, done, all, busy, outcome, png, pdf, print, stop }
}
