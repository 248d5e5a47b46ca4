import { nextTick, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { LayerStates } from '../../features/layers/layer'
import type { Palette } from '../../map/palette'

/** 导出图片: the map with title, date, legend and source, as a PNG. */
export function useMapExport(options: {
  snapshot: () => Promise<HTMLCanvasElement | undefined>
  /** Name of what is shown. */
  name: () => string
  date: () => Date
  /** The past day that the picture is of, `YYYY-MM-DD`; null: of now. */
  day: () => string | null
  palette: () => Palette
  ground: () => string
  layers: () => LayerStates
  font: string
}) {
  const { t, locale } = useI18n()
  /** While it is true the map draws itself as it is to be printed: the worst levels hatched. */
  const exporting = ref(false)
  const failed = ref(false)

  async function run(): Promise<void> {
    exporting.value = true
    failed.value = false
    await nextTick()
    const parts = await Promise.all([import('../../map/poster'), import('./posterKeys')]).catch(() => null)
    if (!parts) {
      exporting.value = false
      failed.value = true
      return
    }
    const [{ composePoster, download }, { posterLegend, posterTitle }] = parts
    const [when, day] = [options.date(), options.day()]
    const picture = await options.snapshot()
    const title = posterTitle(options.layers(), options.name(), t)
    const blob =
      picture &&
      (await composePoster(
        picture,
        {
          title,
          subtitle: day
            ? t('map.ofDay', {
                day: new Intl.DateTimeFormat(locale.value, { dateStyle: 'full', timeZone: 'UTC' }).format(
                  new Date(day),
                ),
              })
            : t('map.asOf', {
                time: new Intl.DateTimeFormat(locale.value, { dateStyle: 'full', timeStyle: 'short' }).format(when),
              }),
          legend: posterLegend(options.layers(), options.palette(), t),
          source: t('map.posterSource', { ground: options.ground() }),
        },
        options.font,
      ))
    exporting.value = false
    failed.value = !blob
    const date = day ?? when.toLocaleDateString('sv-SE') // yyyy-mm-dd, which sorts
    if (blob) download(blob, `${title.replaceAll(' ', '-')}-${date}.png`)
  }
  return { exporting, failed, run }
}
