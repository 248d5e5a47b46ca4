import { onScopeDispose, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useNumber } from '../../ui/number'
import { moment } from './cells'
import type { Column } from './columns'
import type { ExportKind } from './exportLedger'
import type { LedgerFilter, LedgerKind, LedgerRow } from './ledger'
import type { useLedger } from './ledgerStore'

/** Beyond this, paper is not what is wanted. */
const MOST_PRINTED = 3_000

interface Inputs {
  kind: LedgerKind
  ledger: ReturnType<typeof useLedger>
  columns: () => readonly Column[]
  filter: () => LedgerFilter
  heading: () => string
  /** Of which grid, in words of a form. */
  unit: () => string
  /** What the filter says besides, in words. */
  conditions: () => string
}

/** 导出 and 打印: exactly what the filter shows, to its last row, with a figure of how far it is and a way to stop. */
export function useOutput(inputs: Inputs) {
  const { t } = useI18n()
  const busy = shallowRef<{ words: string } | null>(null)
  const notice = shallowRef('')
  /** Rows on paper, while the printer asks for them. */
  const printed = shallowRef<LedgerRow[] | null>(null)
  let working: AbortController | undefined
  onScopeDispose(() => working?.abort())
  const n = useNumber()
  const today = () => moment(new Date().toISOString()).slice(0, 10)

  async function gather(words: string, whole?: boolean): Promise<{ rows: LedgerRow[]; signal: AbortSignal } | null> {
    working?.abort()
    const control = new AbortController()
    working = control
    notice.value = ''
    const tell = (done: number, of: number) => {
      busy.value = { words: t(words, { n: n(done), of: n(of) }) }
    }
    tell(0, inputs.ledger.total.value ?? 0)
    const found = await inputs.ledger.all(control.signal, tell, whole)
    if (control.signal.aborted) return null
    if (found.ok) return { rows: found.data, signal: control.signal }
    busy.value = null
    notice.value = t('ledgers.exportFailed', { why: found.error.message })
    return null
  }

  async function save(as: ExportKind): Promise<void> {
    const form = as === 'daily' || as === 'key'
    const found = await gather('ledgers.exporting', form || inputs.columns().some(({ full }) => full))
    if (!found) return
    busy.value = { words: t('ledgers.writing') }
    const { makeExport, download } = await import('./exportLedger')
    const { from, to } = inputs.filter()
    try {
      const file = await makeExport(
        as,
        {
          kind: inputs.kind,
          columns: inputs.columns(),
          rows: found.rows,
          heading: inputs.heading(),
          about: { unit: inputs.unit(), conditions: inputs.conditions(), from, to, today: today() },
          t,
          zh: (key) => t(key, {}, { locale: 'zh-CN' }),
        },
        found.signal,
      )
      if (found.signal.aborted) return
      download(file.name, file.bytes, file.type)
      notice.value = t('ledgers.exported', { n: n(found.rows.length) })
    } catch (reason) {
      if (found.signal.aborted) return
      notice.value = t('ledgers.exportFailed', { why: reason instanceof Error ? reason.message : String(reason) })
    }
    busy.value = null
  }

  async function print(): Promise<void> {
    if ((inputs.ledger.total.value ?? 0) > MOST_PRINTED) {
      notice.value = t('ledgers.printTooMany', { n: n(MOST_PRINTED) })
      return
    }
    const found = await gather('ledgers.printing')
    busy.value = null
    if (found) printed.value = found.rows
  }

  function stop(): void {
    working?.abort()
    busy.value = null
    notice.value = t('ledgers.exportStopped')
  }

  return { busy, notice, printed, save, print, stop }
}
