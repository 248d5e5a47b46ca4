import type { Column } from './columns'
import type { EnterpriseRow, HazardRow, LedgerKind, LedgerRow } from './ledger'

/** What turns codes into words: vue-i18n's `t`, handed in so that this stays pure. */
export type Translate = (key: string) => string

/** A moment as `2026-11-21 14:05` in Beijing time, which sorts as text and reads the same everywhere. */
export function moment(iso: string | null): string {
  if (!iso) return ''
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}

/** The text of one cell, the same on the screen, in the export and in print. */
export function cellText(kind: LedgerKind, row: LedgerRow, key: string, t: Translate): string | number {
  if (kind === 'enterprises') {
    const enterprise = row as EnterpriseRow
    if (key === 'risk_level') return t(`ledgers.riskLevel.${enterprise.risk_level ?? 0}`)
    if (key === 'scale') return t(`ledgers.scale.${enterprise.scale}`)
    if (key === 'status') return t(`ledgers.enterpriseStatus.${enterprise.status}`)
    if (key === 'grid') return enterprise.grid ?? t('ledgers.unclaimed')
    return (enterprise[key as keyof EnterpriseRow] ?? '') as string | number
  }
  const hazard = row as HazardRow
  if (key === 'severity') return t(`ledgers.severity.${hazard.severity}`)
  if (key === 'state') return t(`ledgers.state.${hazard.state}`)
  if (key === 'source') return t(`ledgers.source.${hazard.source}`)
  if (key === 'overdue') return t(hazard.overdue ? 'ledgers.yes' : 'ledgers.no')
  if (key === 'grid') return hazard.grid ?? t('ledgers.unclaimed')
  if (key === 'listed_level') return hazard.listed_level ? t(`ledgers.listedLevel.${hazard.listed_level}`) : ''
  if (key === 'funds_spent')
    return hazard.funds_spent === null || hazard.funds_spent === undefined ? '' : Number(hazard.funds_spent)
  if (key === 'found_at' || key === 'due_at' || key === 'closed_at') return moment(hazard[key])
  return (hazard[key as keyof HazardRow] ?? '') as string
}

/** Header and body of an export: exactly the given rows and columns. */
export function exportTable(kind: LedgerKind, columns: readonly Column[], rows: readonly LedgerRow[], t: Translate) {
  return {
    columns: columns.map(({ key, width }) => ({ title: t(`ledgers.column.${key}`), width })),
    rows: rows.map((row) => columns.map(({ key }) => cellText(kind, row, key, t))),
  }
}

/** Rows as a spreadsheet takes them from the clipboard: tabs and line breaks inside a cell would tear it apart. */
export function tabbed(kind: LedgerKind, columns: readonly Column[], rows: readonly LedgerRow[], t: Translate): string {
  const clean = (value: string | number) => String(value).replace(/[\t\r\n]+/g, ' ')
  const lines = rows.map((row) => columns.map(({ key }) => clean(cellText(kind, row, key, t))).join('\t'))
  return [columns.map(({ key }) => t(`ledgers.column.${key}`)).join('\t'), ...lines].join('\n')
}
