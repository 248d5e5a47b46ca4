import { useI18n } from 'vue-i18n'
import { formatNumber } from '../../ui/number'

/** Names of the basic data, and their values as one reads them. */
export function useFieldWords() {
  const { t, te, locale } = useI18n()
  return {
    fieldName: (field: string) => (te(`portrait.field.${field}`) ? t(`portrait.field.${field}`) : field),
    fieldValue(field: string, value: string): string {
      if (field === 'scale' || field === 'status') {
        return te(`enterprises.${field}.${value}`) ? t(`enterprises.${field}.${value}`) : value
      }
      return field === 'employees' && /^\d+$/.test(value)
        ? t('portrait.people', { n: formatNumber(Number(value), locale.value) })
        : value
    },
  }
}
