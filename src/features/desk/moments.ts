import { useIntervalFn } from '@vueuse/core'
import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { clockSpan, secondsSince } from './desk'

// A desk is read where the county is: what it says of days and hours is Beijing time, as in the figures.
const ZONE = 'Asia/Shanghai'

/** The words of the desk for moments and spans; `now` ticks every second by the server's clock. */
export function useMoments(skew: () => number) {
  const { t, locale } = useI18n()
  const tick = ref(Date.now())
  useIntervalFn(() => {
    tick.value = Date.now()
  }, 1_000)
  const now = computed(() => tick.value + skew())
  const format = (options: Intl.DateTimeFormatOptions) =>
    computed(() => new Intl.DateTimeFormat(locale.value, { timeZone: ZONE, hourCycle: 'h23', ...options }))
  const full = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const short = format({ hour: '2-digit', minute: '2-digit' })
  const dayed = format({ month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  const date = format({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' })

  const span = (seconds: number): string => {
    const { text, days } = clockSpan(seconds)
    return days ? t('desk.days', { n: days }) : text
  }
  /** 14:03 of today; with the day when it was another. */
  const at = (iso: string | number): string => {
    const moment = new Date(iso)
    return Math.abs(now.value - moment.getTime()) < 18 * 3_600_000
      ? short.value.format(moment)
      : dayed.value.format(moment)
  }
  return {
    /** Milliseconds since 1970, by the server's clock. */
    now,
    /** The same by this page's clock. */
    tick,
    clock: computed(() => full.value.format(now.value)),
    today: computed(() => date.value.format(now.value)),
    exact: (moment: string | number | Date) => full.value.format(new Date(moment)),
    at,
    span,
    age: (iso: string) => span(secondsSince(iso, now.value)),
  }
}

export type Moments = ReturnType<typeof useMoments>
