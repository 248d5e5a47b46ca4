import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { LedgerFilter, LedgerKind } from './ledger'

interface Asked {
  kind: LedgerKind
  filter: LedgerFilter
  sectors: readonly { id: number; name: string }[]
  categories: readonly { id: number; name: string }[]
}

/** What a filter says, in words, for paper: nobody shall take a part for the whole. The grid stands in the heading. */
export function useConditions(asked: () => Asked) {
  const { t } = useI18n()
  const range = (name: string, from: string | undefined, to: string | undefined) =>
    from || to
      ? t('ledgers.dayRange', {
          name: t(`ledgers.column.${name}`),
          from: from ?? t('ledgers.someday'),
          to: to ?? t('ledgers.someday'),
        })
      : ''
  return computed(() => {
    const { kind, filter, sectors, categories } = asked()
    const hazards = kind === 'hazards'
    const states = filter.status?.map((word) =>
      t(hazards ? `ledgers.state.${word}` : `ledgers.enterpriseStatus.${word}`),
    )
    return [
      states ? states.join('、') : filter.work ? '' : t(hazards ? 'ledgers.open' : 'ledgers.notClosed'),
      filter.severity ? t(`ledgers.severity.${filter.severity}`) : '',
      (filter.level ?? []).map((level) => t(`ledgers.riskLevel.${level}`)).join('、'),
      sectors
        .filter(({ id }) => filter.sector?.includes(id))
        .map(({ name }) => name)
        .join('、'),
      [{ id: 0, name: t('ledgers.noCategory') }, ...categories]
        .filter(({ id }) => filter.category?.includes(id))
        .map(({ name }) => name)
        .join('、'),
      (filter.source ?? []).map((word) => t(`ledgers.source.${word}`)).join('、'),
      filter.overdue ? t('ledgers.overdueMark') : '',
      filter.mine ? t('ledgers.mine') : '',
      filter.listed ? t('ledgers.listed') : '',
      filter.unclaimed ? t('ledgers.unclaimed') : '',
      filter.acknowledged === undefined ? '' : t(`ledgers.acknowledged.${filter.acknowledged}`),
      (filter.work ?? []).map((word) => t(`ledgers.work.${word}`)).join('、'),
      range('found_at', filter.from, filter.to),
      range('due_at', filter.due_from, filter.due_to),
      range('closed_at', filter.closed_from, filter.closed_to),
      filter.q ? `“${filter.q}”` : '',
    ]
      .filter(Boolean)
      .join('；')
  })
}
