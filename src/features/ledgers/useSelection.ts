import { computed, shallowRef } from 'vue'
import type { LedgerRow } from './ledger'

/** The rows that somebody has chosen, by id: they stay chosen while one scrolls elsewhere. */
export function useSelection() {
  const chosen = shallowRef<ReadonlyMap<string, LedgerRow>>(new Map())
  const replace = (rows: Iterable<LedgerRow>) => {
    chosen.value = new Map([...rows].map((row) => [row.id, row]))
  }
  return {
    chosen,
    count: computed(() => chosen.value.size),
    has: (row: LedgerRow) => chosen.value.has(row.id),
    toggle(row: LedgerRow): void {
      const next = new Map(chosen.value)
      if (!next.delete(row.id)) next.set(row.id, row)
      chosen.value = next
    },
    add(rows: Iterable<LedgerRow>): void {
      replace([...chosen.value.values(), ...rows])
    },
    replace,
    clear: () => replace([]),
  }
}
